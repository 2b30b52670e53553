"""How satisfied a hall's customers are over a window of months, as an outcome.

Source: design/scoring.md, section 5, step 2.
"""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.bias import HALL_BIAS_VARIANCE, feedback_bias
from auditapp.estimation.evidence import Evidence, Flags, Floats
from auditapp.estimation.grids import Span, answer_grid, answer_variances

PRIOR_ANSWER_VARIANCE = 625.0


@dataclass(frozen=True)
class Satisfaction:
    """Per hall: points above its region's months, and the variance of that.

    Callbacks with bias-corrected feedback. Where nothing was said ``is_known`` is False
    and the other two mean nothing.
    """

    points: Floats
    variance: Floats
    is_known: Flags


def hall_satisfaction(evidence: Evidence) -> Satisfaction:
    """Return each hall's mean over all months of the evidence."""
    span = Span(0, len(evidence.months) - 1)
    answer = answer_variances(evidence, span, PRIOR_ANSWER_VARIANCE)[evidence.tier]
    callbacks, feedback = (
        answer_grid(answers, span)
        for answers in (evidence.callbacks, evidence.feedback)
    )
    noise = [answer / np.maximum(grid.number, 1) for grid in (callbacks, feedback)]
    tilt = feedback_bias(callbacks, feedback, noise[0] + noise[1])
    weights = (
        callbacks.is_seen / noise[0],
        feedback.is_seen / (noise[1] + HALL_BIAS_VARIANCE),
    )
    weight = weights[0] + weights[1]
    total = weights[0] * callbacks.points + weights[1] * (feedback.points - tilt)
    cell = total / np.maximum(weight, 1e-12)
    own = _less_region_months(cell, weight, evidence)
    whole = weight.sum(axis=0)
    is_known = np.asarray(whole > 0)
    safe = np.where(is_known, whole, 1)
    return Satisfaction((own * weight).sum(axis=0) / safe, 1 / safe, is_known)


def _less_region_months(cell: Floats, weight: Floats, evidence: Evidence) -> Floats:
    """Return cells (months × halls) less the mean of their region in that month."""
    own = np.empty_like(cell)
    for month, (points, held) in enumerate(zip(cell, weight, strict=True)):
        total = np.bincount(evidence.region, points * held, evidence.n_regions)
        counted = np.bincount(evidence.region, held, evidence.n_regions)
        mean = total / np.maximum(counted, 1e-9)
        own[month] = points - mean[evidence.region]
    return own
