from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.gateways.brief_files import load_briefs
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.reads.visit_list import list_assignments
from auditapp.services.checklists import publish_checklist
from auditapp.services.organisation import import_organisation
from auditapp.services.visit_plans import plan_month
from auditapp.services.visits import Assignment, assign_visit
from auditapp.store.checklists import FormRow
from auditapp.store.visits import VisitRow
from organisation_samples import organisation_of

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
BRIEFS = load_briefs()


@pytest.fixture
def session(session):
    document = organisation_of(4)
    document["regions"].append({"id": "west", "zh": "西部", "en": "West"})
    agency = {"role": "auditor", "zh": "人", "agency": "ag"}
    document["users"] += [
        {"login": "a2", "regions": ["east"], **agency},
        {"login": "a3", "regions": ["east"], **agency},
        {"login": "w1", "regions": ["west"], **agency},
    ]
    import_organisation(session, document, now=NOW)
    publish_checklist(
        session,
        load_yaml(CHECKLIST_DIR / "telecom_hall_mystery.yaml").document,
        load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document,
        effective_month="2026-10",
        now=NOW,
    )
    session.commit()
    return session


def assign(session, auditor="a1", month="2026-11", **changes):
    values = {
        "hall_id": "H00000",
        "auditor_login": auditor,
        "month": month,
        "scenario": "plan_change",
        "due_on": date.fromisoformat(f"{month}-20"),
    }
    visit = assign_visit(session, Assignment(**values | changes), BRIEFS, now=NOW)
    session.commit()
    return session.get_one(VisitRow, visit)


def refusals(session, **changes):
    with pytest.raises(InvalidError) as refusal:
        assign(session, **changes)
    return [(p.pointer, p.code) for p in refusal.value.problems]


def test_a_visit_carries_region_form_and_brief_as_they_are_now(session):
    visit = assign(session)
    assert (visit.state, visit.region_id, visit.kind) == ("assigned", "east", "mystery")
    form = session.get_one(FormRow, visit.form_digest)
    assert (form.hall_id, form.scenario) == ("H00000", "plan_change")
    assert {"id", "persona", "question", "answer", "request"} <= visit.brief.keys()
    assert visit.brief in BRIEFS["plan_change"]


@pytest.mark.parametrize("month", ["2026-11", "2026-12", "2027-01"])
def test_nobody_visits_the_same_hall_again_within_three_months(session, month):
    assign(session)
    assert ("/auditor", "auditor-too-soon") in refusals(
        session, month=month, is_extra=True
    )


def test_after_three_months_the_auditor_may_return(session):
    assign(session)
    assert assign(session, month="2027-02").month == "2027-02"


def test_a_rejected_visit_does_not_count(session):
    assign(session).state = "rejected"
    assert assign(session, month="2026-12")


def test_a_second_visit_in_a_month_is_made_only_when_asked_for(session):
    assign(session)
    assert refusals(session, auditor="a2") == [("/hall", "visited-this-month")]
    second = assign(session, auditor="a2", is_extra=True)
    assert second.brief["id"] != session.scalars(select(VisitRow)).first().brief["id"]


def test_every_reason_against_an_assignment_is_named(session):
    found = refusals(session, auditor="w1", scenario="picnic", due_on=date(2026, 12, 1))
    assert found == [
        ("/due_on", "due-outside-month"),
        ("/scenario", "unknown-scenario"),
        ("/auditor", "outside-region"),
    ]
    assert refusals(session, brief_id="nothing") == [("/brief", "unknown-brief")]


@pytest.mark.parametrize(
    "changes",
    [{"hall_id": "X"}, {"auditor": "hq"}, {"auditor": "x"}, {"month": "2026-01"}],
)
def test_what_is_not_there_is_not_found(session, changes):
    with pytest.raises(NotFoundError):
        assign(session, **changes)


def test_a_month_is_planned_for_every_hall_that_has_no_visit_yet(session):
    kept = assign(session, auditor="a2")
    plan = plan_month(session, "2026-11", BRIEFS, now=NOW)
    lines = list_assignments(session, "2026-11")
    assert sorted(line.hall_id for line in lines) == [f"H0000{n}" for n in range(4)]
    assert len(plan.visit_ids) == 3
    assert kept.visit_id not in plan.visit_ids
    assert plan_month(session, "2026-11", BRIEFS, now=NOW).visit_ids == []
    assert {line.visit_id for line in list_assignments(session, "2026-11", "a2")} >= {
        kept.visit_id
    }


def test_months_planned_in_a_row_repeat_neither_auditor_business_nor_brief(session):
    for month in ("2026-10", "2026-11", "2026-12", "2027-01"):
        plan = plan_month(session, month, BRIEFS, now=NOW)
        assert plan.without_auditor == []
    visits = session.scalars(select(VisitRow).order_by(VisitRow.month)).all()
    for hall in {visit.hall_id for visit in visits}:
        own = [visit for visit in visits if visit.hall_id == hall]
        assert len({visit.auditor_id for visit in own[:3]}) == 3
        assert own[0].auditor_id == own[3].auditor_id
        assert len({visit.brief["id"] for visit in own}) == 4
