"""The month of many halls: totals, heat map, causes, whom to visit again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.attribution import CAUSES
from auditapp.domain.text import Text
from auditapp.reads.month_scores import (
    SHOWN,
    Cursor,
    HallScore,
    MonthFilter,
    filtered,
    list_not_ranked,
    list_ranked,
)
from auditapp.store.months import MonthScoreRow, RevisitRow
from auditapp.store.organisation import HallRow
from auditapp.store.responses import TallyRow


@dataclass(frozen=True, slots=True)
class Cell:
    """The halls of one region and tier: mean and half-width of it, in milli-points."""

    region_id: str
    tier: str
    halls: int
    mean_milli: float | None
    half_milli: float


@dataclass(frozen=True, slots=True)
class Totals:
    """How many halls of the filter have what."""

    halls: int
    scored: int
    ranked: int


@dataclass(frozen=True, slots=True)
class Revisit:
    """A hall that is to be visited again, and whether somebody is sent already."""

    hall_id: str
    hall: Text
    gap_milli: int
    is_planned: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the overview of a month shows.

    ``causes`` count low answers by the cause that customers saw; ``bands`` count the
    halls of the whole country.
    """

    totals: Totals
    cells: Sequence[Cell]
    causes: Mapping[str, int]
    bands: Mapping[int, int]
    ranked: Sequence[HallScore]
    after: Cursor | None
    not_ranked: Sequence[HallScore]
    has_more_not_ranked: bool
    revisits: Sequence[Revisit]
    revisit_count: int


def get_overview(
    session: Session, actor: Actor, wanted: MonthFilter, after: Cursor | None = None
) -> Overview:
    """Return the overview of a month, with one page of its bands."""
    ranked, following = list_ranked(session, actor, wanted, after)
    not_ranked, more = list_not_ranked(session, actor, wanted)
    revisits, revisit_count = list_revisits(session, actor, wanted)
    return Overview(
        totals=get_totals(session, actor, wanted),
        cells=list_cells(session, actor, wanted),
        causes=get_causes(session, actor, wanted),
        bands=count_bands(session, wanted.month),
        ranked=ranked,
        after=following,
        not_ranked=not_ranked,
        has_more_not_ranked=more is not None,
        revisits=revisits,
        revisit_count=revisit_count,
    )


def get_totals(session: Session, actor: Actor, wanted: MonthFilter) -> Totals:
    """Count the halls of a month."""
    halls, scored, ranked = session.execute(
        filtered(
            select(
                func.count(),
                func.count(MonthScoreRow.official_milli),
                func.count().filter(MonthScoreRow.is_ranked),
            ),
            actor,
            wanted,
        )
    ).one()
    return Totals(halls, scored, ranked)


def list_cells(session: Session, actor: Actor, wanted: MonthFilter) -> list[Cell]:
    """Return every region and tier of the filter, whoever has fewer than one scored."""
    half = (MonthScoreRow.high_milli - MonthScoreRow.low_milli) / 2.0
    rows = session.execute(
        filtered(
            select(
                MonthScoreRow.region_id,
                MonthScoreRow.tier,
                func.count(MonthScoreRow.adjusted_milli).label("halls"),
                func.avg(MonthScoreRow.adjusted_milli).label("mean"),
                func.sum(half * half).label("squares"),
            ),
            actor,
            wanted,
        ).group_by(MonthScoreRow.region_id, MonthScoreRow.tier)
    )
    return [
        Cell(
            row.region_id,
            row.tier,
            row.halls,
            None if row.mean is None else float(row.mean),
            float(row.squares or 0) ** 0.5 / max(row.halls, 1),
        )
        for row in rows
    ]


def get_causes(session: Session, actor: Actor, wanted: MonthFilter) -> dict[str, int]:
    """Return how many low answers customers gave, by the cause that they saw."""
    tagged = (TallyRow.front_line, TallyRow.process, TallyRow.support)
    row = session.execute(
        filtered(select(*(func.sum(column) for column in tagged)), actor, wanted).join(
            TallyRow,
            (TallyRow.hall_id == MonthScoreRow.hall_id)
            & (TallyRow.month == MonthScoreRow.month),
        )
    ).one()
    return {cause: count or 0 for cause, count in zip(CAUSES, row, strict=True)}


def count_bands(session: Session, month: str) -> dict[int, int]:
    """Return how many halls of the whole country stand in each band."""
    rows = session.execute(
        select(MonthScoreRow.band, func.count())
        .where(MonthScoreRow.month == month, MonthScoreRow.band.is_not(None))
        .group_by(MonthScoreRow.band)
        .order_by(MonthScoreRow.band)
    )
    return {band: count for band, count in rows if band is not None}


def list_revisits(
    session: Session, actor: Actor, wanted: MonthFilter, size: int = SHOWN
) -> tuple[list[Revisit], int]:
    """Return the open tasks to visit a hall again, widest gap first, and how many."""
    statement = (
        filtered(select(RevisitRow, HallRow.name_zh, HallRow.name_en), actor, wanted)
        .join(
            RevisitRow,
            (RevisitRow.hall_id == MonthScoreRow.hall_id)
            & (RevisitRow.month == MonthScoreRow.month),
        )
        .where(RevisitRow.closed_at.is_(None))
    )
    total = session.scalar(select(func.count()).select_from(statement.subquery()))
    rows = session.execute(
        statement.order_by(
            func.abs(RevisitRow.gap_milli).desc(), RevisitRow.hall_id
        ).limit(size)
    )
    return [
        Revisit(
            row.RevisitRow.hall_id,
            Text(row.name_zh, row.name_en),
            row.RevisitRow.gap_milli,
            row.RevisitRow.visit_id is not None,
        )
        for row in rows
    ], total or 0
