"""A month of many halls: bands instead of ranks, and who cannot be ranked yet."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.composite import UNRANKED
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import is_month
from auditapp.domain.month_life import MonthState
from auditapp.domain.text import Text
from auditapp.reads.organisation import effective_traits
from auditapp.reads.scope import months_open_to
from auditapp.store.months import MonthRow, MonthScoreRow, RevisitRow
from auditapp.store.organisation import CityRow, HallRow, RegionRow

AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]

PAGE = 50
READERS = frozenset({Role.HEADQUARTERS, Role.ADMIN, Role.REGION_MANAGER})


@dataclass(frozen=True, slots=True)
class OverviewFilter:
    """What somebody looks for; None leaves a field open.

    ``only`` is ``ranked``, ``unranked`` or ``revisit``.
    """

    tier: str | None = None
    region_id: str | None = None
    trait: str | None = None
    only: str | None = None


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """One hall's month; ``reasons`` say why it is not ranked, empty when it is."""

    hall_id: str
    hall: Text
    city: Text
    region: Text
    region_id: str
    tier: str
    status: str
    official_milli: int | None
    half_milli: int | None
    grade: str | None
    adjusted_milli: int | None
    low_milli: int | None
    high_milli: int | None
    band: int | None
    is_ranked: bool
    flags: tuple[str, ...]
    visits: int
    gap_milli: int | None
    revisit_visit_id: UUID | None
    needs_revisit: bool

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the flags that keep the hall unranked."""
        return tuple(flag for flag in self.flags if flag in UNRANKED)


@dataclass(frozen=True, slots=True)
class BandLine:
    """How many halls share a band, and between which adjusted scores."""

    band: int
    halls: int
    low_milli: int
    high_milli: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A month as headquarters or a region sees it.

    ``lines`` are one page, ranked halls first by adjusted score; ``next_start`` is
    where the next page begins, None at the end. The counts are of all halls found.
    """

    month: str
    state: MonthState
    scored_at: datetime | None
    ledger_number: int
    lines: tuple[OverviewLine, ...]
    next_start: int | None
    halls: int
    scored: int
    ranked: int
    bands: tuple[BandLine, ...]
    unranked: dict[str, int]
    revisits: int


def get_month_overview(
    session: Session,
    actor: Actor,
    month: str,
    wanted: OverviewFilter | None = None,
    start: int = 0,
) -> Overview:
    """Return one page of a month's halls and the counts of all.

    Raises:
        NotFoundError: There is no such month, or it is not for this person.
    """
    if actor.role not in READERS or not is_month(month):
        raise NotFoundError
    found = _found(session, actor, month, wanted or OverviewFilter())
    rows = session.execute(
        _LINES.where(*found)
        .order_by(
            MonthScoreRow.is_ranked.desc(),
            func.coalesce(
                MonthScoreRow.adjusted_milli, MonthScoreRow.official_milli, -1
            ).desc(),
            MonthScoreRow.hall_id,
        )
        .offset(start)
        .limit(PAGE + 1)
    ).all()
    life = session.get(MonthRow, month)
    return Overview(
        month=month,
        state=MonthState(life.state) if life else MonthState.OPEN,
        scored_at=life.scored_at if life else None,
        ledger_number=life.ledger_number if life else 0,
        lines=tuple(_line(row) for row in rows[:PAGE]),
        next_start=start + PAGE if len(rows) > PAGE else None,
        bands=_bands(session, found),
        **_counts(session, found),
    )


