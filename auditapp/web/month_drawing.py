"""Where a month's scores stand in its drawings; the templates only draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditapp.domain.rounding import (
    MILLI_PER_POINT,
    apportion_tenths,
    milli_to_tenths,
)

POINTS_ON_HALL_PAGES = (40, 100)
POINTS_IN_LISTS = (55, 100)
MOST_TICKS = 40  # more peers than that are thinned; the ticks would touch
BRIDGE = ("severity", "bias", "cap", "missing", "history")
TENTHS_PER_POINT = 10
MARGIN_POINTS = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A score with its range; every x and width in percent of the drawing."""

    low_end: int
    high_end: int
    low_x: float
    width: float
    point_x: float
    cuts: tuple[tuple[float, str], ...]
    peers: tuple[float, ...]
    outside: str  # "low", "high" or "": where the score lies beyond the scale


def draw_bar(
    milli: int,
    low_milli: int,
    high_milli: int,
    cuts: Sequence[tuple[int, str]] = (),
    *,
    peers: Sequence[int] = (),
    scale: tuple[int, int] = POINTS_ON_HALL_PAGES,
) -> Bar:
    """Place a score between its limits, with grade cuts (points) and peers (milli)."""
    low_x, high_x = x_of(low_milli, scale), x_of(high_milli, scale)
    point = milli / MILLI_PER_POINT
    return Bar(
        low_end=scale[0],
        high_end=scale[1],
        low_x=low_x,
        width=round(high_x - low_x, 1),
        point_x=x_of(milli, scale),
        cuts=tuple(
            (x_of(cut * MILLI_PER_POINT, scale), grade)
            for cut, grade in cuts
            if scale[0] < cut < scale[1]
        ),
        peers=tuple(x_of(each, scale) for each in thinned(peers)),
        outside="low" if point < scale[0] else "high" if point > scale[1] else "",
    )


def x_of(milli: int, scale: tuple[int, int]) -> float:
    """Return where a score stands on a scale, in percent, held at its ends."""
    low, high = scale
    share = (milli / MILLI_PER_POINT - low) / (high - low)
    return round(100 * min(max(share, 0), 1), 1)


def thinned(peers: Sequence[int]) -> list[int]:
    """Return at most forty scores that show how all of them are spread."""
    ordered = sorted(peers)
    if len(ordered) <= MOST_TICKS:
        return ordered
    step = (len(ordered) - 1) / (MOST_TICKS - 1)
    return [ordered[round(index * step)] for index in range(MOST_TICKS)]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the bridge, in tenths; x and width in percent."""

    key: str
    tenths: int
    x: float
    width: float

    @property
    def fill(self) -> str:
        """The class that fills its bar."""
        return "c-plus" if self.tenths > 0 else "c-minus"


@dataclass(frozen=True, slots=True)
class Bridge:
    """How the official score becomes the adjusted one; the tenths add up exactly."""

    start: Step
    steps: tuple[Step, ...]
    end: Step
    low_points: int
    high_points: int

    @property
    def rows(self) -> tuple[Step, ...]:
        """Every row of its table: the two scores and the steps between them."""
        return (self.start, *self.steps, self.end)


def draw_bridge(
    official_milli: int, adjusted_milli: int, parts: Mapping[str, int]
) -> Bridge:
    """Place every step between the two scores, where the bars are cut included."""
    first, last = milli_to_tenths(official_milli), milli_to_tenths(adjusted_milli)
    shown = apportion_tenths({key: parts.get(key, 0) for key in BRIDGE}, last - first)
    stands = [first]
    for key in BRIDGE:
        stands.append(stands[-1] + shown[key])
    low = min(stands) // TENTHS_PER_POINT - MARGIN_POINTS
    high = -(-max(stands) // TENTHS_PER_POINT) + MARGIN_POINTS

    def x(tenths: int) -> float:
        return round(100 * (tenths / TENTHS_PER_POINT - low) / (high - low), 1)

    steps = tuple(
        Step(
            key, shown[key], x(min(before, after)), round(abs(x(after) - x(before)), 1)
        )
        for key, before, after in zip(BRIDGE, stands, stands[1:], strict=False)
    )
    return Bridge(
        Step("official", first, x(first), 0),
        steps,
        Step("adjusted", last, x(last), 0),
        low,
        high,
    )
