"""The official score as floats for all halls; domain/composite.py is exact for one."""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Counts, Flags, Floats
from auditapp.estimation.policy import SOURCES, MonthPolicy

FULL_WEIGHT_PCT = 80
PARTIAL_WEIGHT_PCT = 40
NEAR_TIE_POINTS = 1e-7
MILLI_PER_POINT = 1000


@dataclass(frozen=True)
class OfficialScores:
    """One entry per hall.

    ``score_points`` is unrounded and 0 where not ``has_score``; ``is_present`` is halls
    × 4 after the minimum counts. ``is_near_tie`` marks scores so close to half a
    milli-point that floats cannot round them safely: ask the exact arithmetic.
    ``can_be_graded`` says that sources and weight suffice for a grade and a rank.
    ``half_width_points`` is the printed ± of the policy's usual spreads.
    """

    score_points: Floats
    has_score: Flags
    is_present: Flags
    available_weight_pct: Floats
    is_full: Flags
    can_be_graded: Flags
    se_points: Floats
    half_width_points: Floats
    is_near_tie: Flags


def official_scores(
    policy: MonthPolicy, totals_points: Floats, counts: Counts, tier: Counts
) -> OfficialScores:
    """Return the official scores of all halls from totals and counts, halls × 4.

    A total is the sum of a source's scores (visits, inspections or answers, 0 to 100
    each). ``tier`` is one code per hall; the anchored rule takes its means over the
    halls given.

    Source: design/scoring.md, section 3.
    """
    source_points = totals_points / np.maximum(counts, 1)
    is_present = (counts > 0) & (counts >= np.array(policy.minimum_counts))
    present_weights = is_present * np.array(policy.weights, dtype=np.float64)
    available = present_weights.sum(axis=1)
    share = present_weights / np.where(available > 0, available, 1)[:, None]
    available_pct = 100 * available / sum(policy.weights)
    has_score = available_pct >= PARTIAL_WEIGHT_PCT
    score = (share * source_points).sum(axis=1)
    if policy.is_anchored:
        anchors = source_anchors(source_points, is_present, tier)
        score += _left_out(policy, share, anchors)
    se = _sampling_se(policy, share, counts)
    return OfficialScores(
        score_points=np.where(has_score, score, 0),
        has_score=has_score,
        is_present=is_present,
        available_weight_pct=available_pct,
        is_full=available_pct >= FULL_WEIGHT_PCT,
        can_be_graded=(available_pct >= policy.need_weight_pct)
        & (is_present.sum(axis=1) >= policy.need_sources),
        se_points=np.where(has_score, se, 0),
        half_width_points=np.where(has_score, policy.half_width * se, 0),
        is_near_tie=has_score & _is_near_tie(score),
    )


def source_anchors(source_points: Floats, is_present: Flags, tier: Counts) -> Floats:
    """Return each hall's tier mean of every source, halls × 4.

    A source that no hall of a tier has gets the mean over all halls.
    """
    anchors = np.zeros((int(tier.max(initial=0)) + 1, len(SOURCES)))
    for source in range(len(SOURCES)):
        seen = is_present[:, source]
        points = source_points[seen, source]
        number = np.bincount(tier[seen], minlength=len(anchors))
        total = np.bincount(tier[seen], points, minlength=len(anchors))
        overall = points.mean() if points.size else 0.0
        anchors[:, source] = np.where(
            number > 0, total / np.maximum(number, 1), overall
        )
    return anchors[tier]


def _left_out(policy: MonthPolicy, share: Floats, anchors: Floats) -> Floats:
    """Return what anchoring adds: full-weight anchors in place of shared-out ones."""
    weights = np.array(policy.weights, dtype=np.float64) / sum(policy.weights)
    return np.asarray(((weights - share) * anchors).sum(axis=1))


def _sampling_se(policy: MonthPolicy, share: Floats, counts: Counts) -> Floats:
    """Return the standard error that the policy's usual spreads give."""
    variance = np.square(np.array(policy.usual_spreads_points))
    squared = share**2 * variance / np.maximum(counts, 1)
    return np.asarray(np.sqrt(squared.sum(axis=1)))


def _is_near_tie(score_points: Floats) -> Flags:
    """Return which scores lie within 1e-7 points of half a milli-point."""
    milli = score_points * MILLI_PER_POINT
    from_tie = np.abs(milli - np.floor(milli) - 0.5)
    return np.asarray(from_tie <= NEAR_TIE_POINTS * MILLI_PER_POINT)
