"""The review page and its decisions, as a person uses them."""

import json
import re
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from auditapp.store.audits import AuditRevisionRow, AuditRow, ReturnedItemRow, SignalRow
from auditapp.web.reviews import default_due_on
from desk_world import confirm_all, make_audit, make_world, person, sign_in
from statements import counted, statements

FAILS = {
    "ext_open": {"value": "no", "note": "九点半还没开门"},
    "wai_kiosk": {"value": "part_bare"},
    "int_clean": {"value": "could_not_observe", "reason": "施工"},
    "ent_greet_time": {"value": 42.5, "source": "recalled"},
}


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def audit(session, world):
    return make_audit(session, world, answers=FAILS)


@pytest.fixture
def manager(client, world):  # noqa: ARG001  the world holds the person
    sign_in(client, "rm_north")
    return client


def test_every_printed_loss_adds_up_to_what_is_missing(manager, audit):
    page = manager.get(f"/audits/{audit}").text

    made = page[page.index('id="made"') :]
    tables = re.findall(r"<tbody.*?</tfoot>", made, re.DOTALL)
    assert len(tables) == 9
    for table in tables:
        lost = sum(float(n) for n in re.findall(r"−(\d+\.\d)", table))
        score = float(re.findall(r"(\d+\.\d)</td>", table)[-1])
        assert round(lost + score, 1) == 100.0


def test_what_stands_out_comes_first_and_the_rest_is_one_tap_away(manager, audit):
    look = manager.get(f"/audits/{audit}").text
    everything = manager.get(f"/audits/{audit}?show=all").text
    failed = manager.get(f"/audits/{audit}?show=failed").text

    assert rows(everything) > rows(look) > rows(failed) == 3
    assert "row-int_clean" in look
    assert "row-int_clean" not in failed


def rows(page):
    return page.count('id="row-')


def test_each_item_says_why_it_was_asked_and_each_left_out_one_why_not(manager, audit):
    page = manager.get(f"/audits/{audit}?show=all").text

    assert page.count("全部等级必查") > 20
    assert "只在现场投诉时才问" in page


def test_the_auditor_is_a_code_and_nothing_else(manager, audit):
    page = manager.get(f"/audits/{audit}?show=all").text

    assert "C-a10" in page
    assert "a10先生" not in page


def test_an_unreadable_photo_is_shown_as_one(manager, audit):
    page = manager.get(f"/audits/{audit}?show=all").text

    assert "打不开" in page


def test_a_question_is_noted_then_returned_then_taken_back(manager, session, audit):
    asked = manager.post(
        f"/audits/{audit}/questions",
        data={"item": "ext_open", "question": "请补照片"},
        follow_redirects=True,
    )
    returned = manager.post(
        f"/audits/{audit}/return",
        data={"revision": "7", "due_on": due_on()},
        follow_redirects=True,
    )
    row = session.scalar(select(ReturnedItemRow))
    reopened = manager.post(
        f"/audits/{audit}/reopen", data={"revision": "7"}, follow_redirects=True
    )

    assert "已记下" in asked.text
    assert "请补照片" in asked.text
    assert "已退回1项" in returned.text
    assert row.sent_at is not None
    assert "重新审核" in reopened.text


def due_on():
    return default_due_on().isoformat()


@pytest.mark.parametrize("day", ["", "2020-01-01", "2999-01-01", "soon"])
def test_a_deadline_must_be_a_day_ahead(manager, audit, day):
    manager.post(
        f"/audits/{audit}/questions", data={"item": "ext_open", "question": "？"}
    )

    response = manager.post(
        f"/audits/{audit}/return", data={"revision": "7", "due_on": day}
    )

    assert response.status_code == 422
    assert "aria-invalid" in response.text


def test_an_empty_question_is_refused_beside_its_field(manager, audit):
    response = manager.post(
        f"/audits/{audit}/questions", data={"item": "ext_open", "question": "  "}
    )

    assert response.status_code == 422
    assert "请写明要走访员补什么" in response.text


def test_accepting_says_what_stands_against_it(manager, audit):
    manager.post(
        f"/audits/{audit}/questions", data={"item": "ext_open", "question": "？"}
    )

    response = manager.post(f"/audits/{audit}/accept", data={"revision": "7"})

    assert response.status_code == 422
    assert "有1项写了问题还没退回" in response.text


def test_accepting_an_old_version_shows_the_new_one_instead(manager, audit):
    response = manager.post(f"/audits/{audit}/accept", data={"revision": "6"})

    assert response.status_code == 409
    assert "走访员刚发来新的一版" in response.text


