"""What a release and time do to actions: given to halls, one level up when late."""

from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from auditapp.domain.action import (
    ESCALATE_AGAIN,
    HALL,
    HIGHEST_LEVEL,
    ActionState,
    ActionStep,
    Severity,
    deadlines,
)
from auditapp.domain.policy import ActionDays
from auditapp.domain.visit import VisitState
from auditapp.reads.actions import is_late
from auditapp.reads.policies import get_policy_in_force
from auditapp.services.action_entries import entry, keep_entries
from auditapp.services.events import record_event
from auditapp.store.actions import ActionRow
from auditapp.store.audits import AuditRow
from auditapp.store.visits import VisitRow

CHUNK = 500


def give_released(session: Session, month: str, *, now: datetime) -> None:
    """Show halls what was found in the visits of a month that are released by now.

    What the hall itself puts right runs from now on.
    """
    released = (
        select(AuditRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(VisitRow.month == month, VisitRow.state == VisitState.RELEASED.value)
    )
    hidden = and_(ActionRow.audit_id.in_(released), ActionRow.shown_at.is_(None))
    days = get_policy_in_force(session, month).policy.action_days
    session.flush()
    for severity in Severity:
        session.execute(
            update(ActionRow)
            .where(
                hidden,
                ActionRow.owner == HALL,
                ActionRow.given_at.is_(None),
                ActionRow.severity == severity.value,
            )
            .values(_given(severity, days, now))
        )
    session.execute(update(ActionRow).where(hidden).values(shown_at=now))
    session.expire_all()


def escalate_late(session: Session, *, now: datetime) -> int:
    """Take late actions one level up and return how many those were, at most a chunk.

    An action goes up when its deadline has passed, and once more a week later.
    """
    is_first = and_(ActionRow.level == 0, is_late(now))
    is_second = and_(
        ActionRow.level == 1,
        ActionRow.owner == HALL,
        ActionRow.state == ActionState.OPEN.value,
        ActionRow.level_at <= now - ESCALATE_AGAIN,
    )
    late = session.scalars(
        select(ActionRow)
        .where(or_(is_first, is_second))
        .order_by(ActionRow.due_at, ActionRow.action_id)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)
    ).all()
    for action in late:
        action.level = min(action.level + 1, HIGHEST_LEVEL)
        action.level_at = now
        record_event(
            session,
            "action.escalated",
            action.action_id,
            now=now,
            hall=action.hall_id,
            level=action.level,
        )
    keep_entries(
        session,
        [_escalated(action, now) for action in late],
    )
    return len(late)


def _escalated(action: ActionRow, now: datetime) -> dict[str, object]:
    # of a department's action the time of it would tell a hall when it was visited
    kind = None if action.owner == HALL else action.kind
    step = ActionStep.ESCALATED
    return entry(action.action_id, step, now, level=action.level, kind=kind)


def _given(severity: Severity, days: ActionDays, now: datetime) -> dict[str, object]:
    until = deadlines(severity, now, days)
    return {
        "given_at": now,
        "contain_at": until.contain_at,
        "due_at": until.due_at,
        "level": 0,
        "level_at": None,
    }
