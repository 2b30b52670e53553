"""Ranges of proportions.

Used for how often an item was met and for the self-check's share of held ranges.
"""

from statistics import NormalDist

import numpy as np

from auditapp.estimation.evidence import Counts, Floats


def wilson_interval(
    successes: Counts, trials: Counts, level_pct: float = 90
) -> tuple[Floats, Floats]:
    """Return lower and upper ends in [0, 1]; without trials everything is possible.

    Source: Wilson (1927); Newcombe, Stat. Med. 17:857 (1998), method 3.
    """
    z = NormalDist().inv_cdf(0.5 + level_pct / 200)
    number = np.maximum(trials, 1)
    share = successes / number
    centre = share + z**2 / (2 * number)
    reach = z * np.sqrt(share * (1 - share) / number + z**2 / (4 * number**2))
    scale = 1 + z**2 / number
    is_tried = trials > 0
    low = np.where(is_tried, np.maximum((centre - reach) / scale, 0), 0.0)
    high = np.where(is_tried, np.minimum((centre + reach) / scale, 1), 1.0)
    return low, high
