"""How much better a hall looks when it is told of a check than when it is not.

Source: docs/decisions/0016.
"""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import (
    Answers,
    Audits,
    Counts,
    Evidence,
    Flags,
    Floats,
)

LEAST_VISITS, LEAST_INSPECTIONS, LEAST_ANSWERS = 2, 1, 15
LEAST_HALLS = 5  # of a tier, to say what is usual in it
HALF = 1.645  # standard errors: nine of ten
USUAL_SPREAD = 9.0, 5.0, 25.0  # of one visit, inspection, answer: the policy's


@dataclass(frozen=True)
class Staging:
    """Points by which an announced check flatters, beyond what is usual in the tier.

    Where ``is_shown`` does not hold there is too little evidence and the others are 0.
    """

    points: Floats
    half_points: Floats
    is_shown: Flags


def staging(evidence: Evidence) -> Staging:
    """Return inspection − ½ (visits + customers) of each hall, less the tier's mean.

    All months of the window count as one.
    """
    halls = evidence.n_halls
    visits = _of_audits(evidence.visits, halls, USUAL_SPREAD[0])
    inspections = _of_audits(evidence.inspections, halls, USUAL_SPREAD[1])
    customers = _of_answers((evidence.callbacks, evidence.feedback), halls)
    is_shown = (
        (visits.count >= LEAST_VISITS)
        & (inspections.count >= LEAST_INSPECTIONS)
        & (customers.count >= LEAST_ANSWERS)
    )
    difference = inspections.mean - (visits.mean + customers.mean) / 2
    variance = inspections.variance + (visits.variance + customers.variance) / 4
    for tier in range(evidence.n_tiers):
        own = is_shown & (evidence.tier == tier)
        if np.count_nonzero(own) < LEAST_HALLS:
            is_shown = is_shown & ~own
        else:
            difference[own] -= difference[own].mean()
    half = HALF * np.sqrt(variance)
    return Staging(
        np.where(is_shown, difference, 0), np.where(is_shown, half, 0), is_shown
    )


@dataclass(frozen=True)
class _Seen:
    """One source by hall: how many, their mean, the variance of that mean."""

    count: Counts
    mean: Floats
    variance: Floats


def _of_audits(audits: Audits, halls: int, usual: float) -> _Seen:
    points = (
        audits.facility_points + audits.service_points - 100 - audits.cap_loss_points
    )
    count = np.bincount(audits.hall, minlength=halls)
    mean = _ratio(_added(audits.hall, points, halls), count)
    squares = _added(audits.hall, (points - mean[audits.hall]) ** 2, halls)
    return _Seen(count, mean, _ratio(_pooled(squares, count, usual), count))


def _of_answers(sources: tuple[Answers, ...], halls: int) -> _Seen:
    count = np.zeros(halls, dtype=np.int64)
    total, squares = np.zeros(halls), np.zeros(halls)
    for each in sources:
        own = each.count.sum(axis=1)
        sums = (each.count * each.mean_points).sum(axis=1)
        # calls and messages have each a level of their own in the whole country
        level = sums.sum() / max(own.sum(), 1)
        count += own
        total += sums - own * level
        squares += each.squares.sum(axis=1)
    return _Seen(
        count,
        _ratio(total, count),
        _ratio(_pooled(squares, count, USUAL_SPREAD[2]), count),
    )


def _added(place: Counts, values: Floats, halls: int) -> Floats:
    return np.bincount(place, values, halls).astype(np.float64)


def _pooled(squares: Floats, count: Counts, usual: float) -> Floats:
    """Return the variance within halls, the same for all; the usual one if unseen."""
    freedom = np.maximum(count - 1, 0).sum()
    within = squares.sum() / freedom if freedom >= LEAST_HALLS else usual**2
    return np.full(len(count), within)


def _ratio(total: Floats, count: Counts) -> Floats:
    return np.asarray(np.divide(total, np.maximum(count, 1)), dtype=np.float64)
