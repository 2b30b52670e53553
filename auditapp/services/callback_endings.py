"""How calls end: answers that count, a slip taken back, calls that come too late."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.call_script import CallSheet, words_said
from auditapp.domain.callback import (
    DUE,
    HOLD,
    UNDO,
    CallbackState,
    CallOutcome,
    NotInCallError,
)
from auditapp.domain.customer_response import ResponseScore, score_response
from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.month import local_date
from auditapp.domain.text import Text
from auditapp.services.call_scripts import get_script
from auditapp.services.callbacks import close_try, hold_call, lock_own_call
from auditapp.services.customers import KEPT_DAYS
from auditapp.services.events import record_event
from auditapp.services.responses import NewResponse, take_responses
from auditapp.store.calls import CallbackRow, CallTryRow, ComplaintRow
from auditapp.store.customers import CustomerRow, TransactionRow

CONTACT_QUESTION = "cb_contact_ok"
NOTHING_SAID = Text(
    "还没有一个能计分的回答。请先提问，或选“拒绝”“没人接”。",
    "No question that counts was answered yet. Ask one, or say that the customer"
    " refused or was not reached.",
)


def finish_call(
    session: Session, actor: Actor, callback_id: UUID, now: datetime
) -> UUID:
    """Take the answers of a call into the hall's month and return the response.

    A call that the customer ended early counts with what was answered.

    Raises:
        InvalidError: Nothing that counts was answered.
        NotInCallError, NotFoundError: It is not this agent's call.
    """
    callback = hold_call(session, actor, callback_id, now)
    script = get_script(session, callback.checklist_version)
    said = script.said(callback.answers)
    score = score_response(script.form, said)
    if score is None:
        raise InvalidError([Problem("", "nothing-said", NOTHING_SAID)])
    response = _response(session, callback, script, score, now)
    taken = take_responses(session, [response], now=now)
    callback.response_id = response_id = taken.ids[str(callback_id)]
    callback.answers, callback.note = {}, ""  # the response has them; keep them once
    session.execute(
        update(ComplaintRow)
        .where(ComplaintRow.callback_id == callback_id)
        .values(response_id=response_id)
    )
    customer = session.get_one(CustomerRow, callback.customer_id, with_for_update=True)
    customer.last_called_at = now
    close_try(session, actor, callback, CallOutcome.COMPLETED, now)
    return response_id


def undo_ending(
    session: Session, actor: Actor, callback_id: UUID, now: datetime
) -> None:
    """Go on with a call that this agent has just ended by a slip of the finger.

    Answers that were taken into the month stay there.

    Raises:
        NotInCallError: Too much time has passed, a colleague has the call, it was
            completed, or this agent is in another call by now.
        NotFoundError: It is not this agent's.
    """
    callback = lock_own_call(session, actor, callback_id)
    last = _last_try(session, callback_id)
    if last is None or not _may_undo(session, actor, callback, last, now):
        raise NotInCallError
    if last.outcome != CallOutcome.DROPPED.value:
        callback.tries -= 1
    _forgive(session, callback, last)
    callback.state, callback.closed_at = CallbackState.IN_CALL.value, None
    callback.held_until = now + HOLD
    last.ended_at = last.outcome = None
    record_event(
        session, "callback.undone", callback_id, now=now, actor_id=actor.person_id
    )
    session.flush()


def let_go_of_late(session: Session, *, now: datetime) -> int:
    """Give up calls that would come too late or may not be made any more.

    What was said before a refusal is forgotten once it can no longer be taken back.
    """
    barred = select(CustomerRow.customer_id).where(
        or_(
            CustomerRow.refused_at.is_not(None),
            CustomerRow.stopped_at.is_not(None),
            CustomerRow.phone_sealed.is_(None),
        )
    )
    gone = session.execute(
        update(CallbackRow)
        .where(
            CallbackRow.state.in_([state.value for state in DUE]),
            or_(CallbackRow.call_before_at <= now, CallbackRow.customer_id.in_(barred)),
        )
        .values(state=CallbackState.LET_GO.value, closed_at=now)
        .execution_options(synchronize_session=False)
    )
    left = session.execute(
        update(CallbackRow)
        .where(
            CallbackRow.state == CallbackState.IN_CALL.value,
            CallbackRow.held_until <= now,
            CallbackRow.call_before_at <= now - timedelta(days=1),
        )
        .values(state=CallbackState.LET_GO.value, closed_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(CallbackRow)
        .where(
            CallbackRow.closed_at.between(now - timedelta(days=2), now - UNDO),
            CallbackRow.state != CallbackState.COMPLETED.value,
        )
        .values(answers={}, note="")
        .execution_options(synchronize_session=False)
    )
    return _rows(gone) + _rows(left)


def _response(
    session: Session,
    callback: CallbackRow,
    script: CallSheet,
    score: ResponseScore,
    now: datetime,
) -> NewResponse:
    transaction = session.get_one(TransactionRow, callback.transaction_id)
    said = script.said(callback.answers)
    spoken = {i["id"] for i in script.form["items"] if i["kind"] == "text"}
    return NewResponse(
        source="callback",
        origin="call",
        origin_key=str(callback.callback_id),
        hall_id=callback.hall_id,
        month=callback.month,
        happened_on=transaction.happened_on,
        received_at=now,
        business=callback.business,
        checklist_version=callback.checklist_version,
        score_milli=score.score_milli,
        lost=score.lost,
        cause=score.cause,
        answers={key: value for key, value in said.items() if key not in spoken},
        words=words_said(script, callback.answers),
        wants_call=said.get(CONTACT_QUESTION) == "yes",
        customer_id=callback.customer_id,
    )


def _last_try(session: Session, callback_id: UUID) -> CallTryRow | None:
    return session.scalar(
        select(CallTryRow)
        .where(CallTryRow.callback_id == callback_id, CallTryRow.ended_at.is_not(None))
        .order_by(CallTryRow.ended_at.desc())
        .limit(1)
    )


def _may_undo(
    session: Session,
    actor: Actor,
    callback: CallbackRow,
    last: CallTryRow,
    now: datetime,
) -> bool:
    is_free = (
        session.scalar(
            select(CallbackRow.callback_id).where(
                CallbackRow.agent_id == actor.person_id,
                CallbackRow.state == CallbackState.IN_CALL.value,
            )
        )
        is None
    )
    return (
        is_free
        and callback.state != CallbackState.COMPLETED.value
        and last.agent_id == actor.person_id
        and last.ended_at is not None
        and now - last.ended_at <= UNDO
    )


def _forgive(session: Session, callback: CallbackRow, last: CallTryRow) -> None:
    """Take back what the ending did to the customer."""
    customer = session.get_one(CustomerRow, callback.customer_id, with_for_update=True)
    if last.outcome == CallOutcome.REFUSED.value:
        customer.refused_at = None
    if last.outcome == CallOutcome.WRONG_NUMBER.value and last.ended_at:
        customer.erase_on = local_date(last.ended_at) + timedelta(days=KEPT_DAYS)


def _rows(result: object) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101 (an UPDATE's result is one)
    return int(result.rowcount)
