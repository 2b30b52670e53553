"""A visit along its clock: the stops that were marked and the stretches between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from auditapp.domain.answer_values import as_mapping
from auditapp.domain.clock import marks_by_event
from auditapp.domain.instants import parse_instant
from auditapp.domain.text import Text

Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stop:
    """One mark. ``seconds`` counts from the first mark, by the monotonic clock."""

    event: str
    name: Text
    at: datetime | None
    seconds: float
    is_recalled: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lay between two stops; ``name`` where an item times just this."""

    start: Stop
    end: Stop
    name: Text | None

    @property
    def seconds(self) -> float:
        """The length, never negative: stops are in the order of time."""
        return self.end.seconds - self.start.seconds


@dataclass(frozen=True, slots=True)
class Timeline:
    """All stops in the order of time, and those that were said never to have come."""

    stops: tuple[Stop, ...]
    stretches: tuple[Stretch, ...]
    never: tuple[Text, ...]

    @property
    def seconds(self) -> float:
        """The time from the first mark to the last."""
        return self.stops[-1].seconds if self.stops else 0.0


def timeline(form: Form, document: object) -> Timeline:
    """Return the journey that an audit's marks tell."""
    names = {event["id"]: Text(event["zh"], event["en"]) for event in form["events"]}
    marks = marks_by_event(as_mapping(document).get("marks"))
    known = {event: mark for event, mark in marks.items() if event in names}
    happened = sorted(
        ((m["elapsed_ms"], event) for event, m in known.items() if not m.get("never")),
        key=lambda pair: (pair[0], list(names).index(pair[1])),
    )
    first = happened[0][0] if happened else 0
    stops = tuple(
        Stop(
            event=event,
            name=names[event],
            at=parse_instant(known[event].get("at")),
            seconds=(elapsed - first) / 1000,
            is_recalled=known[event].get("source") == "recalled",
        )
        for elapsed, event in happened
    )
    timed = _timed(form)
    return Timeline(
        stops=stops,
        stretches=tuple(
            Stretch(start, end, timed.get((start.event, end.event)))
            for start, end in pairwise(stops)
        ),
        never=tuple(names[event] for event, m in known.items() if m.get("never")),
    )


def _timed(form: Form) -> dict[tuple[str, str], Text]:
    return {
        (item["timer"]["from"], item["timer"]["to"]): Text(
            item["short"]["zh"], item["short"]["en"]
        )
        for item in form["items"]
        if "timer" in item and "short" in item
    }
