"""What is asked where: the one small language of conditions, and who wins.

A condition is a tuple of words that must all hold: a trait (``rainy``), ``tier.small``,
``scenario.complaint`` or ``today.raining``, each perhaps with ``not `` before it. Rules
are walked from top to bottom and the last one that holds wins.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import Generic, TypeVar

Condition = tuple[str, ...]
Outcome = TypeVar("Outcome")

NEGATION = "not "
TODAY = "today."


class Requirement(Enum):
    """What policy says about one item at one hall."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where and for what a checklist is used: lasting facts, nothing about today."""

    tier: str
    traits: frozenset[str] = frozenset()
    scenario: str | None = None

    def facts(self) -> frozenset[str]:
        """Return the words that hold here, as conditions write them."""
        scenario = {f"scenario.{self.scenario}"} if self.scenario else set()
        return self.traits | {f"tier.{self.tier}"} | scenario


@dataclass(frozen=True, slots=True)
class Rule(Generic[Outcome]):
    """One line “if … then …”; ``number`` counts a checklist's lines from 1."""

    number: int
    condition: Condition
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Decision(Generic[Outcome]):
    """What holds, and the number of the rule that made it so; 0 is the base."""

    outcome: Outcome
    rule: int


@dataclass(frozen=True, slots=True)
class Resolution(Generic[Outcome]):
    """What is left to decide once the place is known: ``today`` over ``base``."""

    base: Decision[Outcome]
    today: tuple[Rule[Outcome], ...] = ()

    def decide(self, today: Collection[str] = ()) -> Decision[Outcome]:
        """Return what holds with today's facts (``raining``), given without prefix."""
        facts = {TODAY + fact for fact in today}
        decision = self.base
        for rule in self.today:
            if all(word_holds(word, facts) for word in rule.condition):
                decision = Decision(rule.outcome, rule.number)
        return decision

    def every_outcome(self) -> list[Outcome]:
        """Return what each thinkable day would decide, the base first."""
        words = sorted({bare(word) for rule in self.today for word in rule.condition})
        facts = [word.removeprefix(TODAY) for word in words]
        days = [day for n in range(len(facts) + 1) for day in combinations(facts, n)]
        return [self.base.outcome, *(self.decide(day).outcome for day in days)]


def bare(word: str) -> str:
    """Return the word without its negation."""
    return word.removeprefix(NEGATION)


def word_holds(word: str, facts: AbstractSet[str]) -> bool:
    """Tell whether one word of a condition, negated or not, agrees with the facts."""
    return (bare(word) in facts) is not word.startswith(NEGATION)


def resolve(
    base: Outcome, rules: Iterable[Rule[Outcome]], place: Place
) -> Resolution[Outcome]:
    """Evaluate all that the place settles and keep only what depends on today.

    A rule that fails here vanishes; one that holds whatever the day supersedes
    everything before it.
    """
    facts = place.facts()
    resolution = Resolution(Decision(base, 0))
    for rule in rules:
        left = _remaining(rule.condition, facts)
        if left is None:
            continue
        if left:
            open_rule = Rule(rule.number, left, rule.outcome)
            resolution = Resolution(resolution.base, (*resolution.today, open_rule))
        else:
            resolution = Resolution(Decision(rule.outcome, rule.number))
    return resolution


def numbered(
    lines: Sequence[Mapping[str, object]], outcomes: Iterable[Outcome]
) -> tuple[Rule[Outcome], ...]:
    """Make rules of a checklist's lines and their outcomes, counted from 1."""
    pairs = zip(lines, outcomes, strict=True)
    return tuple(
        Rule(number, condition_of(line["if"]), outcome)
        for number, (line, outcome) in enumerate(pairs, start=1)
    )


def condition_of(written: object) -> Condition:
    """Return a condition as written, one word or a list of words, as a tuple."""
    words = [written] if isinstance(written, str) else written
    if not isinstance(words, Sequence):
        message = f"no condition: {written!r}"
        raise TypeError(message)
    return tuple(str(word) for word in words)


def _remaining(condition: Condition, facts: AbstractSet[str]) -> Condition | None:
    """Return the words about today, or None when the rest does not hold."""
    settled = [word for word in condition if not bare(word).startswith(TODAY)]
    if not all(word_holds(word, facts) for word in settled):
        return None
    return tuple(word for word in condition if bare(word).startswith(TODAY))
