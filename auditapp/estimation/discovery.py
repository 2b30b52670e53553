"""Lists of findings with a bound on the share of false ones.

Used for the list of changed halls and for suggestions about items.
"""

import numpy as np

from auditapp.estimation.evidence import Flags, Floats


def benjamini_hochberg(p_values: Floats, false_share: float) -> Flags:
    """Return which findings to list so that the false share is at most as given.

    Source: Benjamini & Hochberg, JRSS B 57:289 (1995).
    """
    number = len(p_values)
    order = np.argsort(p_values, kind="stable")
    bounds = false_share * np.arange(1, number + 1) / max(number, 1)
    below = np.flatnonzero(p_values[order] <= bounds)
    is_found = np.zeros(number, dtype=bool)
    if below.size:
        is_found[order[: below[-1] + 1]] = True
    return is_found
