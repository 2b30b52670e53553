"""The journey clock: what lay between two taps.

Each mark holds the wall time ``at`` (shown to people) and ``elapsed_ms`` since the
audit's start (the truth: a change of the phone's clock does not move it). Marking an
event again replaces it, so the *last* mark of an event in the list wins; undoing a mark
removes it. ``static/js/lib/clock.js`` is the twin; both run
``tests/vectors/clock.json``.
"""

from collections.abc import Mapping
from typing import Any

from auditapp.domain.answer_values import (
    LONGEST_SECONDS,
    NEVER,
    as_list,
    as_mapping,
    is_number,
    value_of,
)

Form = Mapping[str, Any]
FormItem = Mapping[str, Any]
Marks = Mapping[str, Mapping[str, Any]]

# in the journey only when a timer of the form needs them
_ONLY_WHEN_TIMED = frozenset({"complaint_raised", "complaint_ack"})


def marks_by_event(marks: object) -> Marks:
    """Return the mark that counts for each event; unreadable marks are not there."""
    found: dict[str, Mapping[str, Any]] = {}
    for mark in map(as_mapping, as_list(marks)):
        event, elapsed = mark.get("event"), mark.get("elapsed_ms")
        if isinstance(event, str) and is_number(elapsed):
            found[event] = mark
    return found


def journey(form: Form) -> list[str]:
    """Return the ids of the events that this form's visit is timed by, in order."""
    timers = [item["timer"] for item in form["items"] if "timer" in item]
    timed = {event for timer in timers for event in (timer["from"], timer["to"])}
    events = [event["id"] for event in form["events"]]
    return [each for each in events if each not in _ONLY_WHEN_TIMED or each in timed]


def next_event(
    form: Form, marks: object, answers: Mapping[str, Any] | None = None
) -> str | None:
    """Return the event after the furthest one marked, None at the end.

    A forgotten event is not asked for again, and one that was answered "never" is
    passed over.
    """
    events = journey(form)
    marked = marks_by_event(marks)
    reached = max((i for i, event in enumerate(events) if event in marked), default=-1)
    never = {
        item["timer"]["to"]
        for item in form["items"]
        if "timer" in item and value_of((answers or {}).get(item["id"])) == NEVER
    }
    ahead = (event for event in events[reached + 1 :] if event not in never)
    return next(ahead, None)


def duration_seconds(marks: object, start: str, end: str) -> float | None:
    """Return the seconds between two events, negative when they are out of order.

    None when one of them is not marked.
    """
    marked = marks_by_event(marks)
    if start not in marked or end not in marked:
        return None
    return float((marked[end]["elapsed_ms"] - marked[start]["elapsed_ms"]) / 1000)


def timing_answer(item: FormItem, marks: object) -> dict[str, Any] | None:
    """Return the answer that the clock gives to a timing item, None when it has none.

    Its ``source`` is ``recalled`` as soon as one of the two marks was.
    """
    timer = item["timer"]
    seconds = duration_seconds(marks, timer["from"], timer["to"])
    if seconds is None or not 0 <= seconds <= LONGEST_SECONDS:
        return None
    marked = marks_by_event(marks)
    sources = [marked[timer[end]].get("source") for end in ("from", "to")]
    source = "recalled" if "recalled" in sources else "clock"
    return {"value": seconds, "source": source}


def timings(form: Form, marks: object) -> dict[str, dict[str, Any]]:
    """Return the clock's answer to each timing item that it can answer, by item id."""
    answers = {
        item["id"]: timing_answer(item, marks)
        for item in form["items"]
        if "timer" in item
    }
    return {item_id: answer for item_id, answer in answers.items() if answer}


def out_of_order(form: Form, marks: object) -> list[str]:
    """Return the events marked earlier than an event that comes before them."""
    marked = marks_by_event(marks)
    late: list[str] = []
    furthest = None
    for event in (each["id"] for each in form["events"]):
        if event not in marked:
            continue
        elapsed = marked[event]["elapsed_ms"]
        if furthest is not None and elapsed < furthest:
            late.append(event)
        else:
            furthest = elapsed
    return late