def test_accepting_shows_that_it_counts_and_offers_the_way_back(
    manager, session, audit
):
    confirm_all(session, person(session, "rm_north"), audit)

    response = manager.post(
        f"/audits/{audit}/accept", data={"revision": "7"}, follow_redirects=True
    )

    assert "已受理" in response.text
    assert f"/audits/{audit}/reopen" in response.text


def test_after_a_reply_the_old_and_the_new_answer_stand_together(
    manager, session, audit
):
    manager.post(
        f"/audits/{audit}/questions", data={"item": "ext_open", "question": "真的吗"}
    )
    manager.post(f"/audits/{audit}/return", data={"revision": "7", "due_on": due_on()})
    answer_the_return(session, audit)

    page = manager.get(f"/audits/{audit}?show=all&item=ext_open").text

    assert "答案由“否”改为“是”" in page
    assert "重新看过，开着" in page


def answer_the_return(session, audit_id):
    row = session.get(AuditRow, audit_id)
    session.add(
        AuditRevisionRow(
            audit_id=audit_id,
            revision=7,
            document=row.document,
            document_sha256=row.document_sha256,
            received_at=row.received_at,
        )
    )
    document = json.loads(row.document)
    document["answers"]["ext_open"] = {"value": "yes", "reply": "重新看过，开着"}
    row.document, row.revision, row.state = json.dumps(document).encode(), 8, "complete"
    session.execute(
        update(ReturnedItemRow).values(
            reply="重新看过，开着", replied_at=row.received_at
        )
    )
    session.commit()


def test_an_unscored_audit_can_be_read_and_not_accepted(manager, session, audit):
    session.execute(update(AuditRow).values(revision=8))
    session.commit()

    page = manager.get(f"/audits/{audit}")
    accepted = manager.post(f"/audits/{audit}/accept", data={"revision": "8"})

    assert "正在算分" in page.text
    assert accepted.status_code == 422


def test_a_twin_is_shown_beside_the_photo_only_to_those_who_may_see_it(
    client, session, world, audit
):
    other = make_audit(session, world, hall_id="SX01")
    photo = json.loads(session.get(AuditRow, audit).document)["evidence"][0]
    session.add(
        SignalRow(
            audit_id=audit,
            kind="twin_photo_elsewhere",
            level="notice",
            item_id=photo["item"],
            facts={
                "sha256": photo["sha256"],
                "other_sha256": "f" * 64,
                "audit": str(other),
                "bits": 2,
            },
            found_at=session.get(AuditRow, audit).received_at,
        )
    )
    session.commit()
    address = f"/audits/{audit}?item={photo['item']}"

    sign_in(client, "rm_north")
    in_north = client.get(address).text
    client.post("/sign-out")
    sign_in(client, "hq")
    at_headquarters = client.get(address).text

    assert "照片疑似别处" in in_north
    assert "f" * 64 not in in_north
    assert "f" * 64 in at_headquarters


def test_the_next_audit_is_the_next_oldest(manager, session, world):
    newest = make_audit(session, world, days_ago=0)
    oldest = make_audit(session, world, hall_id="BD02", days_ago=2)
    make_audit(session, world, hall_id="SX01", days_ago=1)

    page = manager.get(f"/audits/{oldest}").text

    assert "待审核第1份，共2份" in page
    assert re.search(rf'rel="next"\s+href="/audits/{newest}"', page)
    assert 'rel="prev"' not in page


def test_a_draft_has_no_review_page(manager, session, audit):
    session.execute(update(AuditRow).values(state="draft"))
    session.commit()

    assert manager.get(f"/audits/{audit}").status_code == 404


@pytest.mark.perf
def test_a_page_takes_the_same_number_of_selects_however_many_photos(
    app, manager, session, world
):
    few = make_audit(session, world, photos=1)
    many = make_audit(session, world, hall_id="BD02", photos=40, answers=FAILS)

    first, second = (count_selects(app, manager, audit) for audit in (few, many))

    assert first == second <= 16


def count_selects(app, client, audit_id):
    with statements(app) as seen:
        assert client.get(f"/audits/{audit_id}?show=all").status_code == 200
    return len(counted(seen))


def test_there_is_no_page_for_what_is_no_audit(manager):
    assert manager.get(f"/audits/{uuid4()}").status_code == 404
    assert manager.get("/audits/none").status_code == 404


def test_an_audit_whose_photos_still_arrive_can_be_read(manager, session, audit):
    session.execute(
        update(AuditRow).values(state="waiting_for_evidence", completed_at=None)
    )
    session.commit()

    assert manager.get(f"/audits/{audit}").status_code == 200
