"""Passing an audit from its first look to its second, and noticing who is late."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.review import RevisedMeanwhileError
from auditapp.domain.review_turn import (
    NotYourTurnError,
    ReviewLevel,
    first_level,
    may_decide,
    may_pass_on,
    review_due,
)
from auditapp.domain.visit import AuditState, VisitState
from auditapp.reads.policies import get_policy_in_force
from auditapp.reads.review_turns import turn_of
from auditapp.services.events import record_event
from auditapp.services.review_holding import hold_in_review
from auditapp.store.audits import IS_SCORE_OF_AUDIT, AuditRow, ScoreRow
from auditapp.store.people import PersonRow
from auditapp.store.reviews import ReviewTurnRow
from auditapp.store.visits import VisitRow

CHUNK = 500


def begin_turn(session: Session, audit_id: UUID) -> None:
    """Give an audit that was just scored to whoever looks at it first.

    An answer to a return goes back to whoever asked. Twice is once: the days run from
    when the audit was complete.
    """
    found = session.execute(
        select(AuditRow, VisitRow, PersonRow.agency_id, ScoreRow.has_critical_failure)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(PersonRow, PersonRow.person_id == VisitRow.auditor_id)
        .outerjoin(ScoreRow, IS_SCORE_OF_AUDIT)
        .where(AuditRow.audit_id == audit_id, _IN_REVIEW)
    ).one_or_none()
    if found is None:
        return
    audit, visit, agency_id, is_critical = found
    turn = session.get(ReviewTurnRow, audit_id, with_for_update=True)
    if turn is not None and turn.revision == audit.revision:
        return
    since = audit.completed_at or audit.received_at
    level = first_level(visit.kind, agency_id, is_critical=bool(is_critical))
    if turn is not None:
        turn.revision = audit.revision
        if is_critical and turn.checked_by is None:  # the region had asked alone
            turn.level = level.value
        _give(session, turn, visit.month, since)
        return
    days = get_policy_in_force(session, visit.month).policy.review_days
    session.add(
        ReviewTurnRow(
            audit_id=audit_id,
            revision=audit.revision,
            level=level.value,
            agency_id=agency_id,
            began_at=since,
            due_at=review_due(level, since, days),
        )
    )
    session.flush()


def pass_on(
    session: Session, actor: Actor, audit_id: UUID, revision: int, now: datetime
) -> None:
    """Take the first look and hand the audit to the region.

    Raises:
        NotFoundError: There is no such audit for this person.
        NotYourTurnError: It is not with this person.
        NotInReviewError, RevisedMeanwhileError: Things have moved on.
    """
    audit, visit = hold_in_review(session, actor, audit_id)
    if audit.revision != revision:
        raise RevisedMeanwhileError
    turn = session.get(ReviewTurnRow, audit_id, with_for_update=True)
    if turn is None or not may_pass_on(actor, turn_of(turn), now):
        raise NotYourTurnError
    turn.level = ReviewLevel.SECOND.value
    turn.checked_by, turn.checked_at = actor.person_id, now
    _give(session, turn, visit.month, now)
    record_event(
        session,
        "audit.checked",
        audit_id,
        now=now,
        actor_id=actor.person_id,
        revision=revision,
    )


def take_over(session: Session, actor: Actor, audit_id: UUID) -> None:
    """Let the answer to what the region asks come back to the region.

    Where a critical item failed the first look is still to be taken.
    """
    turn = session.get(ReviewTurnRow, audit_id, with_for_update=True)
    if turn is None or not may_decide(actor):
        return
    is_critical = session.scalar(
        select(ScoreRow.has_critical_failure)
        .join(AuditRow, IS_SCORE_OF_AUDIT)
        .where(AuditRow.audit_id == audit_id)
    )
    if not is_critical:
        turn.level = ReviewLevel.SECOND.value


def renew_turn(session: Session, audit_id: UUID, month: str, now: datetime) -> None:
    """Let the days of an audit run from now on: its decision was taken back."""
    turn = session.get(ReviewTurnRow, audit_id, with_for_update=True)
    if turn is not None:
        _give(session, turn, month, now)


def begin_missing(session: Session) -> int:
    """Give those a turn that wait without one: from before there were turns."""
    waiting = session.scalars(
        select(AuditRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(ScoreRow, IS_SCORE_OF_AUDIT)
        .outerjoin(ReviewTurnRow, ReviewTurnRow.audit_id == AuditRow.audit_id)
        .where(ReviewTurnRow.audit_id.is_(None), _IN_REVIEW)
        .limit(CHUNK)
    ).all()
    for audit_id in waiting:
        begin_turn(session, audit_id)
    return len(waiting)


def escalate_reviews(session: Session, *, now: datetime) -> int:
    """Say of audits past their deadline that they are late; at most a chunk."""
    late = session.scalars(
        select(ReviewTurnRow)
        .join(AuditRow, AuditRow.audit_id == ReviewTurnRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(
            ReviewTurnRow.escalated_at.is_(None),
            ReviewTurnRow.due_at < now,
            _IN_REVIEW,
        )
        .order_by(ReviewTurnRow.due_at, ReviewTurnRow.audit_id)
        .limit(CHUNK)
        .with_for_update(of=ReviewTurnRow, skip_locked=True)
    ).all()
    for turn in late:
        turn.escalated_at = now
        record_event(
            session, "review.escalated", turn.audit_id, now=now, level=turn.level
        )
    return len(late)


_IN_REVIEW = (AuditRow.state == AuditState.COMPLETE.value) & (
    VisitRow.state == VisitState.IN_REVIEW.value
)


def _give(session: Session, turn: ReviewTurnRow, month: str, since: datetime) -> None:
    days = get_policy_in_force(session, month).policy.review_days
    turn.began_at, turn.escalated_at = since, None
    turn.due_at = review_due(ReviewLevel(turn.level), since, days)
