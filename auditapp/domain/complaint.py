"""A problem a customer told: whose it is, until when, and how it may be closed.

Source: domain/reference.md, section 2.5 (categories, usual causes).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from auditapp.domain.errors import ConflictError
from auditapp.domain.month import at_hall, local_date
from auditapp.domain.text import Text

PROMISES = (1, 2, 3, 5, 7)  # days; State Grid answers within 7
USUAL_PROMISE, SEVERE_PROMISE = 3, 1
END_OF_DAY = 18
MOST_CHECKS = 2
CHECK_AGAIN = timedelta(hours=3)
SOON = timedelta(hours=24)


class ComplaintState(Enum):
    """Who is to move: the owner, then whoever asks the customer, then nobody."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class CheckOutcome(Enum):
    """What came of asking the customer whether the promise was kept."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    NOT_REACHED = "not_reached"
    NOT_ASKED = "not_asked"


class NotDueError(ConflictError):
    """The complaint is closed, or a colleague is asking the customer."""

    code = "complaint-not-due"
    text = Text(
        "这条投诉已经处理完，或者同事正在回访。",
        "This complaint is closed, or a colleague is calling the customer.",
    )


class NoCauseError(ConflictError):
    """Nothing is answered without a cause."""

    code = "complaint-without-cause"
    text = Text("请先选原因，再答复。", "Choose the cause first; an answer needs one.")


@dataclass(frozen=True, slots=True)
class ComplaintKind:
    """One kind of complaint, its usual cause and who usually owns it."""

    category_id: str
    name: Text
    cause: str
    owner: str


CATEGORIES: Mapping[str, ComplaintKind] = {
    each.category_id: each
    for each in (
        ComplaintKind("service", Text("服务", "Service"), "front_line", "hall"),
        ComplaintKind("tariff", Text("资费", "Tariff"), "process", "marketing"),
        ComplaintKind("marketing", Text("营销", "Marketing"), "process", "marketing"),
        ComplaintKind("charging", Text("计费", "Charging"), "support", "it"),
        ComplaintKind("network", Text("网络", "Network"), "support", "network"),
        ComplaintKind(
            "privacy_safety",
            Text("隐私安全", "Privacy and safety"),
            "process",
            "security",
        ),
        ComplaintKind("facility", Text("设施", "Facilities"), "support", "facilities"),
        ComplaintKind(
            "number_port", Text("携号转网", "Number porting"), "process", "rules"
        ),
    )
}


def promise_at(days: int, now: datetime) -> datetime:
    """Return the instant by which an answer was promised in ``days`` days."""
    due_on: date = local_date(now) + timedelta(days=days)
    return at_hall(due_on, END_OF_DAY)


def after_reply(*, can_be_asked: bool) -> tuple[ComplaintState, CheckOutcome | None]:
    """Return what an owner's answer leads to: the customer is asked where one may."""
    if can_be_asked:
        return ComplaintState.ANSWERED, None
    return ComplaintState.CLOSED, CheckOutcome.NOT_ASKED


def after_check(
    outcome: CheckOutcome, checks: int
) -> tuple[ComplaintState, CheckOutcome | None]:
    """Return what a call to the customer leads to; ``checks`` failed ones came before.

    A complaint is closed only after the customer was asked, or was not reached twice.
    """
    match outcome:
        case CheckOutcome.SOLVED:
            return ComplaintState.CLOSED, outcome
        case CheckOutcome.NOT_SOLVED:
            return ComplaintState.OPEN, outcome
        case _ if checks + 1 >= MOST_CHECKS:
            return ComplaintState.CLOSED, CheckOutcome.NOT_REACHED
        case _:
            return ComplaintState.ANSWERED, None


def urgency(state: ComplaintState, promised_at: datetime, now: datetime) -> str:
    """Return ``late``, ``soon`` or nothing for a complaint that waits for its owner."""
    if state is not ComplaintState.OPEN:
        return ""
    if promised_at <= now:
        return "late"
    return "soon" if promised_at - now <= SOON else ""
