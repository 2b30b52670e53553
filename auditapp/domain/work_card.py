"""A work card: how one thing is done well, in steps with the time each may take.

It is taken from the visit held for the best of a scenario; it names no hall, no visit
and nobody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from auditapp.domain.errors import ConflictError, InvalidError, Problem
from auditapp.domain.text import Text

MOST_STEPS = 12
LONGEST_TITLE = 60
LONGEST_STEP = 200
LONGEST_CHANGE = 300
MOST_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class CardStep:
    """One step; ``seconds`` is what it may take, None where no time is set."""

    words: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class CardText:
    """What a version of a card says; ``change`` is what is new in it, and why."""

    title: str
    steps: tuple[CardStep, ...]
    change: str = ""


class CardState(Enum):
    """Whether a version holds for all halls, is tried in some, or was given up."""

    HOLDS = "holds"
    TRIAL = "trial"
    DROPPED = "dropped"


class NewerCardError(ConflictError):
    """Another version was published meanwhile."""

    code = "card-newer"
    text = Text(
        "作业卡刚刚有了新版本。请先看新版本。",
        "There is a newer version of this card. Look at it first.",
    )


def total_seconds(steps: Sequence[CardStep]) -> int:
    """Return what all steps with a time may take together."""
    return sum(step.seconds or 0 for step in steps)


def check_card(card: CardText, *, is_first: bool) -> None:
    """Raise InvalidError unless there are a title, steps and, later, what changed."""
    problems = list(card_problems(card, is_first=is_first))
    if problems:
        raise InvalidError(problems)


def card_problems(card: CardText, *, is_first: bool) -> Iterator[Problem]:
    """Yield what a version lacks or has too much of."""
    if not card.title.strip():
        yield Problem("/title", "missing", _NO_TITLE)
    yield from _step_problems(card.steps)
    if not is_first and not card.change.strip():
        yield Problem("/change", "missing", _NO_CHANGE)


def _step_problems(steps: Sequence[CardStep]) -> Iterator[Problem]:
    if not steps:
        yield Problem("/steps", "missing", _NO_STEPS)
    if len(steps) > MOST_STEPS:
        yield Problem("/steps", "too-many", _TOO_MANY)
    for at, step in enumerate(steps):
        if not step.words.strip():
            yield Problem(f"/steps/{at}/words", "missing", _NO_WORDS)
        if step.seconds is not None and not 1 <= step.seconds <= MOST_SECONDS:
            yield Problem(f"/steps/{at}/seconds", "out-of-range", _NO_TIME)


_NO_TITLE = Text("请给作业卡起个名字。", "Give the card a title.")
_NO_STEPS = Text("请至少写一步。", "Write at least one step.")
_TOO_MANY = Text(
    "一张卡最多12步，请合并几步。",
    "A card has at most 12 steps: join some of them.",
)
_NO_WORDS = Text("这一步写了时间，没写做什么。", "This step has a time but no words.")
_NO_TIME = Text("请写1到3600之间的整秒数。", "Give whole seconds, 1 to 3600.")
_NO_CHANGE = Text(
    "请写改了什么、为什么：各厅要重新确认。",
    "Say what changed and why: every hall reads it again.",
)
