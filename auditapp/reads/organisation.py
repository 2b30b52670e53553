"""Where halls are and what holds there."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.errors import NotFoundError
from auditapp.store.organisation import CityRow, HallRow, RegionRow


@dataclass(frozen=True, slots=True)
class HallPlace:
    """What applicability needs to know of a hall; ``traits`` are the effective ones."""

    hall_id: str
    region_id: str
    tier: str
    traits: frozenset[str]


def get_hall_place(session: Session, hall_id: str) -> HallPlace:
    """Return tier and effective traits: region, corrected by city, then by hall.

    Raises:
        NotFoundError: There is no such hall.
    """
    row = session.execute(_PLACES.where(HallRow.hall_id == hall_id)).one_or_none()
    if row is None:
        raise NotFoundError
    return _place(*row)


def list_hall_places(session: Session) -> list[HallPlace]:
    """Return every active hall's place, by hall id."""
    rows = session.execute(_PLACES.where(HallRow.is_active).order_by(HallRow.hall_id))
    return [_place(*row) for row in rows]


_PLACES = (
    select(HallRow, CityRow, RegionRow)
    .join(CityRow, CityRow.city_id == HallRow.city_id)
    .join(RegionRow, RegionRow.region_id == CityRow.region_id)
)


def _place(hall: HallRow, city: CityRow, region: RegionRow) -> HallPlace:
    return HallPlace(
        hall_id=hall.hall_id,
        region_id=region.region_id,
        tier=hall.tier,
        traits=effective_traits(region, city, hall),
    )


def effective_traits(region: RegionRow, city: CityRow, hall: HallRow) -> frozenset[str]:
    """Return what the region gives, less and plus the corrections of city and hall."""
    traits = set(region.traits)
    for place in (city, hall):
        traits = (traits - set(place.traits_remove)) | set(place.traits_add)
    return frozenset(traits)
