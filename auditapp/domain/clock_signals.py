"""Do the times of an audit agree with one another and with a real visit?"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

from auditapp.domain.answer_values import as_list, as_mapping, is_number
from auditapp.domain.clock import duration_seconds, marks_by_event, out_of_order
from auditapp.domain.instants import parse_instant
from auditapp.domain.signal import Facts, Level, Signal, SignalContext

LARGEST_OFFSET_SECONDS = 120
FAST_PACE_SECONDS = 3
FEWEST_ANSWERS_FOR_PACE = 20

Audit = Mapping[str, Any]
Form = Mapping[str, Any]


def clock_signals(form: Form, audit: Audit, context: SignalContext) -> Iterator[Signal]:
    """Yield what the marks and the times of the answers say."""
    yield from _offset(audit)
    yield from _clock_moved(audit)
    yield from _stay(audit, context)
    pace = pace_seconds(form, audit)
    if pace is not None and pace < FAST_PACE_SECONDS:
        yield Signal("pace", "notice", facts={"seconds": round(pace, 1)})
    names = {event["id"]: event for event in form["events"]}
    for event in out_of_order(form, audit.get("marks")):
        facts: Facts = {
            "event": event,
            "zh": names[event]["zh"],
            "en": names[event]["en"],
        }
        yield Signal("marks_order", "notice", facts=facts)
    yield from _recalled(form, audit)


def pace_seconds(form: Form, audit: Audit) -> float | None:
    """Return the median seconds between answers; None for too few to tell."""
    answers = as_mapping(audit.get("answers"))
    given = [as_mapping(answers.get(item["id"])).get("at") for item in form["items"]]
    times = sorted(time for each in given if (time := parse_instant(each)))
    if len(times) < FEWEST_ANSWERS_FOR_PACE:
        return None
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    return median(gaps)


def _offset(audit: Audit) -> Iterator[Signal]:
    offset = audit.get("clock_offset_ms")
    if is_number(offset):
        seconds = round(offset / 1000)  # type: ignore[operator]
        is_off = abs(seconds) > LARGEST_OFFSET_SECONDS
        yield Signal("clock_offset", _level(is_off), facts={"seconds": seconds})


def _clock_moved(audit: Audit) -> Iterator[Signal]:
    """Compare wall and elapsed time: they drift apart when the clock is changed."""
    started = parse_instant(audit.get("started_at"))
    marks = list(marks_by_event(audit.get("marks")).values())
    drifts = [
        drift
        for mark in marks
        if mark.get("source") != "recalled"
        and (drift := _drift_seconds(mark, started)) is not None
    ]
    if not drifts:
        return
    # the start itself is a point where both clocks agree
    spread = max(*drifts, 0) - min(*drifts, 0)
    bridged = sum(mark.get("bridged") is True for mark in marks)
    yield Signal(
        "clock_moved",
        _level(spread > LARGEST_OFFSET_SECONDS),
        facts={"seconds": round(spread), "marks": len(drifts), "bridged": bridged},
    )


def _drift_seconds(mark: Mapping[str, Any], started: datetime | None) -> float | None:
    at = parse_instant(mark.get("at"))
    if at is None or started is None:
        return None
    return float((at - started).total_seconds() - mark["elapsed_ms"] / 1000)


def _stay(audit: Audit, context: SignalContext) -> Iterator[Signal]:
    seconds = duration_seconds(audit.get("marks"), "enter", "leave")
    if seconds is None or seconds < 0:
        return
    p10 = context.peer_p10_stay_seconds
    shortest = max(context.minimum_stay_seconds, p10 or 0)
    facts: Facts = {
        "seconds": round(seconds),
        "minimum_seconds": context.minimum_stay_seconds,
        "shortest_seconds": shortest,
    }
    yield Signal("stay", _level(seconds < shortest), facts=facts)


def _recalled(form: Form, audit: Audit) -> Iterator[Signal]:
    known = {event["id"] for event in form["events"]}
    marked = marks_by_event(as_list(audit.get("marks"))).items()
    marks = [mark for event, mark in marked if event in known]
    recalled = sum(mark.get("source") == "recalled" for mark in marks)
    if recalled * 2 > len(marks):
        facts: Facts = {"recalled": recalled, "marks": len(marks)}
        yield Signal("recalled_marks", "notice", facts=facts)


def _level(is_notice: bool) -> Level:  # noqa: FBT001  one question, one answer
    return "notice" if is_notice else "fine"
