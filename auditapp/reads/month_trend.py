"""A hall's last months, each with its range."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import later
from auditapp.domain.month_life import MonthState
from auditapp.reads.scope import months_open_to
from auditapp.store.months import MonthRow, MonthScoreRow
from auditapp.store.organisation import CityRow, HallRow


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of a hall; milli-points, None where there is no score."""

    month: str
    state: MonthState
    official_milli: int | None
    half_milli: int | None
    adjusted_milli: int | None
    low_milli: int | None
    high_milli: int | None
    grade: str | None
    band: int | None
    flags: tuple[str, ...]


def list_hall_trend(
    session: Session, actor: Actor, hall_id: str, month: str, months: int = 12
) -> list[TrendPoint]:
    """Return up to so many months, the last being ``month``, oldest first.

    Raises:
        NotFoundError: There is no such hall for this person.
    """
    hall = session.scalar(
        select(HallRow.hall_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .where(HallRow.hall_id == hall_id, months_open_to(actor))
    )
    if hall is None:
        raise NotFoundError
    statement = (
        select(MonthScoreRow, MonthRow.state)
        .join(MonthRow, MonthRow.month == MonthScoreRow.month)
        .where(
            MonthScoreRow.hall_id == hall_id,
            MonthScoreRow.month.between(later(month, 1 - months), month),
        )
        .order_by(MonthScoreRow.month)
    )
    if actor.role is Role.HALL_MANAGER:
        statement = statement.where(MonthRow.state == MonthState.CLOSED.value)
    return [_point(row, MonthState(state)) for row, state in session.execute(statement)]


def _point(row: MonthScoreRow, state: MonthState) -> TrendPoint:
    return TrendPoint(
        month=row.month,
        state=state,
        official_milli=row.official_milli,
        half_milli=row.half_milli,
        adjusted_milli=row.adjusted_milli,
        low_milli=row.low_milli,
        high_milli=row.high_milli,
        grade=row.grade,
        band=row.band,
        flags=tuple(row.flags),
    )
