"""How far a month's calls have come: by hall and by business type."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from auditapp.domain.callback import CallbackState
from auditapp.domain.rounding import round_half_up
from auditapp.domain.text import Text
from auditapp.store.calls import CallbackRow
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.responses import ResponseRow

PAGE = 50
LEAST_SHOWN = 5  # customers' answers are shown in groups of five or more


@dataclass(frozen=True, slots=True)
class HallCalls:
    """The calls of one hall, or of all when ``hall`` is None."""

    hall_id: str
    hall: Text | None
    drawn: int
    completed: int
    refused: int
    not_reached: int
    let_go: int

    @property
    def waiting(self) -> int:
        """How many may still be called."""
        ended = self.completed + self.refused + self.not_reached + self.let_go
        return self.drawn - ended

    @property
    def reached_pct(self) -> int | None:
        """The share of customers reached, of those who were tried to the end."""
        reached = self.completed + self.refused
        tried = reached + self.not_reached
        return round_half_up(Fraction(100 * reached, tried)) if tried else None


@dataclass(frozen=True, slots=True)
class BusinessAnswers:
    """The answers about one business type; no mean of fewer than five."""

    business: str
    responses: int
    mean_tenths: int | None


def list_hall_calls(
    session: Session,
    month: str,
    *,
    region_id: str | None = None,
    after: str = "",
    size: int = PAGE,
) -> tuple[list[HallCalls], bool]:
    """Return one page of the halls, by id, and whether more follow."""
    statement = (
        select(HallRow.hall_id, HallRow.name_zh, HallRow.name_en, *_COUNTS)
        .outerjoin(
            CallbackRow,
            and_(CallbackRow.hall_id == HallRow.hall_id, CallbackRow.month == month),
        )
        .where(HallRow.is_active, HallRow.hall_id > after)
        .group_by(HallRow.hall_id, HallRow.name_zh, HallRow.name_en)
        .order_by(HallRow.hall_id)
        .limit(size + 1)
    )
    if region_id:
        cities = select(CityRow.city_id).where(CityRow.region_id == region_id)
        statement = statement.where(HallRow.city_id.in_(cities))
    rows = session.execute(statement).all()
    lines = [
        HallCalls(row.hall_id, Text(row.name_zh, row.name_en), *row[3:])
        for row in rows[:size]
    ]
    return lines, len(rows) > size


def count_calls(session: Session, month: str) -> HallCalls:
    """Return the calls of all halls together."""
    row = session.execute(select(*_COUNTS).where(CallbackRow.month == month)).one()
    return HallCalls("", None, *row)


def list_business_answers(session: Session, month: str) -> list[BusinessAnswers]:
    """Return the callbacks' answers by business type, the most frequent first."""
    rows = session.execute(
        select(
            ResponseRow.business,
            func.count().label("responses"),
            func.sum(ResponseRow.score_milli).label("total_milli"),
        )
        .where(ResponseRow.source == "callback", ResponseRow.month == month)
        .group_by(ResponseRow.business)
        .order_by(func.count().desc(), ResponseRow.business)
    )
    return [
        BusinessAnswers(
            row.business or "",
            row.responses,
            round_half_up(Fraction(int(row.total_milli), 100 * row.responses))
            if row.responses >= LEAST_SHOWN
            else None,
        )
        for row in rows
    ]


def _count(*states: CallbackState) -> ColumnElement[int]:
    values = [state.value for state in states]
    return func.count(case((CallbackRow.state.in_(values), 1)))


_COUNTS = (
    func.count(CallbackRow.callback_id),
    _count(CallbackState.COMPLETED),
    _count(CallbackState.REFUSED),
    _count(CallbackState.UNREACHABLE, CallbackState.WRONG_NUMBER),
    _count(CallbackState.LET_GO),
)
