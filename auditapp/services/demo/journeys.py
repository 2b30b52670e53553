"""The clock of a demonstrated visit: when what happened between door and door."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]
Bands = Sequence[Mapping[str, Any]]

BEYOND = 1.35  # times the last band: slower than anything that scores
NEVER_BELOW = 0.12  # aims below this: nobody greets at all


def seconds_for(bands: Bands, aim: float, chance: random.Random) -> float:
    """Return a duration in seconds whose score is about ``aim``, from 0 to 1."""
    steps = [0.0, *(float(band["up_to"]) for band in bands)]
    spans = [
        (abs(band["score"] - 100 * aim), low, high)
        for band, low, high in zip(bands, steps, steps[1:], strict=False)
    ]
    spans.append((100 * aim, steps[-1], steps[-1] * BEYOND))
    _, low, high = min(spans)
    return round(chance.uniform(low + 0.3 * (high - low), high - 1), 1)


def marks_of(
    durations: Mapping[str, float | None], least_stay: float, chance: random.Random
) -> dict[str, float]:
    """Return the seconds after the start of each event of the clock, in order.

    ``durations`` are those of ``greet``, ``wait``, ``serve`` and, for a complaint,
    ``take``; a greeting that never came is None. Where all goes fast the auditor looks
    around for the rest of ``least_stay`` before queueing.
    """
    greet, wait, serve, take = (
        durations.get(key) for key in ("greet", "wait", "serve", "take")
    )
    busy = sum(seconds or 0 for seconds in (greet, wait, serve))
    marks = {"enter": chance.uniform(90, 240)}
    at = marks["enter"]
    if greet is not None:
        at = marks["greeted"] = at + greet
    at = marks["queue_start"] = at + chance.uniform(8, 30) + max(least_stay - busy, 0)
    at = marks["service_start"] = at + (wait or 0)
    end = at + (serve or 0)
    if take is not None:
        raised = marks["complaint_raised"] = at + chance.uniform(20, 40)
        acknowledged = marks["complaint_ack"] = raised + take
        end = max(end, acknowledged + 30)
    marks["service_end"] = end
    marks["leave"] = end + chance.uniform(15, 60)
    return {event: round(seconds, 1) for event, seconds in marks.items()}


def as_marks(marks: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return marks as the audit document holds them, without wall times."""
    return [
        {"event": event, "elapsed_ms": round(seconds * 1000), "source": "tapped"}
        for event, seconds in marks.items()
    ]
