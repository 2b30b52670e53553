"""Whose turn it is with an audit, and what was confirmed of its findings."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.finding_cause import FindingCause
from auditapp.domain.review_turn import ReviewLevel, ReviewTurn
from auditapp.store.reviews import ConfirmedCauseRow, ReviewTurnRow


def turn_of(row: ReviewTurnRow | None) -> ReviewTurn | None:
    """Return a row's turn; None for audits from before there were turns."""
    if row is None:
        return None
    return ReviewTurn(
        level=ReviewLevel(row.level),
        agency_id=row.agency_id,
        due_at=row.due_at,
        escalated_at=row.escalated_at,
        checked_by=row.checked_by,
        checked_at=row.checked_at,
    )


def get_turn(session: Session, audit_id: UUID) -> ReviewTurn | None:
    """Return whose turn it is with an audit."""
    return turn_of(session.get(ReviewTurnRow, audit_id))


def is_turn_of(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Return which audits wait for this person; selects outer-join the turn.

    What the agency has not looked at in time waits for the region as well. Without an
    agency the first look is headquarters'.
    """
    level = func.coalesce(ReviewTurnRow.level, ReviewLevel.SECOND.value)
    is_first = level == ReviewLevel.FIRST.value
    if actor.role is Role.AGENCY_SUPERVISOR:
        return is_first & (ReviewTurnRow.agency_id == actor.agency_id)
    is_second = level == ReviewLevel.SECOND.value
    is_late = and_(is_first, ReviewTurnRow.due_at < now)
    if actor.role is Role.HEADQUARTERS:
        return or_(is_second, is_late, is_first & ReviewTurnRow.agency_id.is_(None))
    return or_(is_second, is_late)


def confirmed_causes(session: Session, audit_id: UUID) -> Mapping[str, FindingCause]:
    """Return what was confirmed of an audit's findings, by item."""
    rows = session.execute(
        select(
            ConfirmedCauseRow.item_id, ConfirmedCauseRow.cause, ConfirmedCauseRow.owner
        ).where(ConfirmedCauseRow.audit_id == audit_id)
    )
    return {row.item_id: FindingCause(row.cause, row.owner) for row in rows}
