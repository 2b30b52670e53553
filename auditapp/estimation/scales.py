"""Answers on a scale as points, and gaps between what was expected and perceived."""

import numpy as np

from auditapp.estimation.evidence import Floats


def linear_points(answer: Floats, lowest: float, highest: float) -> Floats:
    """Return answers as points, the scale's ends being 0 and 100.

    Used for customers' answers of 1 to 5.
    Source: SEER-CAHPS guidance, linear scoring.
    """
    return np.asarray(100 * (answer - lowest) / (highest - lowest))


def service_gaps(perceived: Floats, expected: Floats) -> Floats:
    """Return perception − expectation per dimension; below 0 falls short.

    Used for the RATER dimensions where customers were asked for both.
    Source: Parasuraman, Zeithaml & Berry, Journal of Retailing 64:12 (1988).
    """
    return np.asarray(perceived - expected)


def unweighted_gap(gaps: Floats) -> float:
    """Return the plain mean over the dimensions."""
    return float(gaps.mean())
