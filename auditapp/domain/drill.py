"""The seven abilities: which one is weakest among peers, and the drill for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text

LOOKED_AT = 3  # months, the last ones
FEWEST_MONTHS, FEWEST_PEERS = 2, 8  # of the hall; hall-months of its tier
CLEAR = 1.645  # standard errors: one in twenty by chance
LONGEST_AGO = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Drill:
    """What is practised for one ability, in a few steps."""

    skill: str
    ability: Text
    name: Text
    minutes: int
    who: Text
    steps: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PeerSum:
    """Hall-months of a tier added up: how many, Σ and Σ² of milli-points."""

    halls: int
    total_milli: int
    squares_milli: int


@dataclass(frozen=True, slots=True)
class AbilityGap:
    """How an ability of a hall compares with its tier, in milli-points of 100,000."""

    skill: str
    own_milli: float
    peers_milli: float
    months: int
    is_clear: bool  # further below than chance explains


def weakest_ability(
    own: Mapping[str, Sequence[int]], peers: Mapping[str, PeerSum]
) -> AbilityGap | None:
    """Return the ability furthest below peers for its evidence; None if none is."""
    gaps = [
        gap
        for skill, seen in own.items()
        if len(seen) >= FEWEST_MONTHS
        and skill in peers
        and peers[skill].halls >= FEWEST_PEERS
        and (gap := _gap(skill, seen, peers[skill]))[0] < 0
    ]
    return min(gaps, key=lambda each: each[0])[1] if gaps else None


def _gap(skill: str, seen: Sequence[int], peers: PeerSum) -> tuple[float, AbilityGap]:
    """Return standard errors from peers, and the gap."""
    mean = peers.total_milli / peers.halls
    spread = sqrt(max(peers.squares_milli / peers.halls - mean * mean, 1.0))
    own = sum(seen) / len(seen)
    errors = (own - mean) / (spread / sqrt(len(seen)))
    return errors, AbilityGap(skill, own, mean, len(seen), errors < -CLEAR)


def check_practised_on(practised_on: date | None, today: date) -> date:
    """Return the day of a drill; raise InvalidError unless it was lately."""
    if practised_on is None or not today - LONGEST_AGO <= practised_on <= today:
        raise InvalidError([Problem("/practised_on", "no-day", _NO_DAY)])
    return practised_on


_NO_DAY = Text(
    "请填最近60天内练习的日期。", "Give the day of the practice, within 60 days."
)
