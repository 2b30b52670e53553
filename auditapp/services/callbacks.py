"""An agent's calls: one at a time, nobody else's, every step kept at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.call_script import read_answer
from auditapp.domain.callback import (
    DUE,
    HOLD,
    CallbackState,
    CallOutcome,
    NotInCallError,
    NotNowError,
    after_try,
)
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.month import local_date, month_of
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.text import Text
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.services.call_scripts import get_script, get_script_in_force
from auditapp.services.customers import reveal_number
from auditapp.services.events import record_event
from auditapp.store.calls import CallbackRow, CallTryRow
from auditapp.store.contention import hold_hashes
from auditapp.store.customers import CustomerRow

IN_CALL = CallbackState.IN_CALL.value
RETRY = CallbackState.RETRY.value
LONGEST_NOTE = 500

FAULTY_ANSWER = Text(
    "这个答案不在可选范围内，请重新选。",
    "That answer is not one of this question's; please choose again.",
)


def next_call(session: Session, actor: Actor, *, now: datetime) -> UUID | None:
    """Give an agent the most urgent call, the own unfinished one first; None: no more.

    Raises:
        NotNowError: It is too early or too late in the day.
        NotFoundError: No call script is in force.
    """
    hold_hashes(session.connection(), [actor.person_id.hex])  # two taps, one call
    callback = _own_unfinished(session, actor)
    if callback is None:
        if not get_script_in_force(session, month_of(now)).rules.is_open(now):
            raise NotNowError
        callback = _most_urgent(session, now)
        if callback is None:
            return None
        _take(session, actor, callback, now)
    callback.held_until = now + HOLD
    session.flush()
    return callback.callback_id


def save_answer(
    session: Session,
    actor: Actor,
    callback_id: UUID,
    item_id: str,
    raw: str,
    now: datetime,
) -> None:
    """Keep one answer as soon as it is given; answering again corrects it.

    Raises:
        InvalidError: It is not an answer to this question.
        NotFoundError: The call is somebody else's, or has no such question.
        NotInCallError: The call has ended.
    """
    callback = hold_call(session, actor, callback_id, now)
    script = get_script(session, callback.checklist_version)
    item = script.find_item(item_id, callback.answers)
    if item is None:
        raise NotFoundError
    is_sound, value = read_answer(item, raw)
    if not is_sound:
        raise InvalidError([Problem(f"/{item_id}", "not-an-answer", FAULTY_ANSWER)])
    if item["kind"] == "text" and value:
        value = without_numbers(value)
    callback.answers = {**callback.answers, item_id: value}


def save_note(
    session: Session, actor: Actor, callback_id: UUID, note: str, now: datetime
) -> None:
    """Keep the agent's note for the next try; numbers in it are blotted out."""
    callback = hold_call(session, actor, callback_id, now)
    callback.note = without_numbers(note.replace("\x00", "").strip())[:LONGEST_NOTE]


def reveal_for_call(
    session: Session,
    vault: PhoneVault,
    actor: Actor,
    callback_id: UUID,
    now: datetime,
) -> str:
    """Return the number for dialling; who saw it is written down.

    Raises:
        NotNowError: It is too early or too late in the day.
        NotFoundError: The call is somebody else's, or the number was erased.
    """
    callback = hold_call(session, actor, callback_id, now)
    if not get_script(session, callback.checklist_version).rules.is_open(now):
        raise NotNowError
    purpose = f"callback {callback_id}"
    number = reveal_number(
        session, vault, actor, callback.customer_id, purpose=purpose, now=now
    )
    open_try = _open_try(session, callback_id)
    if open_try is not None:
        open_try.revealed_at = open_try.revealed_at or now
    _customer(session, callback).last_called_at = now
    return number


def end_call(
    session: Session,
    actor: Actor,
    callback_id: UUID,
    outcome: CallOutcome,
    now: datetime,
) -> None:
    """End a call that was not completed: tried again later, or never again.

    Raises:
        NotInCallError, NotFoundError: It is not this agent's call.
    """
    callback = hold_call(session, actor, callback_id, now)
    customer = _customer(session, callback)
    if outcome is CallOutcome.REFUSED:
        customer.refused_at = now
    if outcome is CallOutcome.WRONG_NUMBER:
        customer.erase_on = local_date(now)  # it is a stranger's number
    close_try(session, actor, callback, outcome, now)


