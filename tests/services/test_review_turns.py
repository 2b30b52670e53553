"""Two looks at an audit: who has it, until when, and what that lets them do."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError
from auditapp.domain.review_turn import NotYourTurnError, ReviewLevel
from auditapp.reads.review_queue import list_elsewhere, list_waiting
from auditapp.reads.review_turns import get_turn
from auditapp.services import reviews
from auditapp.services.review_turns import (
    begin_missing,
    begin_turn,
    escalate_reviews,
    pass_on,
)
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.store.audits import AuditRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import EventRow
from desk_world import NOW, confirm_all, make_audit, make_world, person

CRITICAL = {"ext_open": {"value": "no", "note": "九点半还没开门"}}
AFTER_FIRST = NOW + timedelta(days=2, seconds=1)


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def audit(session, world):
    return arrive(session, world)


@pytest.fixture
def critical(session, world):
    audit_id = arrive(session, world, hall_id="BD02", answers=CRITICAL)
    confirm_all(session, person(session, "rm_north"), audit_id)
    return audit_id


def arrive(session, world, **changes):
    audit_id = make_audit(session, world, **changes)
    begin_turn(session, audit_id)
    session.commit()
    return audit_id


def waiting(session, login, now=NOW):
    found = list_waiting(session, person(session, login), 20, now)
    assert found.count == len(found.lines)
    return [line.audit_id for line in found.lines]


def elsewhere(session, login, now=NOW):
    found = list_elsewhere(session, person(session, login), 20, now)
    return [line.audit_id for line in found.lines]


def test_an_audit_waits_for_the_agency_first_and_then_for_the_region(session, audit):
    assert waiting(session, "sup") == [audit] == elsewhere(session, "rm_north")
    assert waiting(session, "rm_north") == waiting(session, "hq") == []
    assert waiting(session, "sup_other") == elsewhere(session, "sup_other") == []

    pass_on(session, person(session, "sup"), audit, 7, NOW)

    assert waiting(session, "sup") == []
    assert elsewhere(session, "sup") == [audit] == waiting(session, "rm_north")
    turn = get_turn(session, audit)
    assert turn.due_at == NOW + timedelta(days=3)


def test_the_region_need_not_wait_where_nothing_critical_failed(session, audit):
    reviews.accept_audit(session, person(session, "rm_north"), audit, 7, NOW)

    assert waiting(session, "sup") == []


def test_a_critical_finding_needs_the_agencys_look_before_the_regions(
    session, critical
):
    manager = person(session, "rm_north")
    with pytest.raises(InvalidError) as refused:
        reviews.accept_audit(session, manager, critical, 7, NOW)
    assert [p.code for p in refused.value.problems] == ["first-look"]

    pass_on(session, person(session, "sup"), critical, 7, NOW)
    reviews.accept_audit(session, manager, critical, 7, NOW)


def test_headquarters_looks_first_only_when_the_agency_is_late(session, critical):
    headquarters = person(session, "hq")
    with pytest.raises(NotYourTurnError):
        pass_on(session, headquarters, critical, 7, NOW)

    pass_on(session, headquarters, critical, 7, AFTER_FIRST)

    with pytest.raises(InvalidError) as refused:
        reviews.accept_audit(session, headquarters, critical, 7, AFTER_FIRST)
    assert [p.code for p in refused.value.problems] == ["own-look"]
    reviews.accept_audit(session, person(session, "rm_north"), critical, 7, AFTER_FIRST)


def test_own_staffs_critical_findings_are_looked_at_by_headquarters_first(
    session, world
):
    auditor = session.scalar(select(PersonRow).where(PersonRow.login == "a10"))
    auditor.agency_id = None
    audit = arrive(session, world, answers=CRITICAL)
    plain = arrive(session, world, hall_id="BD02")

    assert set(waiting(session, "hq")) == {audit, plain}
    assert waiting(session, "rm_north") == [plain]
    pass_on(session, person(session, "hq"), audit, 7, NOW)
    assert set(waiting(session, "rm_north")) == {audit, plain}


def test_the_agency_asks_only_while_it_has_its_look(session, audit):
    supervisor = person(session, "sup")
    reviews.note_item(session, supervisor, audit, "ext_open", "几点开的门？", NOW)
    reviews.drop_note(session, supervisor, audit, "ext_open")
    pass_on(session, supervisor, audit, 7, NOW)

    with pytest.raises(NotYourTurnError):
        reviews.note_item(session, supervisor, audit, "ext_open", "？", NOW)
    with pytest.raises(NotFoundError):
        pass_on(session, person(session, "sup_other"), audit, 7, NOW)


@pytest.mark.parametrize("login", ["rm_north", "hq_view", "a10", "hall_bd01"])
def test_nobody_else_takes_a_first_look(session, audit, login):
    with pytest.raises((NotYourTurnError, ForbiddenError)):
        pass_on(session, person(session, login), audit, 7, NOW)


def test_an_answer_goes_back_to_whoever_asked_with_new_days(session, audit):
    supervisor = person(session, "sup")
    reviews.note_item(session, supervisor, audit, "ext_open", "几点开的门？", NOW)
    reviews.return_audit(session, supervisor, audit, 7, AFTER_FIRST, NOW)
    answered_at = NOW + timedelta(days=1)
    row = session.get(AuditRow, audit)
    row.revision, row.state, row.completed_at = 8, "complete", answered_at
    reopen_visit(session, row)

    begin_turn(session, audit)
    begin_turn(session, audit)

    turn = get_turn(session, audit)
    assert turn.level is ReviewLevel.FIRST
    assert turn.due_at == answered_at + timedelta(days=2)
    assert waiting(session, "sup") == [audit]


def test_what_the_region_asked_alone_comes_back_to_the_region(session, audit):
    answer_to_the_region(session, audit)

    assert waiting(session, "rm_north") == [audit]


def test_an_answer_that_turns_out_critical_still_needs_the_first_look(session, audit):
    answer_to_the_region(session, audit, is_critical=True)

    assert waiting(session, "rm_north") == []
    assert waiting(session, "sup") == [audit]


def answer_to_the_region(session, audit, *, is_critical=False):
    manager = person(session, "rm_north")
    reviews.note_item(session, manager, audit, "ext_open", "几点开的门？", NOW)
    reviews.return_audit(session, manager, audit, 7, AFTER_FIRST, NOW)
    row = session.get(AuditRow, audit)
    row.revision, row.state = 8, "complete"
    if is_critical:
        document = json.loads(row.document)
        document["answers"] |= CRITICAL
        row.document = json.dumps(document).encode()
    reopen_visit(session, row)
    keep_judgement(session, judge_audit(session, audit), now=NOW)
    begin_turn(session, audit)


def reopen_visit(session, row):
    session.get(VisitRow, row.visit_id).state = "in_review"
    session.flush()


def test_what_is_late_is_said_once_waits_for_the_region_too_and_stays_undecided(
    session, audit
):
    assert escalate_reviews(session, now=NOW) == 0
    assert escalate_reviews(session, now=AFTER_FIRST) == 1
    assert escalate_reviews(session, now=AFTER_FIRST + timedelta(days=90)) == 0

    names = session.scalars(select(EventRow.name)).all()
    assert names.count("review.escalated") == 1
    assert waiting(session, "rm_north", AFTER_FIRST) == [audit]
    assert waiting(session, "sup", AFTER_FIRST) == [audit]
    assert session.get(AuditRow, audit).state == "complete"


def test_a_decision_that_is_taken_back_has_its_days_again(session, audit):
    manager, later = person(session, "rm_north"), NOW + timedelta(days=9)
    reviews.accept_audit(session, manager, audit, 7, NOW)

    reviews.reopen_audit(session, manager, audit, 7, later)

    assert get_turn(session, audit).due_at > later


def test_audits_from_before_there_were_turns_wait_for_the_region_and_get_one(
    session, world
):
    audit = make_audit(session, world)
    assert waiting(session, "rm_north") == [audit] == waiting(session, "hq")
    assert elsewhere(session, "sup") == [audit]

    assert begin_missing(session) == 1
    assert begin_missing(session) == 0
    assert waiting(session, "sup") == [audit]
