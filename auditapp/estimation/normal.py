"""The normal distribution over arrays."""

import math

import numpy as np

from auditapp.estimation.evidence import Floats


def normal_cdf(z: Floats) -> Floats:
    """Return the probability of a standard normal value below each z."""
    erf = np.fromiter(map(math.erf, (z / math.sqrt(2)).tolist()), np.float64, len(z))
    return np.asarray((1 + erf) / 2)


def two_sided_p(z: Floats) -> Floats:
    """Return the probability of a standard normal value at least as far from 0."""
    far = (np.abs(z) / math.sqrt(2)).tolist()
    return np.fromiter(map(math.erfc, far), np.float64, len(z))
