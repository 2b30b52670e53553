"""Halls as the desk lists and shows them, with where each trait comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.text import Text
from auditapp.reads.organisation import effective_traits
from auditapp.reads.scope import halls_open_to, visits_listed_for
from auditapp.store.organisation import CityRow, HallRow, RegionRow
from auditapp.store.visits import VisitRow

AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]

PAGE = 50


@dataclass(frozen=True, slots=True)
class HallFilter:
    """What somebody looks for; None leaves a field open."""

    region_id: str | None = None
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class HallLine:
    """One hall. ``visits`` counts those the person may see."""

    hall_id: str
    name: Text
    city: Text
    region: Text
    tier: str
    traits: tuple[str, ...]
    visits: int
    last_month: str | None


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait and who decided it: ``region``, ``city`` or ``hall``."""

    trait_id: str
    source: str
    holds: bool  # False: it would be inherited, and was taken away


@dataclass(frozen=True, slots=True)
class HallPage:
    """All that the page of one hall shows of the hall itself."""

    hall_id: str
    name: Text
    city: Text
    region: Text
    tier: str
    traits: tuple[Trait, ...]
    hours: str
    counters: int
    area_m2: int
    staff: int
    customers_per_day: int
    latitude: float
    longitude: float
    radius_metres: int
    is_active: bool


def list_halls(
    session: Session, actor: Actor, wanted: HallFilter, after: str | None = None
) -> tuple[list[HallLine], int, str | None]:
    """Return one page of halls by id, how many there are, and the next page's key."""
    statement = _filtered(_lines(actor), actor, wanted)
    total = session.scalar(
        select(func.count()).select_from(
            _filtered(select(HallRow.hall_id), actor, wanted).subquery()
        )
    )
    if after:
        statement = statement.where(HallRow.hall_id > after)
    rows = session.execute(statement.order_by(HallRow.hall_id).limit(PAGE + 1)).all()
    lines = [_line(row) for row in rows[:PAGE]]
    return lines, total or 0, lines[-1].hall_id if len(rows) > PAGE else None


def stream_halls(
    session: Session, actor: Actor, wanted: HallFilter
) -> Iterator[HallLine]:
    """Yield every hall of a list by id."""
    statement = _filtered(_lines(actor), actor, wanted).order_by(HallRow.hall_id)
    for row in session.execute(statement.execution_options(yield_per=PAGE)):
        yield _line(row)


def get_hall(session: Session, actor: Actor, hall_id: str) -> HallPage:
    """Return one hall.

    Raises:
        NotFoundError: There is no such hall for this person.
    """
    row = session.execute(
        _filtered(select(HallRow, CityRow, RegionRow), actor, HallFilter()).where(
            HallRow.hall_id == hall_id
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    hall, city, region = row
    return HallPage(
        hall_id=hall.hall_id,
        name=Text(hall.name_zh, hall.name_en),
        city=Text(city.name_zh, city.name_en),
        region=Text(region.name_zh, region.name_en),
        tier=hall.tier,
        traits=tuple(traits_with_sources(region, city, hall)),
        hours=hall.hours,
        counters=hall.counters,
        area_m2=hall.area_m2,
        staff=hall.staff,
        customers_per_day=hall.customers_per_day,
        latitude=hall.latitude,
        longitude=hall.longitude,
        radius_metres=hall.radius_metres,
        is_active=hall.is_active,
    )


def traits_with_sources(
    region: RegionRow, city: CityRow, hall: HallRow
) -> Iterator[Trait]:
    """Yield every trait by name with the place that had the last word on it."""
    last: dict[str, Trait] = {
        trait: Trait(trait, "region", holds=True) for trait in region.traits
    }
    for source, place in (("city", city), ("hall", hall)):
        removed = [trait for trait in place.traits_remove if trait in last]
        last |= {trait: Trait(trait, source, holds=False) for trait in removed}
        last |= {trait: Trait(trait, source, holds=True) for trait in place.traits_add}
    for trait in sorted(last):
        yield last[trait]


def _lines(actor: Actor) -> AnySelect:
    of_hall = (VisitRow.hall_id == HallRow.hall_id, visits_listed_for(actor))
    return select(
        HallRow,
        CityRow,
        RegionRow,
        select(func.count()).where(*of_hall).scalar_subquery().label("visits"),
        select(func.max(VisitRow.month))
        .where(*of_hall)
        .scalar_subquery()
        .label("last"),
    )


def _filtered(statement: AnySelect, actor: Actor, wanted: HallFilter) -> AnySelect:
    joined = (
        statement.select_from(HallRow)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .join(RegionRow, RegionRow.region_id == CityRow.region_id)
        .where(halls_open_to(actor))
    )
    if wanted.region_id:
        joined = joined.where(RegionRow.region_id == wanted.region_id)
    return joined.where(HallRow.tier == wanted.tier) if wanted.tier else joined


def _line(row: AnyRow) -> HallLine:
    hall, city, region = row.HallRow, row.CityRow, row.RegionRow
    return HallLine(
        hall_id=hall.hall_id,
        name=Text(hall.name_zh, hall.name_en),
        city=Text(city.name_zh, city.name_en),
        region=Text(region.name_zh, region.name_en),
        tier=hall.tier,
        traits=tuple(sorted(effective_traits(region, city, hall))),
        visits=row.visits,
        last_month=row.last,
    )
