"""Student's t for the few degrees of freedom that small pilots leave.

Source: Abramowitz & Stegun, 26.7.3 and 26.7.4: exact for whole degrees of freedom.
"""

import math
from functools import lru_cache

FARTHEST = 1e4
HALVINGS = 80


def student_within(t: float, freedom: int) -> float:
    """Return the probability of a t value between -t and t."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    is_odd = freedom % 2
    term, total = (cosine, cosine) if is_odd else (1.0, 1.0)
    for step in range(2 + is_odd, freedom - 1, 2):
        term *= cosine**2 * (step - 1 + 0.0) / step
        total += term
    if not is_odd:
        return sine * total
    return 2 / math.pi * (angle + (sine * total if freedom > 1 else 0.0))


@lru_cache(maxsize=256)
def student_reach(level_pct: float, freedom: int) -> float:
    """Return the t that so many of a hundred values stay within, either side of 0.

    >>> round(student_reach(90, 5), 3)
    2.015
    """
    low, high = 0.0, FARTHEST
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        if student_within(middle, freedom) < level_pct / 100:
            low = middle
        else:
            high = middle
    return (low + high) / 2
