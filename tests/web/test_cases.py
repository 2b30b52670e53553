"""Visits of one scenario side by side, and the best of them with its reason."""

import pytest
import time_machine

from auditapp.store.audits import AuditRow
from desk_world import NOW, make_audit, make_world, sign_in
from statements import counted, statements

NOTED = {"ext_open": {"value": "no", "note": "门口贴着通知"}}


@pytest.fixture(autouse=True)
def _ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(session):
    return make_world(session)


def visit_of(session, audit_id):
    visit_id = session.get(AuditRow, audit_id).visit_id
    session.rollback()
    return visit_id


def test_accepted_visits_stand_side_by_side_and_nobody_is_named(client, session, world):
    make_audit(session, world, state="released", answers=NOTED)
    make_audit(session, world, hall_id="SX01", state="accepted")
    make_audit(session, world, hall_id="BD02", state="in_review")
    sign_in(client, "hq")
    page = client.get("/cases?scenario=plan_change").text
    assert page.index("SX01标准厅") < page.index("BD01标准厅"), "the best score first"
    assert "BD02标准厅" not in page
    assert "门口贴着通知" in page
    assert "40秒" in page
    for named in ("C-a10", "a10先生", "Person a10"):
        assert named not in page


def test_the_best_is_chosen_with_a_reason(client, session, world):
    visit_id = visit_of(session, make_audit(session, world, state="released"))
    waiting = visit_of(session, make_audit(session, world, hall_id="BD02"))
    sign_in(client, "hq")
    refused = client.post(f"/cases/{visit_id}", data={"scenario": "plan_change"})
    assert refused.status_code == 422
    facts = {"reason": "先问清用量再比套餐"}
    assert client.post(f"/cases/{waiting}", data=facts).status_code == 404
    assert client.post(f"/cases/{visit_id}", data=facts).status_code == 303
    assert "先问清用量再比套餐" in client.get("/cases?scenario=plan_change").text


def test_ten_cases_take_no_more_statements_than_one(app, client, session, world):
    make_audit(session, world, state="released")
    sign_in(client, "hq")
    with statements(app) as few:
        client.get("/cases?scenario=plan_change")
    for _each in range(3):
        make_audit(session, world, hall_id="SX01", state="released")
    with statements(app) as many:
        client.get("/cases?scenario=plan_change")
    assert counted(few) == counted(many)
