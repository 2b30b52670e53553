"""How often an item was passed, month by month, as one drawing."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditapp.domain.item_signs import ItemHealth

LEFT, RIGHT, TOP, BOTTOM = 28, 332, 24, 120  # of the view box, 360 × 150
MOST_NAMED = 7  # months with their names; of more every second one


@dataclass(frozen=True, slots=True)
class Mark:
    """One month: its place, its percent, and its name, "" where there is no room."""

    x: float
    y: float
    percent: str
    month: str


@dataclass(frozen=True, slots=True)
class Shares:
    """Months from left to right; ``line`` joins them."""

    marks: tuple[Mark, ...]
    line: str


def draw_shares(months: Mapping[str, ItemHealth]) -> Shares | None:
    """Return the drawing of an item's months, all tiers together; None below two."""
    shares = [
        (month, passed)
        for month, record in sorted(months.items())
        if (passed := record.passed_pct) is not None
    ]
    if len(shares) < 2:  # noqa: PLR2004  one month is no trend
        return None
    step = (RIGHT - LEFT) / (len(shares) - 1)
    every = 1 if len(shares) <= MOST_NAMED else 2
    last = len(shares) - 1
    marks = tuple(
        Mark(
            LEFT + index * step,
            _y(passed),
            f"{passed:.0f}",
            "" if (last - index) % every else month,
        )
        for index, (month, passed) in enumerate(shares)
    )
    return Shares(marks, " ".join(f"{mark.x:.1f},{mark.y:.1f}" for mark in marks))


def _y(percent: float) -> float:
    return BOTTOM - percent / 100 * (BOTTOM - TOP)
