"""Opening, holding and reopening months."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import is_month, month_of
from auditapp.domain.month_life import (
    MonthClosedError,
    MonthState,
    check_reopening,
    require_headquarters,
)
from auditapp.services.events import record_event
from auditapp.store.contention import insert_new, table_of
from auditapp.store.months import MonthRow

MONTHS = table_of(MonthRow)


def hold_month(session: Session, month: str, now: datetime) -> MonthRow:
    """Return a month, new or known; nobody else writes its scores meanwhile.

    A month whose days are over is collecting from then on.

    Raises:
        NotFoundError: That is no month.
    """
    if not is_month(month):
        raise NotFoundError
    state = _state_at(month, now)
    insert_new(
        session.connection(),
        MONTHS,
        {"month": month, "state": state.value, "ledger_number": 0, "changed_at": now},
    )
    row = session.scalars(
        select(MonthRow)
        .where(MonthRow.month == month)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.state == MonthState.OPEN.value and state is MonthState.COLLECTING:
        row.state, row.changed_at = state.value, now
    return row


def hold_open_month(session: Session, month: str, now: datetime) -> MonthRow:
    """Return a month that is not closed, held until the transaction ends.

    Raises:
        MonthClosedError: It is closed; nothing of it may change.
    """
    row = hold_month(session, month, now)
    if row.state == MonthState.CLOSED.value:
        raise MonthClosedError
    return row


def is_closed(session: Session, month: str) -> bool:
    """Tell whether a month is closed now."""
    state = session.scalar(select(MonthRow.state).where(MonthRow.month == month))
    return state == MonthState.CLOSED.value


def reopen_month(
    session: Session, month: str, reason: str, *, now: datetime, actor: Actor | None
) -> None:
    """Open a closed month again; its ledgers stay.

    ``actor`` is None on the command line.

    Raises:
        ForbiddenError: Only headquarters reopens.
        MonthNotClosedError: It is not closed.
        InvalidError: No reason is given.
    """
    if actor is not None:
        require_headquarters(actor)
    row = hold_month(session, month, now)
    row.reason = check_reopening(MonthState(row.state), reason)
    row.state, row.changed_at = MonthState.COLLECTING.value, now
    row.changed_by = _who(actor)
    session.flush()
    record_event(
        session,
        "month.reopened",
        month,
        now=now,
        actor_id=_who(actor),
        reason=row.reason,
        ledger=row.ledger_number,
    )


def _state_at(month: str, now: datetime) -> MonthState:
    is_over = month < month_of(now)
    return MonthState.COLLECTING if is_over else MonthState.OPEN


def _who(actor: Actor | None) -> UUID | None:
    return actor.person_id if actor else None
