"""Appeals on the database: who may, until when, and what a decision changes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from auditapp.domain.appeal import (
    AppealDecision,
    AppealedError,
    AppealState,
    DecidedError,
    OwnReviewError,
    TooLateError,
)
from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError
from auditapp.reads.appeal_rates import count_appealed, get_rates
from auditapp.reads.appeals import count_to_decide, get_appeal, list_appeals
from auditapp.reads.organisation import get_hall_place
from auditapp.reads.people import actor_of
from auditapp.services.appeals import decide_appeal, lodge_appeal
from auditapp.store.audits import AuditRow, OverrideRow, ScoreRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import EventRow
from desk_world import NOW, make_audit, make_world

ITEM = "ext_open"
UPHELD = AppealDecision(AppealState.UPHELD, "照片里地面有水渍。")
OVERTURNED = AppealDecision(AppealState.OVERTURNED, "照片显示开着门。", "yes")


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def visit(session, world):
    audit_id = make_audit(
        session, world, state="released", answers={ITEM: {"value": "no"}}
    )
    return session.scalar(
        select(VisitRow)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .where(AuditRow.audit_id == audit_id)
    )


def actor(session, login):
    return actor_of(session.scalar(select(PersonRow).where(PersonRow.login == login)))


def lodge(session, visit, login="hall_bd01", item=ITEM, **other):
    facts = {"reason": "那天刚拖过地。", "now": NOW} | other
    return lodge_appeal(
        session,
        actor(session, login),
        visit.visit_id,
        item,
        facts["reason"],
        is_working=lambda day: day.weekday() < 5,
        now=facts["now"],
    )


def test_an_overturned_item_is_scored_again_and_the_old_score_kept(session, visit):
    audit_id = session.scalar(select(AuditRow.audit_id))
    before = session.get(ScoreRow, (audit_id, 7)).score_milli
    appeal_id = lodge(session, visit)
    manager = actor(session, "rm_north")
    assert count_to_decide(session, manager) == 1
    decide_appeal(session, manager, appeal_id, OVERTURNED, now=NOW)
    session.commit()
    session.expire_all()
    assert session.get(ScoreRow, (audit_id, 7)).score_milli > before
    override = session.scalar(select(OverrideRow))
    assert (override.item_id, override.answer) == (ITEM, {"value": "yes"})
    appeal = get_appeal(session, actor(session, "hall_bd01"), appeal_id)
    assert appeal.line_of_queue.state is AppealState.OVERTURNED
    assert appeal.score_before == override.score_before
    assert appeal.evidence == ()  # unredacted photos are not for a hall
    names = session.scalars(select(EventRow.name)).all()
    assert {"appeal.lodged", "audit.overridden", "appeal.overturned"} <= {*names}
    assert count_to_decide(session, manager) == 0


def test_a_result_that_stands_changes_no_score(session, visit):
    appeal_id = lodge(session, visit)
    decide_appeal(session, actor(session, "hq"), appeal_id, UPHELD, now=NOW)
    assert session.scalar(select(OverrideRow)) is None
    with pytest.raises(DecidedError):
        decide_appeal(session, actor(session, "hq"), appeal_id, UPHELD, now=NOW)


def test_who_reviewed_the_audit_does_not_decide(session, world, visit):
    appeal_id = lodge(session, visit)
    visit.accepted_by = world.people["rm_north"]
    session.flush()
    manager = actor(session, "rm_north")
    assert count_to_decide(session, manager) == 0
    assert list_appeals(session, manager)[0].is_own
    with pytest.raises(OwnReviewError):
        decide_appeal(session, manager, appeal_id, UPHELD, now=NOW)
    decide_appeal(session, actor(session, "hq"), appeal_id, UPHELD, now=NOW)


@pytest.mark.parametrize("login", ["sup", "admin"])
def test_readers_who_review_nothing_decide_nothing(session, visit, login):
    appeal_id = lodge(session, visit)
    with pytest.raises(ForbiddenError):
        decide_appeal(session, actor(session, login), appeal_id, UPHELD, now=NOW)


@pytest.mark.parametrize("login", ["rm_east", "sup_other", "a11"])
def test_for_others_there_is_no_appeal(session, visit, login):
    appeal_id = lodge(session, visit)
    other = actor(session, login)
    assert list_appeals(session, other) == []
    with pytest.raises((NotFoundError, ForbiddenError)):
        decide_appeal(session, other, appeal_id, UPHELD, now=NOW)


def test_an_item_is_appealed_once_and_in_time_and_only_when_it_lost(session, visit):
    late = NOW + timedelta(days=8)
    with pytest.raises(TooLateError):
        lodge(session, visit, now=late)
    with pytest.raises(NotFoundError):
        lodge(session, visit, item="int_clean")
    with pytest.raises(InvalidError):
        lodge(session, visit, reason=" ")
    lodge(session, visit)
    with pytest.raises(AppealedError):
        lodge(session, visit)


def test_what_is_not_released_cannot_be_appealed(session, visit):
    visit.state = "accepted"
    session.flush()
    with pytest.raises(NotFoundError):
        lodge(session, visit)


def test_a_decision_needs_its_reason_and_its_answer(session, visit):
    appeal_id = lodge(session, visit)
    for faulty in (
        AppealDecision(AppealState.OPEN, "x"),
        AppealDecision(AppealState.UPHELD, " "),
        AppealDecision(AppealState.OVERTURNED, "x"),
        AppealDecision(AppealState.OVERTURNED, "x", 99),
    ):
        with pytest.raises(InvalidError):
            decide_appeal(session, actor(session, "hq"), appeal_id, faulty, now=NOW)


def test_rates_name_auditors_to_the_agency_and_headquarters_only(session, world, visit):
    visit.accepted_by = world.people["rm_north"]
    appeal_id = lodge(session, visit)
    decide_appeal(session, actor(session, "hq"), appeal_id, OVERTURNED, now=NOW)
    rates = {
        login: get_rates(session, actor(session, login))
        for login in ("hq", "admin", "rm_north", "sup", "sup_other")
    }
    assert [(r.name, r.percent) for r in rates["rm_north"].by_item] == [(ITEM, 100)]
    assert rates["rm_north"].by_auditor is None
    assert [r.name for r in rates["sup"].by_auditor] == ["C-a10"]
    assert rates["sup"].by_reviewer is None
    assert rates["admin"].by_auditor == rates["hq"].by_auditor
    assert rates["hq"].by_reviewer[0].name_en == "Person rm_north"
    assert rates["sup_other"].by_item == []


def test_every_appeal_counts_in_the_health_of_its_item(session, visit):
    lodge(session, visit)
    place = get_hall_place(session, visit.hall_id)
    key = (ITEM, visit.month, place.tier)
    assert count_appealed(session) == count_appealed(session, ITEM) == {key: 1}
    assert count_appealed(session, "int_demo") == {}
