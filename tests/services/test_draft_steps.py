"""From a draft to a version in force: checked, approved by a second person."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from auditapp.domain.actor import Actor, Role
from auditapp.domain.draft_life import DraftStageError, DraftState
from auditapp.domain.errors import InvalidError
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.reads.organisation import get_hall_place
from auditapp.reads.policies import get_policy_in_force
from auditapp.services.checklists import (
    MonthBegunError,
    form_for,
    get_version_in_force,
    publish_checklist,
)
from auditapp.services.draft_bases import restore_version, take_in_newest
from auditapp.services.draft_steps import (
    BehindError,
    SecondPersonError,
    approve_draft,
    discard_draft,
    send_back,
    set_effective_month,
    submit_draft,
)
from auditapp.services.drafts import (
    NewDraft,
    Save,
    begin_draft,
    get_draft,
    save_draft,
)
from auditapp.services.organisation import import_organisation
from auditapp.services.standard_versions import CHECKLIST, POLICY
from auditapp.services.visit_forms import reform_visits
from auditapp.store.checklists import ChecklistVersionRow, FormRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import EventRow, JobRow
from factories import make_person
from organisation_samples import small_organisation

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DECEMBER = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
MYSTERY = "telecom_hall_mystery"


@pytest.fixture
def people(session):
    import_organisation(session, small_organisation(), now=NOW)
    publish_checklist(
        session,
        load_yaml(CHECKLIST_DIR / "telecom_hall_mystery.yaml").document,
        load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document,
        effective_month="2026-11",
        now=NOW,
    )
    rows = [make_person(session, role="headquarters") for _ in range(3)]
    return [Actor(row.person_id, row.login, Role.HEADQUARTERS) for row in rows]


def changed(document, item_id="ext_open", **keys):
    document = deepcopy(document)
    for section in document["sections"]:
        for item in section["items"]:
            if item["id"] == item_id:
                item.update(keys)
    return document


def begun(session, actor, **keys):
    """Return a draft with one change, of an item's weight unless said otherwise."""
    draft_id = begin_draft(session, actor, NewDraft(CHECKLIST, MYSTERY), now=NOW)
    document = changed(get_draft(session, draft_id).document, **(keys or {"weight": 4}))
    save_draft(session, actor, draft_id, Save(document, 1, "太重"), now=NOW)
    return draft_id


def submitted(session, actor, **keys):
    draft_id = begun(session, actor, **keys)
    submit_draft(session, actor, draft_id, now=NOW)
    return draft_id


def weight_in(session, month, item_id="ext_open"):
    version = get_version_in_force(session, "mystery", month)
    return next(i.weight for i in version.checklist.items if i.item_id == item_id)


def test_an_approved_draft_is_in_force_from_its_month_and_not_before(session, people):
    writer, second, _third = people
    draft_id = submitted(session, writer)
    assert approve_draft(session, second, draft_id, now=NOW) == "2026.12"
    assert weight_in(session, "2026-11") == 5
    assert weight_in(session, "2026-12") == 4
    row = session.get_one(ChecklistVersionRow, (MYSTERY, "2026.12"))
    assert (row.draft_id, row.approved_by) == (draft_id, second.person_id)
    names = session.scalars(
        select(EventRow.name).where(EventRow.subject == str(draft_id))
    ).all()
    assert names == ["draft.begun", "draft.submitted", "draft.approved"]


def test_nobody_approves_what_they_wrote_changed_or_submitted(session, people):
    writer, helper, second = people
    draft_id = begun(session, writer)
    document = changed(get_draft(session, draft_id).document, "ext_clean", weight=1)
    save_draft(session, helper, draft_id, Save(document, 2, ""), now=NOW)
    submit_draft(session, writer, draft_id, now=NOW)
    for author in (writer, helper):
        with pytest.raises(SecondPersonError):
            approve_draft(session, author, draft_id, now=NOW)
    approve_draft(session, second, draft_id, now=NOW)


def test_a_draft_that_breaks_a_rule_is_not_submitted_and_every_fault_is_named(
    session, people
):
    draft_id = begun(session, people[0], weight=9, en="")
    with pytest.raises(InvalidError) as caught:
        submit_draft(session, people[0], draft_id, now=NOW)
    pointers = {problem.pointer for problem in caught.value.problems}
    assert {"/sections/0/items/0/weight", "/sections/0/items/0/en"} <= pointers
    assert get_draft(session, draft_id).state is DraftState.OPEN


def test_a_draft_without_a_change_is_not_submitted(session, people):
    draft_id = begin_draft(session, people[0], NewDraft(CHECKLIST, MYSTERY), now=NOW)
    with pytest.raises(InvalidError) as caught:
        submit_draft(session, people[0], draft_id, now=NOW)
    assert [each.code for each in caught.value.problems] == ["nothing-changed"]


