"""What a trial changed, beside like halls, month by month and source by source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Float, Select, case, cast, func, select
from sqlalchemy.orm import Session

from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import later
from auditapp.domain.pilot import MONTHS_BEFORE, Measure, PilotState
from auditapp.domain.text import Text
from auditapp.domain.trend_chart import TrendMonth
from auditapp.estimation.pilot import PilotEffect, match_halls, pilot_effect
from auditapp.store.months import MonthScoreRow
from auditapp.store.organisation import HallRow
from auditapp.store.pilots import PilotHallRow, PilotRow
from auditapp.store.work_cards import WorkCardRow


@dataclass(frozen=True, slots=True)
class Pilot:
    """One trial as it was planned, and what came of it."""

    pilot_id: UUID
    scenario: str
    number: int
    title: str
    first_month: str
    last_month: str
    measure: Measure
    expected: str
    is_drawn: bool
    state: PilotState
    begun_at: datetime
    reason: str | None
    ended_at: datetime | None
    halls: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class PilotResult:
    """What changed: in what was to get better, in each source, and month by month.

    ``months`` have the pilots' mean as the line and the like halls' mean as peers.
    """

    effects: dict[Measure, PilotEffect | None]
    months: tuple[TrendMonth, ...]
    months_after: int
    is_under_way: bool  # months of the plan are still to come


def list_pilots(session: Session) -> list[Pilot]:
    """Return every trial, the latest first, without its halls."""
    rows = session.execute(_pilots().order_by(PilotRow.begun_at.desc()))
    return [_pilot(row, ()) for row in rows]


def get_pilot(session: Session, pilot_id: UUID) -> Pilot:
    """Return one trial with its halls.

    Raises:
        NotFoundError: There is none.
    """
    row = session.execute(_pilots().where(PilotRow.pilot_id == pilot_id)).one_or_none()
    if row is None:
        raise NotFoundError
    halls = session.execute(
        select(HallRow.hall_id, HallRow.name_zh, HallRow.name_en)
        .join(PilotHallRow, PilotHallRow.hall_id == HallRow.hall_id)
        .where(PilotHallRow.pilot_id == pilot_id)
        .order_by(HallRow.hall_id)
    )
    return _pilot(row, [(h.hall_id, Text(h.name_zh, h.name_en)) for h in halls])


def judge_pilot(session: Session, pilot: Pilot, this_month: str) -> PilotResult:
    """Return what changed in the months of the plan that are over."""
    until = min(pilot.last_month, later(this_month, -1))
    since = later(pilot.first_month, -MONTHS_BEFORE)
    rows = session.execute(_means(pilot.first_month, since, until)).all()
    hall_ids = {hall_id for hall_id, _name in pilot.halls}
    is_pilot = np.array([row.hall_id in hall_ids for row in rows], dtype=bool)
    tiers = {tier: at for at, tier in enumerate(sorted({row.tier for row in rows}))}
    stratum = np.array([tiers[row.tier] for row in rows], dtype=np.int64)
    effects, like = dict[Measure, PilotEffect | None](), set[str]()
    for measure in Measure:
        before, after = _values(rows, measure)
        known = ~np.isnan(before) & ~np.isnan(after)
        effects[measure] = pilot_effect(
            before[known], after[known], is_pilot[known], stratum[known]
        )
        if measure is pilot.measure:
            names = [row.hall_id for row, here in zip(rows, known, strict=True) if here]
            matched = match_halls(before[known], is_pilot[known], stratum[known])
            like = {names[each] for each in matched.weights}
    months = _months(session, pilot, (since, until), hall_ids, like)
    over = [each for each in months if each.month >= pilot.first_month]
    return PilotResult(effects, months, len(over), until < pilot.last_month)


def _pilots() -> Select[Any]:
    card = (WorkCardRow.scenario, WorkCardRow.number, WorkCardRow.title)
    columns: list[Any] = [PilotRow, *card]
    return select(*columns).join(WorkCardRow, WorkCardRow.card_id == PilotRow.card_id)


def _pilot(found: Any, halls: Sequence[tuple[str, Text]]) -> Pilot:  # noqa: ANN401  a row
    row: PilotRow = found.PilotRow
    return Pilot(
        row.pilot_id,
        found.scenario,
        found.number,
        found.title,
        row.first_month,
        row.last_month,
        Measure(row.measure),
        row.expected,
        row.is_drawn,
        PilotState(row.state),
        row.begun_at,
        row.reason,
        row.ended_at,
        tuple(halls),
    )


def _column(measure: Measure) -> ColumnElement[Any]:
    column: ColumnElement[Any] = getattr(MonthScoreRow, measure.value)
    return column


def _means(first_month: str, since: str, until: str) -> Select[Any]:
    """Return a statement: each hall's means before the trial and in it."""
    month = MonthScoreRow.month
    columns = []
    for measure in Measure:
        value = cast(_column(measure), Float)
        before = case((month < first_month, value))
        after = case((month >= first_month, value))
        columns += [
            func.avg(before).label(f"{measure.value}_before"),
            func.avg(after).label(f"{measure.value}_after"),
        ]
    return (
        select(HallRow.hall_id, HallRow.tier, *columns)
        .join(MonthScoreRow, MonthScoreRow.hall_id == HallRow.hall_id)
        .where(month >= since, month <= until, HallRow.is_active)
        .group_by(HallRow.hall_id, HallRow.tier)
        .order_by(HallRow.hall_id)
    )


def _values(rows: Sequence[Any], measure: Measure) -> tuple[Any, Any]:
    return (
        np.array([getattr(r, f"{measure.value}_before") for r in rows], np.float64),
        np.array([getattr(r, f"{measure.value}_after") for r in rows], np.float64),
    )


def _months(
    session: Session,
    pilot: Pilot,
    span: tuple[str, str],
    hall_ids: set[str],
    like: set[str],
) -> tuple[TrendMonth, ...]:
    """Return both means of each month that has any."""
    month, is_pilot = MonthScoreRow.month, MonthScoreRow.hall_id.in_(hall_ids)
    rows = session.execute(
        select(month, is_pilot.label("is_pilot"), func.avg(_column(pilot.measure)))
        .where(
            month >= span[0],
            month <= span[1],
            MonthScoreRow.hall_id.in_(hall_ids | like),
        )
        .group_by(month, is_pilot)
    )
    means = {(m, bool(tried)): mean for m, tried, mean in rows if mean is not None}
    found = sorted({m for m, _tried in means})

    def mean(of: str, *, tried: bool) -> int | None:
        value = means.get((of, tried))
        return None if value is None else round(value)

    return tuple(
        TrendMonth(
            month=each,
            official_milli=mean(each, tried=True),
            adjusted_milli=mean(each, tried=True),
            low_milli=mean(each, tried=True),
            high_milli=mean(each, tried=True),
            peers_milli=mean(each, tried=False),
            standard="trial" if each >= pilot.first_month else "before",
        )
        for each in found
    )
