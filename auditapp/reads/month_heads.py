"""The months themselves: their list, the latest ones, where one is in its life."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, literal, select, true
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import is_month
from auditapp.domain.month_life import MonthState
from auditapp.reads.scope import months_open_to
from auditapp.store.months import LedgerRow, MonthRow, MonthScoreRow, RevisitRow
from auditapp.store.organisation import CityRow, HallRow

OVERVIEW_READERS = frozenset({Role.HEADQUARTERS, Role.ADMIN, Role.REGION_MANAGER})
READERS = OVERVIEW_READERS | {Role.HALL_MANAGER}
CLOSED = MonthState.CLOSED.value


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month as the list of months shows it, in the halls a person may see."""

    month: str
    state: str
    number: int
    digest: str | None
    halls: int
    scored: int
    ranked: int
    mean_milli: int | None


@dataclass(frozen=True, slots=True)
class RecentMonth:
    """One month as the first page shows it."""

    month: str
    state: str
    revisits: int


@dataclass(frozen=True, slots=True)
class MonthHead:
    """Where a month is in its life, and the months beside it."""

    month: str
    state: str
    number: int
    digest: str | None
    previous: str | None
    following: str | None

    @property
    def is_closed(self) -> bool:
        """Whether its ledger is in force."""
        return self.state == CLOSED


def list_months(session: Session, actor: Actor) -> list[MonthLine]:
    """Return the months that have scores or a state, the latest first."""
    counts = (
        select(
            MonthScoreRow.month,
            func.count().label("halls"),
            func.count(MonthScoreRow.official_milli).label("scored"),
            func.count().filter(MonthScoreRow.is_ranked).label("ranked"),
            func.avg(MonthScoreRow.official_milli).label("mean"),
        )
        .where(scores_open_to(actor))
        .group_by(MonthScoreRow.month)
        .subquery()
    )
    rows = session.execute(
        select(MonthRow, LedgerRow.digest, counts)
        .outerjoin(counts, counts.c.month == MonthRow.month)
        .outerjoin(
            LedgerRow,
            and_(
                LedgerRow.month == MonthRow.month,
                LedgerRow.number == MonthRow.ledger_number,
            ),
        )
        .order_by(MonthRow.month.desc())
    )
    return [
        MonthLine(
            row.MonthRow.month,
            row.MonthRow.state,
            row.MonthRow.ledger_number,
            row.digest,
            row.halls or 0,
            row.scored or 0,
            row.ranked or 0,
            None if row.mean is None else round(float(row.mean)),
        )
        for row in rows
    ]


def list_recent_months(
    session: Session, actor: Actor, count: int = 2
) -> list[RecentMonth]:
    """Return the latest months with the second visits that nobody was sent on yet."""
    tasks = (
        select(func.count())
        .select_from(RevisitRow)
        .join(HallRow, HallRow.hall_id == RevisitRow.hall_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .where(
            RevisitRow.month == MonthRow.month,
            RevisitRow.closed_at.is_(None),
            RevisitRow.visit_id.is_(None),
            months_open_to(actor),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(MonthRow.month, MonthRow.state, tasks)
        .order_by(MonthRow.month.desc())
        .limit(count)
    )
    return [RecentMonth(*row) for row in rows]


def get_month(session: Session, month: str) -> MonthHead:
    """Return where a month is in its life; one that nobody touched is open.

    Raises:
        NotFoundError: There is no such month in any calendar.
    """
    if not is_month(month):
        raise NotFoundError
    row = session.execute(
        select(
            MonthRow,
            LedgerRow.digest,
            select(func.max(MonthRow.month))
            .where(MonthRow.month < month)
            .scalar_subquery()
            .label("before"),
            select(func.min(MonthRow.month))
            .where(MonthRow.month > month)
            .scalar_subquery()
            .label("after"),
        )
        .select_from(select(literal(1).label("one")).subquery())
        .outerjoin(MonthRow, MonthRow.month == month)
        .outerjoin(
            LedgerRow,
            and_(
                LedgerRow.month == MonthRow.month,
                LedgerRow.number == MonthRow.ledger_number,
            ),
        )
    ).one()
    found = row.MonthRow
    return MonthHead(
        month,
        found.state if found else MonthState.OPEN.value,
        found.ledger_number if found else 0,
        row.digest,
        row.before,
        row.after,
    )


def scores_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return which halls' months a person finds in overviews."""
    if actor.role is Role.REGION_MANAGER:
        return MonthScoreRow.region_id.in_(sorted(actor.region_ids))
    return true()
