"""The agent's screen works as plain forms, for its agent only, and masks everybody."""

import logging
import re
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from auditapp.store.calls import CallbackRow, ComplaintRow
from auditapp.store.customers import CustomerRow
from auditapp.store.organisation import DepartmentRow
from auditapp.store.people import PersonRow
from auditapp.store.responses import ResponseRow
from auditapp.store.work import EventRow
from call_samples import NOW, draw, make_call_world, make_transaction, phone_of
from desk_world import sign_in

PLAIN = "13812345678"


@pytest.fixture(autouse=True)
def _ten_in_the_morning():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def world(app, session):
    """Return the company with two customers drawn in different halls."""
    world = make_call_world(session)
    vault = app.extensions["phone_vault"]
    make_transaction(session, vault, phone=phone_of(12345678), days_ago=2)
    make_transaction(session, vault, hall_id="SX01", surname="李")
    for name in ("marketing", "security"):
        session.add(DepartmentRow(department_id=name, name_zh=name, name_en=name))
    password_hash = session.get(PersonRow, world.people["cb1"]).password_hash
    session.add(
        PersonRow(
            login="dept",
            role="department",
            name_zh="部门",
            name_en="Dept",
            code="D1",
            region_ids=[],
            department_id="marketing",
            password_hash=password_hash,
        )
    )
    session.commit()
    assert draw(session) == 2
    return world


@pytest.fixture
def agent(client, world):
    """Return cb1's browser in a call, and the call's address."""
    assert world.people["cb1"]
    sign_in(client, "cb1")
    address = client.post("/calls/next").headers["Location"]
    return client, address


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def say(client, address, item_id, value):
    done = client.post(f"{address}/answers/{item_id}", data={"value": value})
    assert done.status_code == 303
    return done


def test_a_call_is_led_by_plain_forms_from_opening_to_the_month(agent, session):
    client, address = agent
    page = text_of(client, address)
    assert "工号C-cb1" in page
    assert "11月16日" in page
    assert "王**" in page
    assert "138****5678" in page
    for item_id, value in (
        ("cb_solved", "first"),
        ("cb_wait", "5"),
        ("cb_attitude", ""),
        ("cb_clear", "clear"),
        ("cb_consent", "no"),
        ("cb_overall", "9"),
        ("cb_return", "5"),
        ("cb_expect", "都好"),
    ):
        assert f"/answers/{item_id}" in text_of(client, f"{address}?at={item_id}")
        say(client, address, item_id, value)
    end = text_of(client, address)
    assert "谢谢您。祝您生活愉快。" in end, "skips what only the discontent are asked"
    done = client.post(f"{address}/finish")
    assert "这次的答案" not in done.get_data(as_text=True)
    assert "已计入当月" in text_of(client, done.headers["Location"])
    response = session.scalars(select(ResponseRow)).one()
    assert (response.hall_id, response.words) == ("BD01", "都好")
    assert client.get(address).status_code == 303, "it is over"
    assert client.post(f"{address}/finish").status_code == 409


def test_a_false_answer_is_said_and_the_question_stays(agent):
    client, address = agent
    answer = client.post(f"{address}/answers/cb_wait", data={"value": "9"})
    assert answer.status_code == 422
    assert "不在可选范围内" in answer.get_data(as_text=True)
    assert client.post(f"{address}/finish").status_code == 422
    assert client.post(f"{address}/answers/cb_x", data={}).status_code == 404


def test_refusing_is_one_press_and_can_be_undone(agent, session):
    client, address = agent
    done = client.post(f"{address}/outcome", data={"outcome": "refused"})
    page = text_of(client, done.headers["Location"])
    assert "好的，打扰您了" in page
    assert session.scalars(
        select(CustomerRow.customer_id).where(CustomerRow.refused_at.is_not(None))
    ).all()
    back = client.post(f"{address}/undo")
    assert back.headers["Location"] == address
    assert client.get(address).status_code == 200


