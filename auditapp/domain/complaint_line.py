"""The line a complaint goes along, its deadlines, and what makes it go up at once.

Source: domain/reference.md, section 2.5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from auditapp.domain.errors import ConflictError, InvalidError, Problem
from auditapp.domain.month import at_hall, local_date
from auditapp.domain.text import Text
from auditapp.domain.working_days import IsWorking, after_working_days

CONTACT_DAYS = 1  # working days; a severe one the same day
ANSWER_DAYS = 7
REPEATED_WITHIN = timedelta(days=90)


class ComplaintStep(Enum):
    """What happened to a complaint; the first seven make the line."""

    RECEIVED = "received"
    CLASSIFIED = "classified"
    CONTACTED = "contacted"
    INVESTIGATED = "investigated"
    ANSWERED = "answered"
    CALLED_BACK = "called_back"
    LEARNED = "learned"
    REOPENED = "reopened"  # the customer says that it is not solved
    ESCALATED = "escalated"


LINE = tuple(ComplaintStep)[:7]
UNDONE = (ComplaintStep.ANSWERED, ComplaintStep.CALLED_BACK)  # by a reopening


class Escalation(Enum):
    """Why a complaint goes to headquarters at once."""

    REPEAT = "repeat"
    REGULATOR = "regulator"
    SAFETY = "safety"
    GROUP = "group"


SIGNS = {
    Escalation.REGULATOR: ("工信部", "管局", "12300", "12315", "消协", "曝光", "媒体"),
    Escalation.SAFETY: ("受伤", "诈骗", "泄露", "起火", "触电", "摔"),
    Escalation.GROUP: ("集体", "多人", "大家都", "整栋", "全小区", "业主群"),
}


class NotYetError(ConflictError):
    """The complaint is not that far, or is past it."""

    code = "complaint-not-there"
    text = Text("现在还不能做这一步。", "This step cannot be done now.")


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step that happened; ``role`` is who did it, None for a customer's message."""

    step: ComplaintStep
    at: datetime
    role: str | None
    words: str


@dataclass(frozen=True, slots=True)
class LineStage:
    """One stage of the line: done, or until when it is due."""

    step: ComplaintStep
    done: StepDone | None
    until: datetime | None
    is_late: bool


def escalations(category: str, words: str, *, is_repeat: bool) -> list[Escalation]:
    """Return why a complaint goes up at once; most of them do not."""
    found = [
        reason
        for reason, signs in SIGNS.items()
        if any(sign in words for sign in signs)
        or (reason is Escalation.SAFETY and category == "privacy_safety")
    ]
    return [Escalation.REPEAT, *found] if is_repeat else found


def contact_until(
    created_at: datetime, is_working: IsWorking, *, is_severe: bool
) -> datetime:
    """Return until when the customer is to be spoken to."""
    days = 0 if is_severe else CONTACT_DAYS
    last = after_working_days(local_date(created_at), days, is_working)
    return at_hall(last + timedelta(days=1), 0)


def answer_until(created_at: datetime, promise_at: datetime) -> datetime:
    """Return until when it is to be answered: as promised, or within seven days."""
    last = local_date(created_at) + timedelta(days=ANSWER_DAYS + 1)
    return min(promise_at, at_hall(last, 0)) if promise_at > created_at else promise_at


def in_order(steps: Iterable[StepDone]) -> list[StepDone]:
    """Return steps as they happened; of one instant, as the line goes."""
    places = {step: place for place, step in enumerate(ComplaintStep)}
    return sorted(steps, key=lambda each: (each.at, places[each.step]))


def stages_of(
    steps: Iterable[StepDone], until: dict[ComplaintStep, datetime], now: datetime
) -> list[LineStage]:
    """Return the line, each stage with its latest doing or its deadline."""
    done: dict[ComplaintStep, StepDone] = {}
    for each in in_order(steps):
        if each.step is ComplaintStep.REOPENED:
            done = {key: kept for key, kept in done.items() if key not in UNDONE}
        else:
            done[each.step] = each
    return [
        LineStage(
            step,
            done.get(step),
            until.get(step),
            (done[step].at if step in done else now) > until.get(step, now),
        )
        for step in LINE
    ]


def check_words(words: str) -> None:
    """Raise InvalidError when nothing is written."""
    if not words.strip():
        raise InvalidError([Problem("/words", "no-words", _NO_WORDS)])


_NO_WORDS = Text("请写几句。", "Write a few words.")