_JOINED = (
    select(MonthScoreRow.hall_id)
    .join(HallRow, HallRow.hall_id == MonthScoreRow.hall_id)
    .join(CityRow, CityRow.city_id == HallRow.city_id)
    .join(RegionRow, RegionRow.region_id == MonthScoreRow.region_id)
    .outerjoin(
        RevisitRow,
        and_(
            RevisitRow.month == MonthScoreRow.month,
            RevisitRow.hall_id == MonthScoreRow.hall_id,
            RevisitRow.closed_at.is_(None),
        ),
    )
)
_LINES = _JOINED.with_only_columns(
    MonthScoreRow,
    HallRow.name_zh,
    HallRow.name_en,
    CityRow.name_zh.label("city_zh"),
    CityRow.name_en.label("city_en"),
    RegionRow.name_zh.label("region_zh"),
    RegionRow.name_en.label("region_en"),
    RevisitRow.visit_id,
    RevisitRow.asked_at,
)


def _found(
    session: Session, actor: Actor, month: str, wanted: OverviewFilter
) -> list[ColumnElement[bool]]:
    found = [MonthScoreRow.month == month, months_open_to(actor)]
    if wanted.tier:
        found.append(MonthScoreRow.tier == wanted.tier)
    if wanted.region_id:
        found.append(MonthScoreRow.region_id == wanted.region_id)
    if wanted.trait:
        halls = _halls_with(session, wanted.trait)
        found.append(MonthScoreRow.hall_id.in_(halls))
    if wanted.only == "revisit":
        found.append(RevisitRow.asked_at.is_not(None))
    elif wanted.only:
        found.append(MonthScoreRow.is_ranked == (wanted.only == "ranked"))
    return found


def _halls_with(session: Session, trait: str) -> Collection[str]:
    rows = session.execute(
        select(HallRow, CityRow, RegionRow)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .join(RegionRow, RegionRow.region_id == CityRow.region_id)
    )
    return [
        hall.hall_id
        for hall, city, region in rows
        if trait in effective_traits(region, city, hall)
    ]


def _counts(session: Session, found: list[ColumnElement[bool]]) -> dict[str, Any]:
    counted = session.execute(
        _JOINED.with_only_columns(
            func.count(),
            func.count(MonthScoreRow.official_milli),
            func.count().filter(MonthScoreRow.is_ranked),
            func.count(RevisitRow.asked_at),
        ).where(*found)
    ).one()
    flags = session.scalars(
        _JOINED.with_only_columns(MonthScoreRow.flags).where(
            *found, MonthScoreRow.is_ranked.is_(False)
        )
    )
    reasons = Counter(flag for each in flags for flag in each if flag in UNRANKED)
    halls, scored, ranked, revisits = counted
    return {
        "halls": halls,
        "scored": scored,
        "ranked": ranked,
        "revisits": revisits,
        "unranked": {flag: reasons[flag] for flag in UNRANKED if reasons[flag]},
    }


def _bands(session: Session, found: list[ColumnElement[bool]]) -> tuple[BandLine, ...]:
    rows = session.execute(
        _JOINED.with_only_columns(
            MonthScoreRow.band,
            func.count(),
            func.min(MonthScoreRow.adjusted_milli),
            func.max(MonthScoreRow.adjusted_milli),
        )
        .where(*found, MonthScoreRow.band.is_not(None))
        .group_by(MonthScoreRow.band)
        .order_by(MonthScoreRow.band)
    )
    return tuple(
        BandLine(band or 0, halls, low or 0, high or 0)
        for band, halls, low, high in rows
    )


def _line(row: AnyRow) -> OverviewLine:
    score = row.MonthScoreRow
    return OverviewLine(
        hall_id=score.hall_id,
        hall=Text(row.name_zh, row.name_en),
        city=Text(row.city_zh, row.city_en),
        region=Text(row.region_zh, row.region_en),
        region_id=score.region_id,
        tier=score.tier,
        status=score.status,
        official_milli=score.official_milli,
        half_milli=score.half_milli,
        grade=score.grade,
        adjusted_milli=score.adjusted_milli,
        low_milli=score.low_milli,
        high_milli=score.high_milli,
        band=score.band,
        is_ranked=score.is_ranked,
        flags=tuple(score.flags),
        visits=score.visits,
        gap_milli=score.gap_milli,
        revisit_visit_id=row.visit_id,
        needs_revisit=row.asked_at is not None,
    )