def test_an_unhappy_customers_problem_goes_to_its_owner(agent, session):
    client, address = agent
    say(client, address, "cb_consent", "yes")
    say(client, address, "cb_overall", "2")
    end = text_of(client, f"{address}?at=end")
    assert "有关键问题答得不好" in end
    form = text_of(client, f"{address}?at=problem")
    assert re.search(r'name="is_severe"[^>]*checked|checked[^>]*name="is_severe"', form)
    empty = client.post(f"{address}/problem", data={"words": ""})
    assert empty.status_code == 422
    assert "请选问题类别" in empty.get_data(as_text=True)
    told = {"category": "marketing", "words": f"找我{PLAIN}", "is_severe": "y"}
    assert client.post(f"{address}/problem", data=told).status_code == 303
    assert "1天内处理" in text_of(client, f"{address}?at=end")
    client.post(f"{address}/finish")
    row = session.scalars(select(ComplaintRow)).one()
    assert (row.owner, row.cause, row.is_severe) == ("marketing", "process", True)
    assert (row.words, row.may_contact) == ("找我138****5678", False)
    assert row.response_id is not None
    sign_in(client, "hq")
    assert "1条严重投诉待处理" in text_of(client, "/")


def test_a_department_answers_and_who_wants_no_contact_is_let_alone(agent, session):
    client, address = agent
    told = {"category": "marketing", "words": f"找我{PLAIN}", "is_severe": "y"}
    client.post(f"{address}/problem", data=told)
    row = session.scalars(select(ComplaintRow)).one()
    sign_in(client, "dept")
    assert "/complaints" in client.get("/").text
    show = f"/complaints/{row.complaint_id}"
    assert show in text_of(client, "/complaints")
    assert "138****5678" in text_of(client, show), "in the customer's words, masked"
    reply = client.post(f"{show}/reply", data={"reply": "已退订", "cause": "process"})
    assert reply.status_code == 303
    session.rollback()
    assert session.get(ComplaintRow, row.complaint_id).state == "closed"


def test_a_promise_is_checked_with_the_customer_before_closing(agent, session):
    client, address = agent
    say(client, address, "cb_overall", "5")
    told = {"category": "service", "words": "态度差", "may_contact": "y"}
    client.post(f"{address}/problem", data=told)
    row = session.scalars(select(ComplaintRow)).one()
    show = f"/complaints/{row.complaint_id}"
    sign_in(client, "hall_bd01")
    assert "态度差" not in text_of(client, show), "words wait for their check"
    assert "已道歉" not in text_of(client, show)
    client.post(f"{show}/reply", data={"reply": "已道歉", "cause": "front_line"})
    sign_in(client, "cb2")
    assert show in text_of(client, "/complaints/checks")
    number = client.post(f"{show}/number")
    assert PLAIN in number.get_data(as_text=True)
    assert number.headers["Cache-Control"] == "no-store"
    done = client.post(f"{show}/check", data={"outcome": "solved"})
    assert done.headers["Location"] == "/complaints/checks"
    session.rollback()
    assert session.get(ComplaintRow, row.complaint_id).outcome == "solved"
    assert client.post(f"{show}/check", data={"outcome": "solved"}).status_code == 409


