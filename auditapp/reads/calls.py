"""A call as its agent sees it, and the queue; numbers come out masked only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.callback import DUE, CallbackState
from auditapp.domain.complaint import CHECK_AGAIN, ComplaintState
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import at_hall, local_date
from auditapp.domain.phone_number import masked, masked_name
from auditapp.domain.text import Text
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.store.calls import CallbackRow, CallTryRow, ComplaintRow
from auditapp.store.customers import CustomerRow, TransactionRow
from auditapp.store.organisation import HallRow

EARLIER_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Passed:
    """A complaint as it stands beside a call."""

    complaint_id: UUID
    category: str
    created_at: datetime
    promise_at: datetime
    state: ComplaintState
    is_severe: bool
    is_of_this_call: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One customer to talk to; ``name`` and ``number`` are masked."""

    callback_id: UUID
    state: CallbackState
    name: str
    number: str
    hall: Text
    happened_on: date
    business: str
    tries: int
    note: str
    answers: Mapping[str, Any]
    checklist_version: str
    passed: tuple[Passed, ...]  # complaints of this customer, the latest first

    @property
    def complaint(self) -> Passed | None:
        """The complaint that this call has brought."""
        return next((each for each in self.passed if each.is_of_this_call), None)


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for an agent, and what the agent has done today."""

    waiting: int
    retries: int
    later: int
    checks: int
    in_hand: UUID | None
    completed: int
    refused: int
    not_reached: int


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call for an operator."""

    callback_id: UUID
    happened_on: date
    hall_id: str
    business: str
    state: str
    tries: int


def get_call(
    session: Session, vault: PhoneVault, actor: Actor, callback_id: UUID
) -> Call:
    """Return a call that is this agent's.

    Raises:
        NotFoundError: It is not, or there is none.
    """
    row = session.execute(
        select(
            CallbackRow,
            CustomerRow.surname,
            CustomerRow.phone_sealed,
            HallRow.name_zh,
            HallRow.name_en,
            TransactionRow.happened_on,
        )
        .join(CustomerRow, CustomerRow.customer_id == CallbackRow.customer_id)
        .join(HallRow, HallRow.hall_id == CallbackRow.hall_id)
        .join(
            TransactionRow, TransactionRow.transaction_id == CallbackRow.transaction_id
        )
        .where(
            CallbackRow.callback_id == callback_id,
            CallbackRow.agent_id == actor.person_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    call = row.CallbackRow
    return Call(
        callback_id=callback_id,
        state=CallbackState(call.state),
        name=masked_name(row.surname),
        number=masked_number(vault, row.phone_sealed),
        hall=Text(row.name_zh, row.name_en),
        happened_on=row.happened_on,
        business=call.business,
        tries=call.tries,
        note=call.note,
        answers=call.answers,
        checklist_version=call.checklist_version,
        passed=_passed(session, call),
    )


def masked_number(vault: PhoneVault, sealed: bytes | None) -> str:
    """Return what may be shown of a sealed number; nothing of an erased one."""
    return masked(vault.unseal(sealed)) if sealed else ""


def get_queue(session: Session, actor: Actor, now: datetime) -> Queue:
    """Count what waits and what this agent has done today."""
    due = (CallbackRow.next_try_at <= now) & (CallbackRow.call_before_at > now)
    is_retry = CallbackRow.state == CallbackState.RETRY.value
    counts = session.execute(
        select(
            func.count(case((due & ~is_retry, 1))).label("waiting"),
            func.count(case((due & is_retry, 1))).label("retries"),
            func.count(case((CallbackRow.next_try_at > now, 1))).label("later"),
        ).where(CallbackRow.state.in_([state.value for state in DUE]))
    ).one()
    done = _done_today(session, actor, now)
    return Queue(
        waiting=counts.waiting,
        retries=counts.retries,
        later=counts.later,
        checks=_checks_due(session, now),
        in_hand=session.scalar(
            select(CallbackRow.callback_id).where(
                CallbackRow.agent_id == actor.person_id,
                CallbackRow.state == CallbackState.IN_CALL.value,
            )
        ),
        completed=done.get("completed", 0),
        refused=done.get("refused", 0),
        not_reached=sum(
            done.get(each, 0) for each in ("no_answer", "busy", "wrong_number")
        ),
    )


def list_calls(
    session: Session, *, state: str | None, hall_id: str | None, most: int
) -> list[CallLine]:
    """Return calls for an operator, the most urgent first."""
    statement = (
        select(
            CallbackRow.callback_id,
            TransactionRow.happened_on,
            CallbackRow.hall_id,
            CallbackRow.business,
            CallbackRow.state,
            CallbackRow.tries,
        )
        .join(
            TransactionRow, TransactionRow.transaction_id == CallbackRow.transaction_id
        )
        .order_by(CallbackRow.call_before_at, CallbackRow.callback_id)
        .limit(most)
    )
    if state:
        statement = statement.where(CallbackRow.state == state)
    if hall_id:
        statement = statement.where(CallbackRow.hall_id == hall_id)
    return [CallLine(*row) for row in session.execute(statement)]


def _passed(session: Session, call: CallbackRow) -> tuple[Passed, ...]:
    rows = session.scalars(
        select(ComplaintRow)
        .where(ComplaintRow.customer_id == call.customer_id)
        .order_by(ComplaintRow.created_at.desc())
        .limit(EARLIER_SHOWN)
    )
    return tuple(_complaint(row, call.callback_id) for row in rows)


def _complaint(row: ComplaintRow, callback_id: UUID) -> Passed:
    return Passed(
        complaint_id=row.complaint_id,
        category=row.category,
        created_at=row.created_at,
        promise_at=row.promise_at,
        state=ComplaintState(row.state),
        is_severe=row.is_severe,
        is_of_this_call=row.callback_id == callback_id,
    )


def _done_today(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    midnight = at_hall(local_date(now), 0)
    rows = session.execute(
        select(CallTryRow.outcome, func.count().label("tries"))
        .where(CallTryRow.agent_id == actor.person_id, CallTryRow.ended_at >= midnight)
        .group_by(CallTryRow.outcome)
    )
    return {row.outcome: row.tries for row in rows}


def _checks_due(session: Session, now: datetime) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(ComplaintRow)
            .where(
                ComplaintRow.state == ComplaintState.ANSWERED.value,
                (ComplaintRow.checks == 0)
                | (ComplaintRow.checked_at <= now - CHECK_AGAIN),
            )
        )
        or 0
    )
