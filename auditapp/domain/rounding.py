"""Parts shown rounded that still add up to the total shown.

Source: design/scoring.md, section 1. Published numbers are whole milli-points; shown
tenths are apportioned from milli-points by largest remainder (Hamilton's method).
"""

from collections.abc import Mapping
from fractions import Fraction

MILLI_PER_POINT = 1000
FULL_MILLI = 100 * MILLI_PER_POINT
TENTHS_PER_POINT = 10
MILLI_PER_TENTH = MILLI_PER_POINT // TENTHS_PER_POINT


def round_half_up(value: Fraction) -> int:
    """Return the nearest whole number; a half goes up, as people round by hand."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def to_milli(points: Fraction) -> int:
    """Return points as whole milli-points, the unit of every published number."""
    return round_half_up(points * MILLI_PER_POINT)


def milli_to_tenths(milli: int) -> int:
    """Return milli-points as whole tenths of a point, as shown with one decimal."""
    return round_half_up(Fraction(milli, MILLI_PER_TENTH))


def apportion(parts: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Return whole parts that add up to ``total``, each next to its exact value.

    The largest remainders are rounded up, ties by id. ``total`` must be one of the two
    whole numbers beside the exact sum, or ValueError is raised.
    """
    if abs(sum(parts.values(), Fraction(0)) - total) >= 1:
        message = f"{total} is not the rounded sum of the parts"
        raise ValueError(message)
    floors = {key: part.numerator // part.denominator for key, part in parts.items()}
    by_remainder = sorted(parts, key=lambda key: (floors[key] - parts[key], key))
    rounded_up = set(by_remainder[: total - sum(floors.values())])
    return {key: floor + (key in rounded_up) for key, floor in floors.items()}


def apportion_tenths(
    parts_milli: Mapping[str, int], total_tenths: int
) -> dict[str, int]:
    """Return milli-points as tenths that add up to the total shown beside them."""
    exact = {key: Fraction(part, MILLI_PER_TENTH) for key, part in parts_milli.items()}
    return apportion(exact, total_tenths)
