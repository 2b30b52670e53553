"""The first page of every role."""

import pytest
import time_machine

from action_world import (
    DAY,
    FOUND,
    SUPPORTED,
    action_of,
    actor,
    check_hall,
    make_action_world,
)
from auditapp.domain.month import month_of
from auditapp.gateways.brief_files import load_briefs
from auditapp.services.actions import Handover, Said, hand_over, send_proof
from auditapp.services.evidence import StoredPhoto
from auditapp.services.visits import Assignment, assign_visit
from auditapp.web.reviews import default_due_on
from desk_world import NOW, PEOPLE, make_audit, make_world, sign_in


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("login", sorted(PEOPLE))
def test_everybody_has_a_first_page_that_leads_somewhere(client, login):
    sign_in(client, login)

    page = client.get("/", follow_redirects=True)

    assert page.status_code == 200
    assert page.text.count("<h1") == 1


def test_the_oldest_audit_comes_first(client, session, world):
    make_audit(session, world, hall_id="BD01")
    make_audit(session, world, hall_id="BD02", days_ago=3)
    sign_in(client, "rm_north")

    page = client.get("/").text

    assert page.index("BD02标准厅") < page.index("BD01标准厅")


@time_machine.travel(NOW, tick=False)
def test_an_auditor_answers_first_then_goes_where_the_next_is_due(
    client, session, world
):
    audit = make_audit(session, world)
    order = Assignment("BD02", "a10", month_of(NOW), "plan_change", NOW.date())
    assign_visit(session, order, load_briefs(), now=NOW)
    session.commit()
    sign_in(client, "rm_north")
    client.post(
        f"/audits/{audit}/questions", data={"item": "ext_open", "question": "几点？"}
    )
    client.post(
        f"/audits/{audit}/return",
        data={"revision": "7", "due_on": default_due_on().isoformat()},
    )
    sign_in(client, "a10")

    page = client.get("/").text

    assert page.index("几点？") < page.index("BD02标准厅")
    assert page.count("/field/#/v/") == 2
    assert "过期" not in page
    with time_machine.travel(NOW + DAY, tick=False):
        assert "过期" in client.get("/").text
    sign_in(client, "a11")
    assert "没有要走访的厅" in client.get("/").text


def test_what_is_with_an_auditor_is_told_with_its_deadline(client, session, world):
    audit = make_audit(session, world)
    sign_in(client, "rm_north")
    client.post(
        f"/audits/{audit}/questions", data={"item": "ext_open", "question": "？"}
    )
    due_on = default_due_on()
    client.post(
        f"/audits/{audit}/return",
        data={"revision": "7", "due_on": due_on.isoformat()},
    )

    page = client.get("/").text

    assert "没有待审核的" in page
    assert f"1项，期限{due_on.month}月{due_on.day}日" in page


def test_an_empty_desk_says_when_it_will_not_be(client, world):  # noqa: ARG001
    sign_in(client, "rm_north")

    assert "没有待审核的" in client.get("/").text


def test_what_is_red_comes_first_and_its_count_agrees_with_its_list(client, session):
    world = make_action_world(session)
    check_hall(session, world, ["ext_open", "int_water"], state="released")
    session.rollback()
    with time_machine.travel(FOUND + 2 * DAY, tick=False):
        for login, lists in (
            ("rm_north", ("critical", "late")),
            ("hall_bd01", ("critical", "late", "with_owner")),
        ):
            sign_in(client, login)
            page = client.get("/").text
            for which in lists:
                assert f"/actions?which={which}" in page
                listed = client.get(f"/actions?which={which}").text
                count = listed.count('<tr role="row">') - 1
                assert f"<b>{count}</b>" in page
    assert page.index("重大问题") < page.index("要做的整改")


def test_a_region_sees_which_halls_nobody_is_sent_to(client, session, world):
    make_audit(session, world, hall_id="BD01")
    session.rollback()
    with time_machine.travel(NOW, tick=False):
        sign_in(client, "rm_north")
        page = client.get("/").text
    assert "本月没有安排走访" in page
    assert "BD02标准厅" in page.split("本月没有安排走访")[1].split("</section>")[0]
    assert "SX01" not in page


def test_a_department_finds_what_waits_for_it_and_nothing_it_has_answered(
    client, session
):
    world = make_action_world(session)
    check_hall(session, world, [SUPPORTED], state="released")
    region = actor(session, "rm_north")
    action_id = action_of(session, SUPPORTED).action_id
    wanted = Handover("support", "facilities", "是后勤的")
    hand_over(session, region, action_id, wanted, now=FOUND)
    session.commit()
    with time_machine.travel(FOUND, tick=False):
        sign_in(client, "dep_facilities")
        page = client.get("/").text
        assert f"/actions/{action_id}" in page
        assert "<b>1</b>" in page
        said = Said("换好了", [StoredPhoto("a" * 64, 1, "image/jpeg")])
        clerk = actor(session, "dep_facilities")
        send_proof(session, clerk, action_id, said, now=FOUND)
        session.commit()
        assert "没有待整改的事项" in client.get("/").text
        sign_in(client, "dep_it")
        assert str(action_id) not in client.get("/").text