def test_approval_that_comes_after_the_month_began_is_refused_with_a_way_out(
    session, people
):
    draft_id = submitted(session, people[0])
    with pytest.raises(MonthBegunError):
        approve_draft(session, people[1], draft_id, now=DECEMBER)
    set_effective_month(session, people[1], draft_id, "2027-01", now=DECEMBER)
    assert approve_draft(session, people[1], draft_id, now=DECEMBER) == "2027.01"
    assert weight_in(session, "2026-12") == 5


def test_no_draft_is_set_to_a_month_that_has_begun(session, people):
    draft_id = submitted(session, people[0])
    for month in ("2026-11", "2026-10", "", "2026-13"):
        with pytest.raises(MonthBegunError):
            set_effective_month(session, people[0], draft_id, month, now=NOW)


def test_a_draft_comes_back_with_a_question_and_is_submitted_again(session, people):
    draft_id = submitted(session, people[0])
    send_back(session, people[1], draft_id, "为什么是4？", now=NOW)
    draft = get_draft(session, draft_id)
    assert (draft.state, draft.decision_note) == (DraftState.OPEN, "为什么是4？")
    submit_draft(session, people[0], draft_id, now=NOW)
    assert get_draft(session, draft_id).decision_note is None


def test_a_discarded_draft_stays_readable_and_goes_nowhere(session, people):
    draft_id = submitted(session, people[0])
    discard_draft(session, people[0], draft_id, now=NOW)
    for step in (approve_draft, submit_draft, discard_draft):
        with pytest.raises(DraftStageError):
            step(session, people[1], draft_id, now=NOW)
    assert get_draft(session, draft_id).document["id"] == MYSTERY


def test_a_draft_that_fell_behind_takes_the_newer_version_in(session, people):
    late = begun(session, people[0], item_id="ext_clean", weight=1)
    approve_draft(session, people[1], submitted(session, people[0]), now=NOW)
    with pytest.raises(BehindError):
        submit_draft(session, people[0], late, now=NOW)
    take_in_newest(session, people[0], late, now=NOW)
    submit_draft(session, people[0], late, now=NOW)
    assert approve_draft(session, people[1], late, now=LATER) == "2026.12-2"
    assert weight_in(session, "2026-12") == 4
    assert weight_in(session, "2026-12", "ext_clean") == 1


def test_undo_is_publishing_the_former_version_again(session, people):
    approve_draft(session, people[1], submitted(session, people[0]), now=NOW)
    wanted = NewDraft(CHECKLIST, MYSTERY)
    draft_id = restore_version(session, people[0], wanted, "2026.11", now=NOW)
    submit_draft(session, people[0], draft_id, now=NOW)
    approve_draft(session, people[1], draft_id, now=LATER)
    assert weight_in(session, "2026-12") == 5


def test_the_policy_goes_the_same_way(session, people):
    wanted = NewDraft(POLICY, "monthly_score")
    draft_id = begin_draft(session, people[0], wanted, now=NOW)
    document = get_draft(session, draft_id).document
    document["rules"]["revisit_if_gap"] = 15
    save_draft(session, people[0], draft_id, Save(document, 1, "更早复访"), now=NOW)
    submit_draft(session, people[0], draft_id, now=NOW)
    approve_draft(session, people[1], draft_id, now=NOW)
    gaps = [
        get_policy_in_force(session, month).policy.rules.revisit_gap
        for month in ("2026-11", "2026-12")
    ]
    assert gaps == [20, 15]


def visit_of(session, month, state="assigned"):
    hall = get_hall_place(session, "SX01")
    version = get_version_in_force(session, "mystery", month)
    visit = VisitRow(
        month=month,
        kind="mystery",
        hall_id="SX01",
        region_id=hall.region_id,
        auditor_id=make_person(session).person_id,
        scenario="plan_change",
        form_digest=form_for(session, version, hall, "plan_change", NOW),
        brief={},
        due_on=date.fromisoformat(f"{month}-20"),
        state=state,
        assigned_at=NOW,
    )
    session.add(visit)
    session.flush()
    return visit


def form_weight(session, visit):
    form = json.loads(session.get_one(FormRow, visit.form_digest).document)
    return next(i["weight"] for i in form["items"] if i["id"] == "ext_open")


def test_a_visit_not_begun_gets_the_new_form_when_its_month_is_meant(session, people):
    now, coming = visit_of(session, "2026-11"), visit_of(session, "2026-12")
    begun_visit = visit_of(session, "2026-12", "under_way")
    approve_draft(session, people[1], submitted(session, people[0]), now=NOW)
    job = session.scalars(select(JobRow).where(JobRow.kind == "visits.reform")).one()
    changed_count, after = reform_visits(session, job.subject, None, now=NOW)
    assert (changed_count, after) == (1, coming.visit_id)
    assert reform_visits(session, job.subject, after, now=NOW) == (0, None)
    session.expire_all()
    weights = [form_weight(session, each) for each in (now, coming, begun_visit)]
    assert weights == [5, 4, 5]
