"""Open inspections: who is sent, what is drawn, what a signature does."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.services.checklists import publish_checklist
from auditapp.services.form_shelf import find_form
from auditapp.services.inspections import (
    InspectionOrder,
    assign_inspection,
    plan_inspections,
    settle_inspection,
)
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.services.visit_forms import reform_visits
from auditapp.store.audits import AuditRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import EventRow, JobRow
from desk_world import checklist_document, make_audit
from inspection_world import make_inspection, make_inspection_world

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


@pytest.fixture
def world(session):
    return make_inspection_world(session)


def order(**changes):
    values = {
        "hall_id": "BD01",
        "inspector_login": "insp_north",
        "month": "2026-11",
        "due_on": date(2026, 11, 30),
    }
    return InspectionOrder(**values | changes)


def assigned(session, **changes):
    visit_id = assign_inspection(session, order(**changes), now=NOW)
    session.commit()
    return session.get_one(VisitRow, visit_id)


def form_of(session, visit):
    return find_form(session, visit.form_digest)


def test_an_inspection_asks_some_of_the_questions_and_says_why_not_the_others(
    session, world
):
    visit = assigned(session, questions=4)
    form = form_of(session, visit)
    asked = [item["id"] for item in form["items"] if item["id"].startswith("kno_")]
    left = [item for item in form["excluded"] if item["id"].startswith("kno_")]
    assert (visit.kind, visit.auditor_id) == (
        "open_inspection",
        world.people["insp_north"],
    )
    assert asked == visit.brief["drawn"]
    assert (len(asked), len(left)) == (4, 7)
    assert {item["why"]["en"] for item in left} == {
        "Not drawn this time (4 of 11 questions)"
    }
    assert form["events"] == []


def test_what_the_last_visit_found_wrong_is_looked_at_again(session, world):
    note = "雨天地上很滑"
    wrong = {"int_clean": {"value": "no", "note": note}}
    make_audit(session, world, state="released", answers=wrong)
    make_audit(session, world, state="rejected", answers={"ext_open": {"value": "no"}})
    findings = form_of(session, assigned(session))["findings"]
    assert [finding["id"] for finding in findings] == ["int_clean"]
    assert findings[0]["source"] == "mystery"
    words = json.dumps(findings, ensure_ascii=False)
    assert note not in words
    assert "C-a10" not in words


@pytest.mark.usefixtures("world")
def test_questions_are_not_drawn_twice_running(session):
    draws = []
    for month in ("2026-11", "2026-12", "2027-01"):
        due_on = date.fromisoformat(f"{month}-20")
        visit = assigned(session, month=month, due_on=due_on, seed="the same")
        draws.append(set(visit.brief["drawn"]))
    assert draws[0] != draws[1] != draws[2]


@pytest.mark.usefixtures("world")
def test_only_own_inspectors_of_the_region_are_sent_and_every_reason_is_named(session):
    assigned(session)
    with pytest.raises(InvalidError) as refusal:
        assign_inspection(
            session,
            order(inspector_login="insp_east", due_on=date(2026, 12, 1)),
            now=NOW,
        )
    assert [(p.pointer, p.code) for p in refusal.value.problems] == [
        ("/due_on", "due-outside-month"),
        ("/hall", "inspected-this-month"),
        ("/inspector", "outside-region"),
    ]
    with pytest.raises(NotFoundError):
        assign_inspection(session, order(inspector_login="a10"), now=NOW)


def test_a_plan_sends_someone_to_every_hall_without_a_valid_inspection(session, world):
    plan = plan_inspections(session, "2026-11", now=NOW)
    visits = session.scalars(select(VisitRow)).all()
    assert sorted(visit.hall_id for visit in visits) == ["BD01", "BD02", "SX01"]
    assert plan.without_auditor == []
    sent = {visit.hall_id: visit.auditor_id for visit in visits}
    assert sent["SX01"] == world.people["insp_east"]
    assert plan_inspections(session, "2027-01", now=NOW).visit_ids == []
    assert len(plan_inspections(session, "2027-02", now=NOW).visit_ids) == 3


@pytest.mark.usefixtures("world")
def test_an_inspection_not_begun_follows_a_new_standard_and_keeps_its_draw(session):
    now = assigned(session, month="2026-11")
    coming = assigned(session, month="2026-12", due_on=date(2026, 12, 20))
    before, drawn = now.form_digest, list(coming.brief["drawn"])
    document = deepcopy(checklist_document("telecom_hall_open_inspection"))
    document["version"] = "2026.12"
    for section in document["sections"]:
        section["items"] = [i for i in section["items"] if i["id"] != drawn[0]]
    vocabulary = checklist_document("_vocabulary")
    publish_checklist(session, document, vocabulary, effective_month="2026-12", now=NOW)
    assert reform_visits(session, "2026-12", None, now=NOW)[0] == 1
    session.expire_all()
    again = coming.brief["drawn"]
    assert set(drawn[1:]) < set(again)
    assert len(again) == len(drawn)
    form = form_of(session, coming)
    assert form["version"] == "2026.12"
    assert [i["id"] for i in form["items"] if i["id"].startswith("kno_")] == again
    assert now.form_digest == before
    assert reform_visits(session, "2026-12", None, now=NOW)[0] == 0


def settled(session, audit_id):
    keep_judgement(session, judge_audit(session, audit_id), now=NOW)
    is_settled = settle_inspection(session, audit_id, now=NOW)
    session.commit()
    session.expire_all()
    audit = session.get_one(AuditRow, audit_id)
    return is_settled, session.get_one(VisitRow, audit.visit_id).state


@pytest.mark.usefixtures("world")
def test_a_signed_inspection_is_accepted_and_the_hall_has_it_at_once(session):
    audit_id = make_inspection(session)
    assert settled(session, audit_id) == (True, "released")
    names = session.scalars(select(EventRow.name)).all()
    assert {"audit.accepted", "audit.released"} <= set(names)
    jobs = session.scalars(select(JobRow.subject).where(JobRow.kind == "month.rescore"))
    assert jobs.all() == ["2026-11 BD01"]
    assert settled(session, audit_id) == (False, "released")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "changes",
    [
        {
            "signature": {
                "state": "refused",
                "reason": "不同意",
                "at": "2026-11-18T02:00:00Z",
            }
        },
        {"outcome": "interrupted"},
        {"unreadable": True},
        {"unanswered": ("fac_fire",)},
    ],
    ids=["refused", "cut short", "unreadable photo", "critical item open"],
)
def test_what_a_person_should_see_first_waits_for_the_region(session, changes):
    audit_id = make_inspection(session, **changes)
    assert settled(session, audit_id) == (False, "in_review")
