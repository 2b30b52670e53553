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

    ``score_points`` is unrounded and 0 where not ``has_score``; ``share`` is halls × 4,
    the part of each source that reached its minimum count. ``is_near_tie`` marks scores
    so close to half a milli-point that floats cannot round them safely: ask the exact
    arithmetic.
    ``can_be_graded`` says that sources and weight suffice for a grade and a rank.
    ``half_width_points`` is the printed ± of the policy's usual spreads.
    """

    score_points: Floats
    has_score: Flags
    share: Floats
    available_weight_pct: Floats
    is_full: Flags
    can_be_graded: Flags
    se_points: Floats
    half_width_points: Floats
    is_near_tie: Flags


def official_scores(
    policy: MonthPolicy,
    totals_points: Floats,
    counts: Counts,
    anchors_points: Floats | None = None,
) -> OfficialScores:
    """Return the official scores of all halls from totals and counts, halls × 4.

    A total is the sum of a source's scores (visits, inspections or answers, 0 to 100
    each). ``anchors_points``, each hall's tier means from ``source_anchors``, are
    needed where the policy anchors.

    Source: design/scoring.md, section 3.
    """
    is_present = _is_present(policy, counts)
    weights = np.array(policy.weights, dtype=np.float64)
    share = shared_out(weights, is_present)
    available_pct = 100 * (is_present * weights).sum(axis=1) / weights.sum()
    has_score = available_pct >= PARTIAL_WEIGHT_PCT
    score = (share * totals_points / np.maximum(counts, 1)).sum(axis=1)
    if policy.is_anchored and anchors_points is not None:
        score += _anchoring(policy, share, anchors_points)
    se = np.where(has_score, _sampling_se(policy, share, counts), 0)
    return OfficialScores(
        score_points=np.where(has_score, score, 0),
        has_score=has_score,
        share=share,
        available_weight_pct=available_pct,
        is_full=available_pct >= FULL_WEIGHT_PCT,
        can_be_graded=(available_pct >= policy.need_weight_pct)
        & (is_present.sum(axis=1) >= policy.need_sources),
        se_points=se,
        half_width_points=policy.half_width * se,
        is_near_tie=has_score & _is_near_tie(score),
    )


def shared_out(weights: Floats, is_present: Flags) -> Floats:
    """Return weights that add up to 1 over what is present, rows × sources.

    Source: medicare.gov, measure group weighting of the hospital star ratings.
    """
    present = is_present * weights
    total = present.sum(axis=1)
    return np.asarray(present / np.where(total > 0, total, 1)[:, None])


def source_anchors(
    policy: MonthPolicy, totals_points: Floats, counts: Counts, tier: Counts
) -> Floats:
    """Return the mean of every source over the halls of a tier that have it, tiers × 4.

    A source that no hall of a tier has gets the mean over all halls.
    """
    n_tiers = int(tier.max(initial=0)) + 1
    is_present = _is_present(policy, counts)
    anchors = np.zeros((n_tiers, len(SOURCES)))
    for source in range(len(SOURCES)):
        seen = is_present[:, source]
        points = totals_points[seen, source] / counts[seen, source]
        number = np.bincount(tier[seen], minlength=n_tiers)
        total = np.bincount(tier[seen], points, n_tiers)
        overall = points.mean() if points.size else 0.0
        mean = total / np.maximum(number, 1)
        anchors[:, source] = np.where(number > 0, mean, overall)
    return anchors


def _is_present(policy: MonthPolicy, counts: Counts) -> Flags:
    """Return which sources reach their minimum, halls × 4."""
    return np.asarray((counts > 0) & (counts >= np.array(policy.minimum_counts)))


def _anchoring(policy: MonthPolicy, share: Floats, anchors: Floats) -> Floats:
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
