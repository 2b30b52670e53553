"""Halls by what holds there: thousands of halls are few different places."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.applicability import Place
from auditapp.domain.text import Text
from auditapp.reads.organisation import list_hall_places
from auditapp.store.organisation import HallRow, RegionRow


@dataclass(frozen=True, slots=True)
class HallSets:
    """Active halls by place; ``regions`` names the region of each hall."""

    by_place: dict[Place, tuple[str, ...]]
    regions: dict[str, str]

    @property
    def total(self) -> int:
        """How many halls there are."""
        return len(self.regions)

    def halls_of(self, places: Iterable[Place]) -> list[str]:
        """Return the halls at these places, by number."""
        return sorted(hall for each in places for hall in self.by_place.get(each, ()))


def get_hall_sets(session: Session) -> HallSets:
    """Return every active hall under its tier and traits."""
    by_place: dict[Place, list[str]] = {}
    regions = {}
    for hall in list_hall_places(session):
        by_place.setdefault(Place(hall.tier, hall.traits), []).append(hall.hall_id)
        regions[hall.hall_id] = hall.region_id
    return HallSets({key: tuple(ids) for key, ids in by_place.items()}, regions)


def hall_names(session: Session, hall_ids: Iterable[str]) -> dict[str, Text]:
    """Return what halls are called; for a page's worth of them."""
    rows = session.execute(
        select(HallRow.hall_id, HallRow.name_zh, HallRow.name_en).where(
            HallRow.hall_id.in_(list(hall_ids))
        )
    )
    return {row.hall_id: Text(row.name_zh, row.name_en) for row in rows}


def region_names(session: Session) -> dict[str, Text]:
    """Return what regions are called."""
    rows = session.execute(
        select(RegionRow.region_id, RegionRow.name_zh, RegionRow.name_en)
    )
    return {row.region_id: Text(row.name_zh, row.name_en) for row in rows}


def find_hall_named(session: Session, typed: str) -> str | None:
    """Return the hall of this number or name in either language, None for none."""
    return session.scalar(
        select(HallRow.hall_id)
        .where(
            (HallRow.hall_id == typed.upper())
            | (HallRow.name_zh == typed)
            | (func.lower(HallRow.name_en) == typed.lower())
        )
        .order_by(HallRow.hall_id)
        .limit(1)
    )
