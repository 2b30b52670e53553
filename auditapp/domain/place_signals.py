"""Was the phone at the hall, and could its owner have come from the visit before?"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from auditapp.domain.answer_values import as_list, as_mapping
from auditapp.domain.clock import marks_by_event
from auditapp.domain.geo import Point, distance_metres, point_from
from auditapp.domain.instants import parse_instant
from auditapp.domain.signal import OtherVisit, Signal, SignalContext

POOR_ACCURACY_METRES = 200
FASTEST_TRAVEL_KM_PER_HOUR = 150
# two halls of one shopping street are no journey
SHORTEST_JOURNEY_METRES = 2_000

Audit = Mapping[str, Any]


def place_signals(audit: Audit, context: SignalContext) -> Iterator[Signal]:
    """Yield what the positions say."""
    here = _best_point(audit, context.hall)
    if here is None:
        yield Signal("no_position", "notice")
    else:
        yield from _distance(here, context)
        yield _accuracy(here)
    yield from _travel(audit, here or context.hall, context.other_visits)


def _best_point(audit: Audit, hall: Point | None) -> Point | None:
    """Return the position nearest the hall: indoors most of them wander."""
    photos = map(as_mapping, as_list(audit.get("evidence")))
    on_arrival = as_list(audit.get("positions"))
    positions = on_arrival or [photo.get("position") for photo in photos]
    found = (point_from(as_mapping(position)) for position in positions)
    points = [point for point in found if point]
    if hall is None:
        return min(points, key=lambda point: point.accuracy_m, default=None)
    return min(points, key=lambda point: distance_metres(point, hall), default=None)


def _distance(here: Point, context: SignalContext) -> Iterator[Signal]:
    if context.hall is None:
        return
    metres = distance_metres(here, context.hall)
    is_far = metres - here.accuracy_m > context.hall_radius_m
    yield Signal(
        "distance",
        "notice" if is_far else "fine",
        facts={
            "metres": round(metres),
            "accuracy_m": round(here.accuracy_m),
            "radius_m": round(context.hall_radius_m),
        },
    )


def _accuracy(here: Point) -> Signal:
    is_poor = here.accuracy_m > POOR_ACCURACY_METRES
    facts: dict[str, int | float | str] = {"accuracy_m": round(here.accuracy_m)}
    return Signal("accuracy", "notice" if is_poor else "fine", facts=facts)


def _travel(
    audit: Audit, here: Point | None, others: tuple[OtherVisit, ...]
) -> Iterator[Signal]:
    began = _instant(audit, "enter", "started_at")
    ended = _instant(audit, "leave", "finished_at") or began
    if here is None or began is None or ended is None:
        return
    for other in others:
        metres = distance_metres(here, other.place)
        gap = max(began - other.ended_at, other.began_at - ended).total_seconds()
        hours = max(gap, 1) / 3600
        speed = metres / 1000 / hours
        if metres > SHORTEST_JOURNEY_METRES and speed > FASTEST_TRAVEL_KM_PER_HOUR:
            yield Signal(
                "travel",
                "notice",
                facts={
                    "audit": other.audit,
                    "metres": round(metres),
                    "seconds": round(max(gap, 0)),
                },
            )


def _instant(audit: Audit, event: str, key: str) -> datetime | None:
    mark = marks_by_event(audit.get("marks")).get(event, {})
    return parse_instant(mark.get("at")) or parse_instant(audit.get(key))