def close_try(
    session: Session,
    actor: Actor,
    callback: CallbackRow,
    outcome: CallOutcome,
    now: datetime,
) -> None:
    """Write down what a try came to and what follows."""
    rules = get_script(session, callback.checklist_version).rules
    then = after_try(
        outcome,
        callback.tries,
        rules,
        now=now,
        call_before_at=callback.call_before_at,
    )
    callback.state, callback.tries = then.state.value, then.tries
    callback.next_try_at, callback.held_until = then.next_try_at, None
    callback.closed_at = None if then.state in DUE else now
    open_try = _open_try(session, callback.callback_id)
    if open_try is not None:
        open_try.ended_at, open_try.outcome = now, outcome.value
    record_event(
        session,
        f"callback.{outcome.value}",
        callback.callback_id,
        now=now,
        actor_id=actor.person_id,
        state=then.state.value,
        tries=then.tries,
    )
    session.flush()


def hold_call(
    session: Session, actor: Actor, callback_id: UUID, now: datetime
) -> CallbackRow:
    """Return this agent's call for a change, and hold it for a while longer.

    Raises:
        NotInCallError: It was this agent's and has ended.
        NotFoundError: It is not this agent's.
    """
    callback = lock_own_call(session, actor, callback_id)
    if callback.state != IN_CALL:
        raise NotInCallError
    callback.held_until = now + HOLD
    return callback


def lock_own_call(session: Session, actor: Actor, callback_id: UUID) -> CallbackRow:
    """Return a call of this agent, ended or not; nobody else changes it meanwhile.

    Raises:
        NotFoundError: It is not this agent's.
    """
    callback = session.scalar(
        select(CallbackRow)
        .where(
            CallbackRow.callback_id == callback_id,
            CallbackRow.agent_id == actor.person_id,
        )
        .with_for_update()
    )
    if callback is None:
        raise NotFoundError
    return callback


def _own_unfinished(session: Session, actor: Actor) -> CallbackRow | None:
    """Return the call this agent has in hand, even if the hold has lapsed."""
    return session.scalar(
        select(CallbackRow)
        .where(CallbackRow.agent_id == actor.person_id, CallbackRow.state == IN_CALL)
        .limit(1)
        .with_for_update()
    )


def _most_urgent(session: Session, now: datetime) -> CallbackRow | None:
    """Return the call to make next and let nobody else have it.

    Promised retries and calls that a colleague left lying go first, then who must be
    called soonest; among equals chance decides (the ids are random).
    """
    is_due = CallbackRow.state.in_([state.value for state in DUE]) & (
        CallbackRow.next_try_at <= now
    )
    was_left = (CallbackRow.state == IN_CALL) & (CallbackRow.held_until <= now)
    return session.scalar(
        select(CallbackRow)
        .join(CustomerRow, CustomerRow.customer_id == CallbackRow.customer_id)
        .where(
            or_(is_due, was_left),
            CallbackRow.call_before_at > now,
            CustomerRow.refused_at.is_(None),
            CustomerRow.stopped_at.is_(None),
            CustomerRow.phone_sealed.is_not(None),
        )
        .order_by(
            case((CallbackRow.state.in_([RETRY, IN_CALL]), 0), else_=1),
            CallbackRow.call_before_at,
            CallbackRow.callback_id,
        )
        .limit(1)
        .with_for_update(of=CallbackRow, skip_locked=True)
    )


def _take(session: Session, actor: Actor, callback: CallbackRow, now: datetime) -> None:
    session.execute(
        update(CallTryRow)
        .where(
            CallTryRow.callback_id == callback.callback_id,
            CallTryRow.ended_at.is_(None),
        )
        .values(ended_at=now, outcome=CallOutcome.DROPPED.value)
    )
    callback.state, callback.agent_id = IN_CALL, actor.person_id
    session.add(CallTryRow(callback_id=callback.callback_id, agent_id=actor.person_id))
    record_event(
        session,
        "callback.taken",
        callback.callback_id,
        now=now,
        actor_id=actor.person_id,
    )


def _open_try(session: Session, callback_id: UUID) -> CallTryRow | None:
    return session.scalar(
        select(CallTryRow).where(
            CallTryRow.callback_id == callback_id, CallTryRow.ended_at.is_(None)
        )
    )


def _customer(session: Session, callback: CallbackRow) -> Any:  # noqa: ANN401
    return session.get_one(CustomerRow, callback.customer_id, with_for_update=True)
