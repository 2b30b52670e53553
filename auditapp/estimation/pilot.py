"""What a trial in some halls changed, beside like halls where nothing was tried.

A hall that was chosen for a bad month gets better by itself. So each pilot hall's
change is held against the change of the like halls that began nearest to it, and what
is left of the distance is bridged by how much halls of a worse begin gain without any
trial. Source: difference in differences with nearest neighbours, their bias corrected
(Abadie & Imbens, J. Bus. Econ. Stat. 29:1, 2011); the variance counts that a like hall
may serve several pilots (Econometrica 74:235, 2006, section 4).
"""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Counts, Flags, Floats
from auditapp.estimation.student import student_reach

NEIGHBOURS = 5
FEWEST_PILOTS = 3
LEVEL_PCT = 90.0


@dataclass(frozen=True, slots=True)
class Matched:
    """Which like halls stand beside which pilot halls: indices into all halls."""

    pilots: Counts
    neighbours: tuple[Counts, ...]

    @property
    def weights(self) -> dict[int, float]:
        """How much each like hall counts in the mean of all, together 1."""
        found: dict[int, float] = {}
        for beside in self.neighbours:
            for hall in beside.tolist():
                share = 1 / (len(self.pilots) * len(beside))
                found[hall] = found.get(hall, 0.0) + share
        return found


@dataclass(frozen=True, slots=True)
class PilotEffect:
    """By how much pilot halls changed more than like halls, in the scores' unit.

    ``low`` to ``high`` holds the truth nine times in ten; None with too few halls.
    ``behind`` is how far below their like halls the pilots began.
    """

    effect: float
    low: float | None
    high: float | None
    pilots: int
    like: int
    behind: float


def match_halls(before: Floats, is_pilot: Flags, stratum: Counts) -> Matched:
    """Return the nearest halls of the same stratum beside each pilot hall.

    ``before`` is each hall's mean before the trial. A pilot hall without any like hall
    is left out.
    """
    pilots, neighbours = [], []
    for hall in np.flatnonzero(is_pilot).tolist():
        like = np.flatnonzero(~is_pilot & (stratum == stratum[hall]))
        if len(like) == 0:
            continue
        nearest = np.argsort(np.abs(before[like] - before[hall]), kind="stable")
        pilots.append(hall)
        neighbours.append(like[nearest[:NEIGHBOURS]])
    return Matched(np.array(pilots, dtype=np.int64), tuple(neighbours))


def pilot_effect(
    before: Floats, after: Floats, is_pilot: Flags, stratum: Counts
) -> PilotEffect | None:
    """Return what the trial changed; None when no pilot hall has a like hall.

    ``before`` and ``after`` are each hall's means of the months before and since.
    """
    matched = match_halls(before, is_pilot, stratum)
    count = len(matched.pilots)
    if count == 0:
        return None
    change = after - before
    began = np.array([before[each].mean() for each in matched.neighbours])
    gap = began - before[matched.pilots]
    slope = _slope(before, change, is_pilot, stratum)
    beside = np.array([change[each].mean() for each in matched.neighbours])
    more = change[matched.pilots] - (beside - slope.value * gap)
    effect, behind = float(more.mean()), float(gap.mean())
    weights = matched.weights
    if count < FEWEST_PILOTS:
        return PilotEffect(effect, None, None, count, len(weights), behind)
    own = float(more.var(ddof=1)) / count
    variance = own + _shared(change, matched, weights) + slope.variance * behind**2
    reach = student_reach(LEVEL_PCT, count - 1) * float(np.sqrt(variance))
    return PilotEffect(
        effect, effect - reach, effect + reach, count, len(weights), behind
    )


@dataclass(frozen=True, slots=True)
class _Slope:
    """How much more a hall gains without a trial for each point that it began higher.

    It is negative: who began high by luck comes down.
    """

    value: float
    variance: float


def _slope(before: Floats, change: Floats, is_pilot: Flags, stratum: Counts) -> _Slope:
    """Return the slope among halls without a trial, within their strata."""
    began, gained = before[~is_pilot], change[~is_pilot]
    kinds, place = np.unique(stratum[~is_pilot], return_inverse=True)
    sizes = np.maximum(np.bincount(place), 1)
    began = began - (np.bincount(place, began) / sizes)[place]
    gained = gained - (np.bincount(place, gained) / sizes)[place]
    width, freedom = float(began @ began), len(began) - len(kinds) - 1
    if freedom < FEWEST_PILOTS or width <= 0:
        return _Slope(0.0, 0.0)
    value = float(began @ gained) / width
    left = gained - value * began
    return _Slope(value, float(left @ left) / freedom / width)


def _shared(change: Floats, matched: Matched, weights: dict[int, float]) -> float:
    """Return what like halls that serve several pilots add to the variance."""
    like = np.array(sorted(weights), dtype=np.int64)
    if len(like) < FEWEST_PILOTS:
        return 0.0
    spread = float(change[like].var(ddof=1))
    whole = sum(weight**2 for weight in weights.values())
    count = len(matched.pilots)
    alone = sum(1 / len(each) for each in matched.neighbours) / count**2
    return spread * max(whole - alone, 0.0)
