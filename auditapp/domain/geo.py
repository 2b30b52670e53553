"""Places on the globe and how far apart they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from auditapp.domain.answer_values import is_number

# the mean radius R1 of the reference ellipsoid. Source: IUGG/GRS 80
_EARTH_RADIUS_METRES = 6_371_009


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees; ``accuracy_m`` is what the phone said of itself."""

    lat: float
    lon: float
    accuracy_m: float = 0


def distance_metres(one: Point, other: Point) -> float:
    """Return the great-circle distance, good to half a percent (haversine)."""
    lat, other_lat = radians(one.lat), radians(other.lat)
    half_lat = sin((other_lat - lat) / 2)
    half_lon = sin(radians(other.lon - one.lon) / 2)
    chord = half_lat**2 + cos(lat) * cos(other_lat) * half_lon**2
    # antipodes can round to a hair over 1
    return 2 * _EARTH_RADIUS_METRES * asin(min(1.0, sqrt(chord)))


def point_from(position: Mapping[str, object]) -> Point | None:
    """Return the point of an audit document's position, None when it is not sound."""
    lat, lon = position.get("lat"), position.get("lon")
    accuracy = position.get("accuracy_m", 0)
    if not (is_number(lat) and is_number(lon) and is_number(accuracy)):
        return None
    point = Point(float(lat), float(lon), float(accuracy))  # type: ignore[arg-type]
    is_sound = abs(point.lat) <= 90 and abs(point.lon) <= 180  # noqa: PLR2004  degrees
    return point if is_sound and point.accuracy_m >= 0 else None
