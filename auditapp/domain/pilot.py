"""A trial of a work card in some halls: planned before it begins, judged after.

What is to get better is written down first, and the halls are drawn by chance where
nobody has a reason to choose them: who picks afterwards finds something.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from auditapp.domain.errors import ConflictError, Problem
from auditapp.domain.month import is_month, later
from auditapp.domain.text import Text

FEWEST_HALLS, MOST_HALLS = 3, 200
MOST_MONTHS = 12
MONTHS_BEFORE = 6  # that a hall's begin is the mean of
LONGEST_EXPECTED, LONGEST_REASON = 300, 500


class PilotState(Enum):
    """Whether it still runs, and what became of the card."""

    RUNNING = "running"
    ADOPTED = "adopted"
    DROPPED = "dropped"


class Measure(Enum):
    """What is to get better; the value is a column of a hall's month."""

    OFFICIAL = "official_milli"
    VISIT = "visit_milli"
    INSPECTION = "inspection_milli"
    CALLBACK = "callback_milli"
    FEEDBACK = "feedback_milli"


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """What is tried where and how long; months from the first to the last count."""

    hall_ids: tuple[str, ...]
    first_month: str
    last_month: str
    measure: Measure
    expected: str


class CardOnTrialError(ConflictError):
    """A version of this card is being tried; it is decided first."""

    code = "card-on-trial"
    text = Text(
        "这张作业卡有一个版本正在试点。请先结束试点，再发布新版本。",
        "A version of this card is being tried. End the trial first.",
    )


class PilotOverError(ConflictError):
    """Somebody ended the trial already."""

    code = "pilot-over"
    text = Text("这个试点已经结束。", "This trial is over already.")


def plan_problems(plan: PilotPlan, this_month: str) -> Iterator[Problem]:
    """Yield why a trial could not be judged afterwards: halls, months, what for."""
    if not FEWEST_HALLS <= len(set(plan.hall_ids)) <= MOST_HALLS:
        yield Problem("/halls", "how-many", _HOW_MANY)
    if not is_month(plan.first_month) or plan.first_month < this_month:
        yield Problem("/first_month", "in-the-past", _PAST)
    elif not (
        is_month(plan.last_month)
        and plan.first_month <= plan.last_month < later(plan.first_month, MOST_MONTHS)
    ):
        yield Problem("/last_month", "out-of-range", _LAST)
    if not plan.expected.strip():
        yield Problem("/expected", "missing", _EXPECTED)


_HOW_MANY = Text(
    f"试点要有{FEWEST_HALLS}到{MOST_HALLS}个厅，太少看不出差别。",
    f"A trial takes {FEWEST_HALLS} to {MOST_HALLS} halls: fewer tell nothing.",
)
_PAST = Text(
    "请从本月或以后的月份开始：先定好再看结果。",
    "Begin with this month or a later one: it is planned before it is judged.",
)
_LAST = Text(
    f"结束月份不能早于开始月份，最长{MOST_MONTHS}个月。",
    f"The last month is not before the first, and {MOST_MONTHS} months at most.",
)
_EXPECTED = Text(
    "请写希望哪里变好：事先写下，事后才算数。",
    "Write what should get better: only what was written before counts after.",
)