def test_the_plain_number_is_only_in_the_answer_to_a_reveal(
    agent, session, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    client, address = agent
    pages = [address, "/calls", f"{address}?at=cb_wait", f"{address}?at=end"]
    say(client, address, "cb_wait", "3")
    client.post(f"{address}/note", data={"note": f"打{PLAIN}", "at": "cb_wait"})
    told = {"category": "service", "words": f"我是{PLAIN}", "may_contact": "y"}
    client.post(f"{address}/problem", data=told)
    shown = client.post(f"{address}/number", data={"at": "cb_wait"})
    assert PLAIN in shown.get_data(as_text=True)
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Location" not in shown.headers
    assert client.get(f"{address}/number").status_code == 405
    row = session.scalars(select(ComplaintRow)).one()
    pages.append(f"/complaints/{row.complaint_id}")
    for login in ("cb1", "hq"):
        sign_in(client, login)
        for page in (*pages, "/complaints", "/callbacks"):
            assert PLAIN not in client.get(page).get_data(as_text=True), page
    events = session.scalars(select(EventRow).where(EventRow.name.like("%revealed")))
    assert [event.details["purpose"] for event in events] == [
        f"callback {address.rsplit('/', 1)[1]}"
    ]
    tables = CallbackRow.metadata.sorted_tables
    kept = [repr(row) for table in tables for row in session.execute(select(table))]
    assert not [row for row in kept if PLAIN in row]
    assert PLAIN not in caplog.text
    assert PLAIN not in "".join(capfd.readouterr())


def test_a_colleagues_call_and_a_strangers_complaint_do_not_exist(app, agent, session):
    client, address = agent
    say(client, address, "cb_overall", "5")
    told = {"category": "service", "words": "态度差", "may_contact": "y"}
    client.post(f"{address}/problem", data=told)
    complaint = session.scalars(select(ComplaintRow.complaint_id)).one()
    known = {
        "callback_id": address.rsplit("/", 1)[1],
        "complaint_id": complaint,
        "item_id": "cb_wait",
    }
    absent = known | {"callback_id": uuid4(), "complaint_id": uuid4()}
    strangers = {
        "cb2": ("calls.",),
        "hq": ("calls.",),
        "rm_east": ("calls.", "complaints."),
        "dept": ("calls.", "complaints."),
        "a10": ("calls.", "complaints."),
        "sup": ("calls.", "complaints."),
    }
    adapter = app.url_map.bind("localhost")
    rules = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods & {"GET", "POST"}
        if rule.arguments & {"callback_id", "complaint_id"}
    ]
    assert len(rules) == 15
    data = {"reply": "x", "value": "5", **told}
    for login, prefixes in strangers.items():
        sign_in(client, login)
        for rule, method in rules:
            outcome = "busy" if rule.endpoint.startswith("calls.") else "solved"
            if rule.endpoint.startswith(prefixes):
                codes = {
                    client.open(
                        adapter.build(
                            rule.endpoint,
                            {key: values[key] for key in rule.arguments},
                            method,
                        ),
                        method=method,
                        data={"outcome": outcome, **data},
                    ).status_code
                    for values in (known, absent)
                }
                assert codes in ({404}, {403}), f"{login} {method} {rule}"
    session.rollback()
    assert session.scalars(select(ComplaintRow.state)).one() == "open"


def test_headquarters_sees_progress_without_customers(agent, client):
    _browser, address = agent
    for item_id, value in (("cb_solved", "first"), ("cb_overall", "9")):
        say(client, address, item_id, value)
    client.post(f"{address}/finish")
    sign_in(client, "hq")
    page = text_of(client, "/callbacks?month=2026-11")
    assert "1/12" in page
    assert "不足5份" in page, "a mean of fewer than five answers is nobody's business"
    assert "**" not in page
    sign_in(client, "rm_north")
    assert client.get("/callbacks").status_code == 403


@pytest.mark.usefixtures("world")
def test_nothing_to_call_and_night_are_said_in_words(client):
    sign_in(client, "cb1")
    for _ in range(2):
        address = client.post("/calls/next").headers["Location"]
        client.post(f"{address}/outcome", data={"outcome": "no_answer"})
    client.post("/calls/next")
    assert "没有要回访的客户" in text_of(client, "/calls")
    with time_machine.travel(NOW.replace(hour=13)):
        client.post("/calls/next")
        assert "9:30到20:00" in text_of(client, "/calls")


@pytest.mark.usefixtures("world")
def test_an_operator_draws_and_lists_calls(app):
    runner = app.test_cli_runner()
    again = runner.invoke(args=["callback", "draw", "--day", "2026-11-18"])
    assert again.output == "2026-11-18：抽取了0位客户。\n"
    listed = runner.invoke(args=["callback", "list", "--hall", "BD01"]).output
    assert re.match(r"2026-11-16  BD01   plan_change    waiting      0  ", listed)
