"""Where the means of a profile stand in its drawing, for pages and for print alike.

Lengths are units of the view box: a wide drawing names its rows beside the bars, a
narrow one above them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from auditapp.domain.rounding import MILLI_PER_POINT

LOWEST_POINTS, HIGHEST_POINTS = 40, 100
GRID_POINTS = 10
WIDE_WIDTH, NARROW_WIDTH = 640, 340
NAME_WIDTH, VALUE_WIDTH = 170, 110
WIDE_STEP, NARROW_STEP = 34, 48
NARROW_DROP = 26  # from the name to its bar
AXIS_HEIGHT = 26


@dataclass(frozen=True, slots=True)
class ProfileMean:
    """One row: a mean with its half-width and its peers' mean, in milli-points."""

    key: str
    name: str
    mean_milli: float
    half_milli: float
    peers_milli: float | None = None

    @property
    def is_anywhere(self) -> bool:
        """Tell whether its range covers the whole scale, and so says nothing."""
        low = self.mean_milli - self.half_milli
        return (
            low <= LOWEST_POINTS * MILLI_PER_POINT
            and self.mean_milli + self.half_milli >= HIGHEST_POINTS * MILLI_PER_POINT
        )


@dataclass(frozen=True, slots=True)
class ProfileMark:
    """One row in its place; the whole of it can be touched."""

    row: ProfileMean
    top: float
    name_y: float
    y: float
    low_x: float
    width: float
    point_x: float
    peers_x: float | None


@dataclass(frozen=True, slots=True)
class ProfileChart:
    """The drawing; bars lie between ``left`` and ``right``, rows ``step`` apart."""

    width: int
    height: int
    step: int
    left: int
    right: int
    is_wide: bool
    marks: tuple[ProfileMark, ...]
    grid: tuple[tuple[float, int], ...]


def draw_profile(rows: Sequence[ProfileMean], *, is_wide: bool) -> ProfileChart:
    """Place the rows in their order; what lies off the scale stands at its end."""
    width = WIDE_WIDTH if is_wide else NARROW_WIDTH
    left = NAME_WIDTH if is_wide else 4
    right = width - VALUE_WIDTH if is_wide else width - 4
    step = WIDE_STEP if is_wide else NARROW_STEP

    def x(milli: float) -> float:
        share = (milli / MILLI_PER_POINT - LOWEST_POINTS) / (
            HIGHEST_POINTS - LOWEST_POINTS
        )
        return round(left + min(max(share, 0), 1) * (right - left), 1)

    def mark(index: int, row: ProfileMean) -> ProfileMark:
        top = index * step
        low_x = x(row.mean_milli - row.half_milli)
        return ProfileMark(
            row,
            top,
            top + (WIDE_STEP / 2 + 5 if is_wide else 15),
            top + (WIDE_STEP / 2 if is_wide else NARROW_DROP + 6),
            low_x,
            round(x(row.mean_milli + row.half_milli) - low_x, 1),
            x(row.mean_milli),
            None if row.peers_milli is None else x(row.peers_milli),
        )

    return ProfileChart(
        width=width,
        height=len(rows) * step + AXIS_HEIGHT,
        step=step,
        left=left,
        right=right,
        is_wide=is_wide,
        marks=tuple(mark(index, row) for index, row in enumerate(rows)),
        grid=tuple(
            (x(points * MILLI_PER_POINT), points)
            for points in range(LOWEST_POINTS, HIGHEST_POINTS + 1, GRID_POINTS * 2)
        ),
    )


def lowest_rows(rows: Sequence[ProfileMean]) -> list[ProfileMean]:
    """Return the lowest row and those that cannot be told from it, the lowest first."""
    if not rows:
        return []
    ordered = sorted(rows, key=lambda row: row.mean_milli)
    lowest = ordered[0]
    return [
        row
        for row in ordered
        if row is lowest
        or row.mean_milli - lowest.mean_milli
        <= (row.half_milli**2 + lowest.half_milli**2) ** 0.5
    ]
