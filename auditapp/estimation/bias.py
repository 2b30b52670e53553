"""What everybody's announced inspections and text feedback add to the truth."""

import numpy as np

from auditapp.estimation.evidence import Floats
from auditapp.estimation.grids import Grid

HALL_BIAS_VARIANCE = 9.0


def announced_bias(visits: Grid, inspections: Grid) -> float:
    """Return the mean of inspection − mystery visit where a hall-month has both.

    Source: design/scoring.md, section 4, step 3.
    """
    both = visits.is_seen & inspections.is_seen
    if not both.any():
        return 0.0
    return float((inspections.points - visits.points)[both].mean())


def feedback_bias(callbacks: Grid, feedback: Grid, noise: Floats) -> float:
    """Return the weighted mean of feedback − callback where a hall-month has both.

    ``noise`` is the sampling variance of the cell's difference.
    """
    both = callbacks.is_seen & feedback.is_seen
    weights = both / (noise + HALL_BIAS_VARIANCE)
    total = weights.sum()
    gap = feedback.points - callbacks.points
    return float(np.vdot(gap, weights) / total) if total > 0 else 0.0
