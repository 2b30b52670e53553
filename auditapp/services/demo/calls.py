"""The demonstration's calls: completed, refused, never reached, and today's queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from auditapp.domain.month import at_hall, local_date
from auditapp.services.demo.complaints import complain
from auditapp.services.demo.counters import Counter, Heard
from auditapp.services.demo.voices import Voice
from auditapp.store.calls import CallbackRow, CallTryRow

DAYS_UNTIL_CALLED = (1, 2)
LAST_DAY_TO_CALL, LAST_HOUR = 3, 20
FIRST_HOUR = 10
CALL_MINUTES, TRY_AGAIN = timedelta(minutes=4), timedelta(hours=3)
NOT_REACHED = ("refused", "unreachable", "unreachable", "wrong_number", "let_go")
TRIES = {"refused": 1, "unreachable": 2, "wrong_number": 1, "let_go": 0}
TRY_OUTCOMES = {
    "refused": "refused",
    "unreachable": "no_answer",
    "wrong_number": "wrong_number",
}
QUEUED = 2  # of each hall, in the current month
RETRIED_SHARE = 0.35  # of the queue
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CallRoom:
    """Who calls, and by which version of the script."""

    agents: Sequence[UUID]
    version: str
    is_current: bool  # the month is under way


def call_back(counter: Counter, voices: Sequence[Voice], room: CallRoom) -> None:
    """Tell a hall's calls of the month; the latest customers are still in the queue."""
    for voice in voices:
        transaction = counter.serve()
        at = _called_at(counter, transaction)
        if at < counter.now:
            _complete(counter, transaction, voice, room, at)
    for state in counter.chance.sample(NOT_REACHED, 2) if voices else ():
        transaction = counter.serve()
        at = _called_at(counter, transaction)
        if at < counter.now:
            _fail(counter, transaction, state, room, at)
    if room.is_current and voices:
        for _ in range(QUEUED):
            _queue(counter, room)


def _complete(
    counter: Counter, transaction: Row, voice: Voice, room: CallRoom, at: datetime
) -> None:
    row = _callback(counter, transaction, "completed", 1, at, room)
    heard = Heard(
        "callback",
        "call",
        str(row["callback_id"]),
        room.version,
        at + CALL_MINUTES,
        transaction["happened_on"],
        transaction["business"],
        transaction["customer_id"],
    )
    response_id = counter.hear(voice, heard)
    transaction["customer"]["last_called_at"] = at
    row |= {"response_id": response_id, "closed_at": at + CALL_MINUTES}
    counter.records.add(CallbackRow, **row)
    _try(counter, row, at, "completed")
    complain(counter, transaction, voice, response_id, at, row)


def _fail(
    counter: Counter, transaction: Row, state: str, room: CallRoom, at: datetime
) -> None:
    tries = TRIES[state]
    row = _callback(counter, transaction, state, tries, at, room)
    row["closed_at"] = at + tries * TRY_AGAIN
    counter.records.add(CallbackRow, **row)
    if state == "refused":
        transaction["customer"]["refused_at"] = at
    for number in range(tries):
        _try(counter, row, at + number * TRY_AGAIN, TRY_OUTCOMES[state])


def _queue(counter: Counter, room: CallRoom) -> None:
    """Add a customer of the last days who is to be called today."""
    days = min(counter.days, counter.chance.choice(DAYS_UNTIL_CALLED))
    day = local_date(counter.now) - timedelta(days=days)
    hour = counter.chance.randrange(FIRST_HOUR, FIRST_HOUR + 6)
    transaction = counter.serve(at_hall(day, hour, counter.chance.randrange(60)))
    is_again = counter.chance.random() < RETRIED_SHARE
    state, tries = ("retry", 1) if is_again else ("waiting", 0)
    row = _callback(counter, transaction, state, tries, counter.now, room)
    counter.records.add(CallbackRow, **row)
    if is_again:
        _try(counter, row, counter.now - TRY_AGAIN, "no_answer")


def _callback(
    counter: Counter,
    transaction: Row,
    state: str,
    tries: int,
    at: datetime,
    room: CallRoom,
) -> Row:
    last = transaction["happened_on"] + timedelta(days=LAST_DAY_TO_CALL)
    return {
        "callback_id": counter.new_id(),
        "transaction_id": transaction["transaction_id"],
        "customer_id": transaction["customer_id"],
        "hall_id": counter.hall_id,
        "month": counter.month,
        "business": transaction["business"],
        "checklist_version": room.version,
        "state": state,
        "tries": tries,
        "next_try_at": at,
        "call_before_at": at_hall(last, LAST_HOUR),
        "agent_id": counter.chance.choice(room.agents) if tries else None,
        "held_until": None,
        "answers": {},
        "note": "",
        "response_id": None,
        "drawn_at": at_hall(local_date(at), 1),
        "closed_at": None,
    }


def _try(counter: Counter, callback: Row, at: datetime, outcome: str) -> None:
    counter.records.add(
        CallTryRow,
        try_id=counter.new_id(),
        callback_id=callback["callback_id"],
        agent_id=callback["agent_id"],
        revealed_at=at,
        ended_at=at + CALL_MINUTES,
        outcome=outcome,
    )


def _called_at(counter: Counter, transaction: Row) -> datetime:
    days = counter.chance.choice(DAYS_UNTIL_CALLED)
    hour = counter.chance.randrange(FIRST_HOUR, LAST_HOUR - 4)
    day = transaction["happened_on"] + timedelta(days=days)
    return at_hall(day, hour, counter.chance.randrange(60))
