"""The clock of a visit as a drawing: where dots, stretches and labels go."""

from dataclasses import dataclass

from auditapp.domain.timeline import Stop, Stretch, Timeline

WIDTH = 680.0
LABEL_WIDTH = 104.0  # “Service started 10:15:16” in the type of the chart
LANE_HEIGHT = 15.0
_EDGE = 6.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One stop: ``x`` along the line, its label ``lane`` steps above it."""

    stop: Stop
    x: float
    lane: int
    anchor: str  # start, end


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch between two dots; ``has_room`` for what it took."""

    stretch: Stretch
    x: float
    width: float
    has_room: bool


@dataclass(frozen=True, slots=True)
class ClockLine:
    """The drawing; ``line_y`` is where the line runs, in the same unit as ``WIDTH``."""

    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    line_y: float


def clock_line(timeline: Timeline) -> ClockLine:
    """Lay a visit along a line; labels that would touch step up a lane."""
    room = WIDTH - 2 * _EDGE
    scale = room / timeline.seconds if timeline.seconds else 0
    xs = [round(_EDGE + stop.seconds * scale, 1) for stop in timeline.stops]
    dots = _with_lanes(timeline.stops, xs)
    bars = tuple(
        Bar(stretch, x, round(end - x, 1), has_room=end - x >= LABEL_WIDTH / 2)
        for stretch, x, end in zip(timeline.stretches, xs, xs[1:], strict=False)
    )
    lanes = max((dot.lane for dot in dots), default=0) + 1
    return ClockLine(dots, bars, line_y=lanes * LANE_HEIGHT + _EDGE)


def _with_lanes(stops: tuple[Stop, ...], xs: list[float]) -> tuple[Dot, ...]:
    free_from: list[float] = []  # per lane, where its last label ends
    dots = []
    for stop, x in zip(stops, xs, strict=True):
        anchor = "end" if x > WIDTH - LABEL_WIDTH else "start"
        left = x - LABEL_WIDTH if anchor == "end" else x
        lane = next(
            (i for i, end in enumerate(free_from) if end <= left), len(free_from)
        )
        if lane == len(free_from):
            free_from.append(0)
        free_from[lane] = left + LABEL_WIDTH
        dots.append(Dot(stop, x, lane, anchor))
    return tuple(dots)
