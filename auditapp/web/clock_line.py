"""Where the stops of a visit stand on a drawn line; the template only draws."""

from dataclasses import dataclass

from auditapp.domain.answer_texts import duration_text
from auditapp.domain.text import Text
from auditapp.domain.timeline import Stop, Timeline
from auditapp.web.frame import clock_seconds
from auditapp.web.language import choose_language

WIDTH, MARGIN, LANE = 1380, 16, 18
LETTER, CHARACTER = 7.4, 13.5  # widths at 13 px, a little generous
GAP = 10


@dataclass(frozen=True, slots=True)
class StopLabel:
    """One stop: ``x`` of its circle, and its words in a lane above the line."""

    x: float
    text_x: float
    anchor: str
    lane_y: float
    name: str
    time: str
    is_recalled: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch between two stops, with its length where there is room for it."""

    x: float
    width: float
    middle: float
    says: str
    is_timed: bool


@dataclass(frozen=True, slots=True)
class ClockLine:
    """The drawing; ``y`` is the line's."""

    width: int
    height: float
    y: float
    stops: list[StopLabel]
    bars: list[Bar]


def draw_clock(timeline: Timeline) -> ClockLine | None:
    """Place the stops by their time; None when fewer than two were marked."""
    if timeline.seconds <= 0:
        return None
    language = choose_language()

    def x_of(stop: Stop) -> float:
        share = stop.seconds / timeline.seconds
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    labels, ends = [], list[float]()
    for stop in timeline.stops:
        name = stop.name.in_language(language)
        labels.append(_label(x_of(stop), name, _time_of(stop, language), ends))
    y = LANE * len(ends) + 14
    stops = [
        StopLabel(x, text_x, anchor, y - 14 - LANE * lane, name, time, stop.is_recalled)
        for stop, (x, text_x, anchor, lane, name, time) in zip(
            timeline.stops, labels, strict=True
        )
    ]
    bars = []
    for stretch in timeline.stretches:
        start, end = x_of(stretch.start), x_of(stretch.end)
        says = _says(stretch.name, stretch.seconds, end - start, language)
        bars.append(
            Bar(start, end - start, (start + end) / 2, says, stretch.name is not None)
        )
    return ClockLine(WIDTH, y + 30, y, stops, bars)


def _time_of(stop: Stop, language: str) -> str:
    if stop.at is None:
        return duration_text(stop.seconds).in_language(language)
    return clock_seconds(stop.at)


def _label(
    x: float, name: str, time: str, ends: list[float]
) -> tuple[float, float, str, int, str, str]:
    """Put the words into the first lane where they touch no others."""
    width = text_width(f"{name} {time}")
    is_at_the_end = x - 6 + width > WIDTH
    left = x + 6 - width if is_at_the_end else x - 6
    lane = next((n for n, end in enumerate(ends) if end + GAP <= left), len(ends))
    if lane == len(ends):
        ends.append(0)
    ends[lane] = left + width
    anchor = "end" if is_at_the_end else "start"
    return x, x + 6 if is_at_the_end else x - 6, anchor, lane, name, time


def _says(name: Text | None, seconds: float, room: float, language: str) -> str:
    length = duration_text(seconds).in_language(language)
    full = f"{name.in_language(language)} {length}" if name else length
    return next((text for text in (full, length) if text_width(text) < room), "")


def text_width(text: str) -> float:
    """Estimate the width of a text at 13 px; the server has no fonts to measure."""
    return sum(CHARACTER if ord(letter) > 0x2E80 else LETTER for letter in text)  # noqa: PLR2004
