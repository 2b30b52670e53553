"""Visits as the desk lists them: filtered, sorted, in pages that can be linked to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.inspection import KIND
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState, VisitState
from auditapp.reads.scope import visits_listed_for
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    ScoreRow,
)
from auditapp.store.organisation import HallRow, RegionRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]

PAGE = 50
BATCH = 500
NO_SCORE = -1  # sorts before the worst
NOTHING_YET = (None, AuditState.DRAFT.value)


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What somebody looks for; None leaves a field open."""

    month: str | None = None
    state: VisitState | None = None
    region_id: str | None = None
    hall_id: str | None = None
    sort: str = "month"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last line of the page before: its sort value and its visit."""

    value: str | int
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit. ``audit_id`` is None where there is nothing the person may open.

    ``auditor_code`` is None for halls: they never learn who came. ``copy_id`` is the
    audit of an open inspection, for those who have a copy of it and nothing more.
    """

    visit_id: UUID
    audit_id: UUID | None
    month: str
    kind: str
    scenario: str | None
    hall_id: str
    hall: Text
    region: Text
    state: VisitState
    due_on: date
    sent_at: datetime | None
    score_milli: int | None
    coverage_pct: int | None
    is_complete: bool
    has_critical_failure: bool
    auditor_code: str | None
    copy_id: UUID | None

    @property
    def score_tenths(self) -> int | None:
        """The score in tenths of a point, a half going up."""
        return None if self.score_milli is None else (self.score_milli + 50) // 100


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One page of a list; ``after`` leads to the next, None at the end."""

    lines: list[VisitLine]
    total: int
    after: Cursor | None


_SCORE = func.coalesce(ScoreRow.score_milli, NO_SCORE)
# what a list is sorted by, and whether the largest comes first
SORTS: dict[str, tuple[ColumnElement[Any], bool]] = {
    "month": (VisitRow.month.expression, True),
    "hall": (VisitRow.hall_id.expression, False),
    "score": (_SCORE, False),
    "best": (_SCORE, True),
}


def list_visits(
    session: Session,
    actor: Actor,
    wanted: VisitFilter,
    after: Cursor | None = None,
    size: int = PAGE,
) -> VisitPage:
    """Return one page of the visits that a person may see."""
    chosen = _chosen(actor, wanted)
    total = session.scalar(select(func.count()).select_from(VisitRow).where(*chosen))
    # one page is found before its names are: sorting a country with them is slow
    found = _ordered(_found(wanted).where(*chosen), wanted, after).limit(size + 1)
    page = found.subquery()
    statement = _named(_VISITS.add_columns(page.c.sorted_by)).join(
        page, page.c.visit_id == VisitRow.visit_id
    )
    order = _order(page.c.sorted_by, wanted)
    rows = session.execute(statement.order_by(*order)).all()
    lines = [_line(row, actor) for row in rows[:size]]
    last = rows[size - 1] if len(rows) > size else None
    cursor = Cursor(last.sorted_by, last.VisitRow.visit_id) if last else None
    return VisitPage(lines, total or 0, cursor)


def stream_visits(
    session: Session, actor: Actor, wanted: VisitFilter
) -> Iterator[VisitLine]:
    """Yield every visit of a list, however many, in the list's order."""
    chosen = _named(_VISITS).where(*_chosen(actor, wanted))
    statement = _ordered(chosen, wanted, None)
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        yield _line(row, actor)


def list_months(session: Session, actor: Actor) -> list[str]:
    """Return the months that have visits, the latest first."""
    return list(
        session.scalars(
            select(VisitRow.month)
            .where(visits_listed_for(actor))
            .distinct()
            .order_by(VisitRow.month.desc())
        )
    )


def list_regions(session: Session, actor: Actor) -> list[tuple[str, Text]]:
    """Return the regions a person can choose between."""
    statement = select(RegionRow).order_by(RegionRow.region_id)
    if actor.role in {Role.REGION_MANAGER, Role.INSPECTOR}:
        statement = statement.where(RegionRow.region_id.in_(sorted(actor.region_ids)))
    rows = session.scalars(statement)
    return [(row.region_id, Text(row.name_zh, row.name_en)) for row in rows]


_VISITS: AnySelect = select(
    VisitRow,
    AuditRow.audit_id,
    AuditRow.state.label("audit_state"),
    HallRow.name_zh,
    HallRow.name_en,
    RegionRow.name_zh.label("region_zh"),
    RegionRow.name_en.label("region_en"),
    PersonRow.code,
    ScoreRow.score_milli,
    ScoreRow.coverage_pct,
    ScoreRow.is_complete,
    ScoreRow.has_critical_failure,
)


def _found(wanted: VisitFilter) -> AnySelect:
    """Return the visits alone, with their scores only where those sort them."""
    visits = select(VisitRow.visit_id)
    return _scored(visits) if SORTS[wanted.sort][0] is _SCORE else visits


def _scored(statement: AnySelect) -> AnySelect:
    return (
        statement.select_from(VisitRow)
        .outerjoin(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .outerjoin(ScoreRow, IS_SCORE_OF_AUDIT)
    )


def _named(statement: AnySelect) -> AnySelect:
    return (
        _scored(statement)
        .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
        .join(RegionRow, RegionRow.region_id == VisitRow.region_id)
        .join(PersonRow, PersonRow.person_id == VisitRow.auditor_id)
    )


def _chosen(actor: Actor, wanted: VisitFilter) -> list[ColumnElement[bool]]:
    conditions = {
        VisitRow.month: wanted.month,
        VisitRow.state: wanted.state.value if wanted.state else None,
        VisitRow.region_id: wanted.region_id,
        VisitRow.hall_id: wanted.hall_id,
    }
    chosen = [column == value for column, value in conditions.items() if value]
    return [visits_listed_for(actor), *chosen]


def _ordered(
    statement: AnySelect, wanted: VisitFilter, after: Cursor | None
) -> AnySelect:
    column, is_descending = SORTS[wanted.sort]
    ordered = statement.add_columns(column.label("sorted_by"))
    key = tuple_(column, VisitRow.visit_id)
    if after is not None:
        last = tuple_(after.value, after.visit_id)
        ordered = ordered.where(key < last if is_descending else key > last)
    return ordered.order_by(*_order(column, wanted))


def _order(column: ColumnElement[Any], wanted: VisitFilter) -> list[Any]:
    names = (column, VisitRow.visit_id)
    is_descending = SORTS[wanted.sort][1]
    return [name.desc() if is_descending else name.asc() for name in names]


def _line(row: AnyRow, actor: Actor) -> VisitLine:
    visit = row.VisitRow
    is_hall = actor.role is Role.HALL_MANAGER
    has_copy = is_hall or actor.role is Role.INSPECTOR
    audit_id = None if row.audit_state in NOTHING_YET else row.audit_id
    return VisitLine(
        visit_id=visit.visit_id,
        audit_id=None if has_copy else audit_id,
        month=visit.month,
        kind=visit.kind,
        scenario=visit.scenario,
        hall_id=visit.hall_id,
        hall=Text(row.name_zh, row.name_en),
        region=Text(row.region_zh, row.region_en),
        state=VisitState(visit.state),
        due_on=visit.due_on,
        # halls learn the month and no more: an exact time names the visitor
        sent_at=None if is_hall else visit.sent_at,
        score_milli=row.score_milli,
        coverage_pct=row.coverage_pct,
        is_complete=bool(row.is_complete),
        has_critical_failure=bool(row.has_critical_failure),
        auditor_code=None if is_hall else row.code,
        copy_id=audit_id if has_copy and visit.kind == KIND else None,
    )
