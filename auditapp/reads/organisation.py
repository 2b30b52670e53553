"""Where halls are and what holds there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.errors import NotFoundError
from auditapp.store.organisation import CityRow, HallPlaceRow, HallRow, RegionRow


@dataclass(frozen=True, slots=True)
class HallPlace:
    """What applicability needs to know of a hall; ``traits`` are the effective ones."""

    hall_id: str
    region_id: str
    tier: str
    traits: frozenset[str]


def get_hall_place(
    session: Session, hall_id: str, month: str | None = None
) -> HallPlace:
    """Return a hall's tier and effective traits in a month; None: as of now.

    Raises:
        NotFoundError: There is no such hall.
    """
    row = session.execute(_PLACES.where(HallRow.hall_id == hall_id)).one_or_none()
    if row is None:
        raise NotFoundError
    return _in_month(_place(*row), changed_places(session, month, [hall_id]))


def list_hall_places(session: Session, month: str | None = None) -> list[HallPlace]:
    """Return every active hall's place in a month, by hall id; None: as of now."""
    rows = session.execute(_PLACES.where(HallRow.is_active).order_by(HallRow.hall_id))
    changed = changed_places(session, month)
    return [_in_month(_place(*row), changed) for row in rows]


def changed_places(
    session: Session, month: str | None, hall_ids: Collection[str] | None = None
) -> dict[str, tuple[str, frozenset[str]]]:
    """Return tier and traits in a month of the halls that were ever changed.

    The hall's own row says what holds now, so without a month there is nothing to say.
    """
    if month is None:
        return {}
    newest = (
        select(HallPlaceRow.hall_id, func.max(HallPlaceRow.from_month).label("since"))
        .where(HallPlaceRow.from_month <= month)
        .group_by(HallPlaceRow.hall_id)
    )
    if hall_ids is not None:
        newest = newest.where(HallPlaceRow.hall_id.in_(list(hall_ids)))
    since = newest.subquery()
    rows = session.execute(
        select(HallPlaceRow.hall_id, HallPlaceRow.tier, HallPlaceRow.traits).join(
            since,
            (since.c.hall_id == HallPlaceRow.hall_id)
            & (since.c.since == HallPlaceRow.from_month),
        )
    )
    return {row.hall_id: (row.tier, frozenset(row.traits)) for row in rows}


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


def _in_month(
    place: HallPlace, changed: Mapping[str, tuple[str, frozenset[str]]]
) -> HallPlace:
    if place.hall_id not in changed:
        return place
    tier, traits = changed[place.hall_id]
    return replace(place, tier=tier, traits=traits)


def effective_traits(region: RegionRow, city: CityRow, hall: HallRow) -> frozenset[str]:
    """Return what the region gives, less and plus the corrections of city and hall."""
    traits = set(region.traits)
    for place in (city, hall):
        traits = (traits - set(place.traits_remove)) | set(place.traits_add)
    return frozenset(traits)
