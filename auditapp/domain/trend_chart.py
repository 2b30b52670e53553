"""Twelve months in one drawing, made wide for a desk and narrow for a phone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditapp.domain.rounding import MILLI_PER_POINT

LOWEST_POINTS, USUAL_LOWEST_POINTS, HIGHEST_POINTS = 40, 60, 100
GRID_POINTS = 10


@dataclass(frozen=True, slots=True)
class TrendMonth:
    """A hall's month in a row of months; None is what there was no evidence for.

    ``standard`` names the checklist that held; where it changes, the drawing says so.
    """

    month: str
    official_milli: int | None
    adjusted_milli: int | None
    low_milli: int | None
    high_milli: int | None
    peers_milli: int | None
    standard: str | None = None
    has_page: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and where its scale lies, in units of its view box."""

    width: int
    height: int
    bottom: int
    is_wide: bool
    left: int = 34
    right: int = 26
    top: int = 22


WIDE = Frame(820, 190, 164, is_wide=True)
NARROW = Frame(340, 220, 194, is_wide=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place; ``text`` is what stands there in words or a grade."""

    x: float
    y: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """The drawing; lines and bands are split where a month has no estimate."""

    frame: Frame
    grid: tuple[Mark, ...]
    grades: tuple[Mark, ...]
    changes: tuple[Mark, ...]
    peers: tuple[str, ...]
    bands: tuple[str, ...]
    lines: tuple[str, ...]
    official: tuple[Mark, ...]
    missing: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    last: Mark | None


def draw_trend(
    months: Sequence[TrendMonth], cuts: Sequence[tuple[int, str]], frame: Frame
) -> Trend:
    """Place every month; scores below the scale stand at its edge with an arrow."""
    low = lowest_points(months)

    def x(index: int) -> float:
        room = frame.width - frame.left - frame.right
        return round(frame.left + room * (index + 0.5) / max(len(months), 1), 1)

    def y(milli: float) -> float:
        share = (milli / MILLI_PER_POINT - low) / (HIGHEST_POINTS - low)
        held = min(max(share, 0), 1)
        return round(frame.bottom - held * (frame.bottom - frame.top), 1)

    known = [
        (x(index), each)
        for index, each in enumerate(months)
        if each.adjusted_milli is not None
    ]
    runs = runs_of(months)
    middle = (low + HIGHEST_POINTS) / 2 * MILLI_PER_POINT
    return Trend(
        frame=frame,
        grid=tuple(
            Mark(0, y(points * MILLI_PER_POINT), str(points))
            for points in range(low, HIGHEST_POINTS + 1, GRID_POINTS)
        ),
        grades=tuple(
            Mark(0, y(cut * MILLI_PER_POINT), grade) for cut, grade in cuts if cut > low
        ),
        changes=tuple(
            Mark(round((x(index) + x(index - 1)) / 2, 1), 0, each.month)
            for index, each in enumerate(months)
            if index and is_new_standard(months[index - 1], each)
        ),
        peers=tuple(
            joined((x(i), y(months[i].peers_milli or 0)) for i in run)
            for run in runs_with_peers(months)
        ),
        bands=tuple(
            joined(
                [
                    *((x(i), y(months[i].high_milli or 0)) for i in run),
                    *((x(i), y(months[i].low_milli or 0)) for i in reversed(run)),
                ]
            )
            for run in runs
        ),
        lines=tuple(
            joined((x(i), y(months[i].adjusted_milli or 0)) for i in run)
            for run in runs
        ),
        official=tuple(
            Mark(x(index), y(each.official_milli), arrow_of(each.official_milli, low))
            for index, each in enumerate(months)
            if each.official_milli is not None
        ),
        missing=tuple(
            Mark(x(index), y(each.adjusted_milli or each.peers_milli or middle))
            for index, each in enumerate(months)
            if each.official_milli is None
        ),
        labels=tuple(
            Mark(x(index), frame.bottom + 20, each.month)
            for index, each in enumerate(months)
        ),
        last=Mark(known[-1][0], y(known[-1][1].adjusted_milli or 0)) if known else None,
    )


def lowest_points(months: Sequence[TrendMonth]) -> int:
    """Return where the scale begins: a whole ten, never below forty."""
    found = [
        value / MILLI_PER_POINT
        for each in months
        for value in (each.official_milli, each.low_milli)
        if value is not None
    ]
    lowest = int(min(found, default=USUAL_LOWEST_POINTS) // GRID_POINTS * GRID_POINTS)
    return min(max(lowest, LOWEST_POINTS), USUAL_LOWEST_POINTS)


def is_new_standard(before: TrendMonth, after: TrendMonth) -> bool:
    """Tell whether two months were asked by different versions of the checklist."""
    return bool(
        before.standard and after.standard and before.standard != after.standard
    )


def arrow_of(milli: int, low_points: int) -> str:
    """Return the arrow for a score below the scale."""
    return "↓" if milli < low_points * MILLI_PER_POINT else ""


def runs_of(months: Sequence[TrendMonth]) -> list[list[int]]:
    """Return the stretches of months that have an adjusted score."""
    return _runs([each.adjusted_milli is not None for each in months])


def runs_with_peers(months: Sequence[TrendMonth]) -> list[list[int]]:
    """Return the stretches of months whose peers are known."""
    return _runs([each.peers_milli is not None for each in months])


def joined(points: Iterable[tuple[float, float]]) -> str:
    """Return points as an SVG attribute writes them."""
    return " ".join(f"{x},{y}" for x, y in points)


def _runs(present: Sequence[bool]) -> list[list[int]]:
    runs = list[list[int]]()
    for index, is_there in enumerate(present):
        if not is_there:
            continue
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
