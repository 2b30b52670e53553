"""Means of equally thin evidence pulled to their common mean.

Used where a figure has no history: an item's rate per hall in its first month.
"""

import numpy as np

from auditapp.estimation.evidence import Floats


def shrinkage_factor(values: Floats, noise_variance: float) -> float:
    """Return the part in [0, 1] of each deviation from the mean that is to be believed.

    Source: Efron & Morris, JASA 70:311 (1975); Scientific American 236(5):119 (1977).
    """
    deviations = values - values.mean()
    spread = float(deviations @ deviations)
    if spread <= 0:
        return 0.0
    return max(0.0, 1 - (len(values) - 3) * noise_variance / spread)


def shrunken(values: Floats, noise_variance: float) -> Floats:
    """Return the values pulled to their mean as far as noise explains their spread."""
    centre = values.mean()
    factor = shrinkage_factor(values, noise_variance)
    return np.asarray(centre + factor * (values - centre))
