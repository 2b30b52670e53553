"""The journey clock: what lay between two taps.

Each mark holds the wall time ``at`` (shown to people) and ``elapsed_ms`` since the
audit's start (the truth: a change of the phone's clock does not move it). Marking an
event again replaces it, so the *last* mark of an event in the list wins; undoing a mark
removes it. A mark with ``never`` says that the event did not happen (nobody greeted).
``static/js/lib/clock.js`` is the twin; both run ``tests/vectors/clock.json``.
"""

from collections.abc import Mapping
from typing import Any

from auditapp.domain.answer_values import (
    LONGEST_SECONDS,
    NEVER,
    as_list,
    as_mapping,
    is_number,
)

Form = Mapping[str, Any]
FormItem = Mapping[str, Any]
Marks = Mapping[str, Mapping[str, Any]]


def marks_by_event(marks: object) -> Marks:
    """Return the mark that counts for each event; unreadable marks are not there."""
    found: dict[str, Mapping[str, Any]] = {}
    for mark in map(as_mapping, as_list(marks)):
        event, elapsed = mark.get("event"), mark.get("elapsed_ms")
        if isinstance(event, str) and is_number(elapsed):
            found[event] = mark
    return found


def duration_seconds(marks: object, start: str, end: str) -> float | None:
    """Return the seconds between two events, negative when they are out of order.

    None when one of them is not marked or never happened.
    """
    marked = _happened(marks)
    if start not in marked or end not in marked:
        return None
    return float((marked[end]["elapsed_ms"] - marked[start]["elapsed_ms"]) / 1000)


def timing_answer(item: FormItem, marks: object) -> dict[str, Any] | None:
    """Return the answer that the clock gives to a timing item, None when it has none.

    Its ``source`` is ``recalled`` as soon as one of the two marks was.
    """
    start, end = item["timer"]["from"], item["timer"]["to"]
    marked = marks_by_event(marks)
    if marked.get(end, {}).get("never") is True:
        return {"value": NEVER, "source": "clock"}
    seconds = duration_seconds(marks, start, end)
    if seconds is None or not 0 <= seconds <= LONGEST_SECONDS:
        return None
    sources = [marked[event].get("source") for event in (start, end)]
    source = "recalled" if "recalled" in sources else "clock"
    return {"value": seconds, "source": source}


def out_of_order(form: Form, marks: object) -> list[str]:
    """Return the events marked earlier than an event that comes before them."""
    happened = _happened(marks)
    late: list[str] = []
    furthest = 0
    for event in (each["id"] for each in form["events"]):
        elapsed = happened.get(event, {}).get("elapsed_ms", furthest)
        if elapsed < furthest:
            late.append(event)
        furthest = max(furthest, elapsed)
    return late


def _happened(marks: object) -> Marks:
    marked = marks_by_event(marks).items()
    return {event: mark for event, mark in marked if mark.get("never") is not True}
