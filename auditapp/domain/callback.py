"""Calling customers back: when one may, what a call can come to, what follows.

Source: the contact rules of the published call script (``contact_rules``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, Self

from auditapp.domain.errors import ConflictError
from auditapp.domain.month import HALL_TIME, at_hall, local_date
from auditapp.domain.text import Text

HOLD = timedelta(minutes=30)  # a call takes three; the rest is for interruptions
UNDO = timedelta(minutes=10)
_BUSY_WAIT = timedelta(minutes=30)
_NO_ANSWER_WAIT = timedelta(hours=3)  # another time of the day


class CallbackState(Enum):
    """How far a customer drawn for a call has come."""

    WAITING = "waiting"
    IN_CALL = "in_call"
    RETRY = "retry"
    COMPLETED = "completed"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    WRONG_NUMBER = "wrong_number"
    LET_GO = "let_go"


class CallOutcome(Enum):
    """What one try to reach a customer came to."""

    COMPLETED = "completed"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    DROPPED = "dropped"


DUE = (CallbackState.WAITING, CallbackState.RETRY)
# these leave a hall's quota open: somebody else is drawn instead
FAILED = (
    CallbackState.REFUSED,
    CallbackState.UNREACHABLE,
    CallbackState.WRONG_NUMBER,
    CallbackState.LET_GO,
)


class NotInCallError(ConflictError):
    """The call has ended, or has gone to a colleague meanwhile."""

    code = "not-in-call"
    text = Text(
        "这通回访已经结束，或者已转给同事。请开始下一通。",
        "This call has ended, or a colleague has it by now. Please take the next one.",
    )


class NotNowError(ConflictError):
    """It is too early or too late in the day to call anybody."""

    code = "outside-hours"
    text = Text(
        "现在不在回访时间内，不能打扰客户。",
        "It is outside the hours in which customers may be called.",
    )


@dataclass(frozen=True, slots=True)
class CallingRules:
    """What a published script says about whom one may call, and when.

    ``first_day`` and ``last_day`` count days after the visit.
    """

    first_day: int = 1
    last_day: int = 3
    opens: time = time(9, 30)
    closes: time = time(20, 0)
    rest_days: int = 90
    attempts: int = 2

    @classmethod
    def from_document(cls, rules: Mapping[str, Any]) -> Self:
        """Read ``contact_rules`` of a checked checklist; the rest is as usual."""
        usual = cls()
        first, last = rules.get("days_after_visit", (usual.first_day, usual.last_day))
        hours = rules.get("hours", (f"{usual.opens:%H:%M}", f"{usual.closes:%H:%M}"))
        return cls(
            first_day=first,
            last_day=last,
            opens=time.fromisoformat(hours[0]),
            closes=time.fromisoformat(hours[1]),
            rest_days=rules.get("rest_days", usual.rest_days),
            attempts=rules.get("attempts", usual.attempts),
        )

    def is_open(self, now: datetime) -> bool:
        """Tell whether customers may be called at this instant."""
        return self.opens <= now.astimezone(HALL_TIME).time() < self.closes

    def opening_at_or_after(self, instant: datetime) -> datetime:
        """Return the first instant from this one on at which one may call."""
        if self.is_open(instant):
            return instant
        day, clock = local_date(instant), instant.astimezone(HALL_TIME).time()
        next_day = day + timedelta(days=1) if clock >= self.closes else day
        return at_hall(next_day, self.opens.hour, self.opens.minute)

    def call_before(self, happened_on: date) -> datetime:
        """Return until when a customer of that day may be called."""
        last = happened_on + timedelta(days=self.last_day)
        return at_hall(last, self.closes.hour, self.closes.minute)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What follows a try: the state, how many tries that were, when to try again."""

    state: CallbackState
    tries: int
    next_try_at: datetime


def after_try(
    outcome: CallOutcome,
    tries: int,
    rules: CallingRules,
    *,
    now: datetime,
    call_before_at: datetime,
) -> Aftermath:
    """Return what follows a try that came to ``outcome``; ``tries`` came before it.

    A customer who was not reached is tried again, at another time of the day, as long
    as the script's attempts and days last.
    """
    match outcome:
        case CallOutcome.COMPLETED:
            return Aftermath(CallbackState.COMPLETED, tries + 1, now)
        case CallOutcome.REFUSED:
            return Aftermath(CallbackState.REFUSED, tries + 1, now)
        case CallOutcome.WRONG_NUMBER:
            return Aftermath(CallbackState.WRONG_NUMBER, tries + 1, now)
        case CallOutcome.DROPPED:
            state = CallbackState.RETRY if tries else CallbackState.WAITING
            return Aftermath(state, tries, now)
        case CallOutcome.BUSY:
            wait = _BUSY_WAIT
        case CallOutcome.NO_ANSWER:
            wait = _NO_ANSWER_WAIT
    again_at = rules.opening_at_or_after(now + wait)
    if tries + 1 >= rules.attempts or again_at >= call_before_at:
        return Aftermath(CallbackState.UNREACHABLE, tries + 1, now)
    return Aftermath(CallbackState.RETRY, tries + 1, again_at)
