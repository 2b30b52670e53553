"""What a first page counts besides the lists: halls that fall, halls nobody visits."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.text import Text
from auditapp.domain.visit import VisitState
from auditapp.reads.month_audits import MYSTERY
from auditapp.reads.scope import halls_open_to, months_open_to
from auditapp.store.months import MonthScoreRow
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.visits import VisitRow

SHOWN = 5


@dataclass(frozen=True, slots=True)
class FallingHall:
    """A hall whose adjusted score fell more than chance explains."""

    hall_id: str
    name: Text
    month: str
    change_milli: int


@dataclass(frozen=True, slots=True)
class Unvisited:
    """Halls to which no auditor is sent this month: how many, and the first of them."""

    count: int
    halls: tuple[tuple[str, Text], ...]


def falling_halls(session: Session, actor: Actor) -> list[FallingHall]:
    """Return the halls that fell most in the latest scored month, worst first.

    Where the change is marked as an alarm (|z| > 1.645); a month with little evidence
    raises none. Source: docs/architecture.md, "The month", ``change``.
    """
    latest = select(func.max(MonthScoreRow.month)).scalar_subquery()
    last = MonthScoreRow.details["change"]["last"]
    change = last["milli"].as_integer()
    rows = session.execute(
        select(
            MonthScoreRow.hall_id,
            MonthScoreRow.month,
            HallRow.name_zh,
            HallRow.name_en,
            change.label("change"),
        )
        .join(HallRow, HallRow.hall_id == MonthScoreRow.hall_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .where(
            MonthScoreRow.month == latest,
            last["is_alarm"].as_boolean(),
            change < 0,
            months_open_to(actor),
        )
        .order_by(change, MonthScoreRow.hall_id)
        .limit(SHOWN)
    )
    return [
        FallingHall(row.hall_id, Text(row.name_zh, row.name_en), row.month, row.change)
        for row in rows
    ]


def unvisited_halls(session: Session, actor: Actor, month: str) -> Unvisited:
    """Return the open halls without a mystery visit in a month, planned or made."""
    is_visited = exists().where(
        VisitRow.hall_id == HallRow.hall_id,
        VisitRow.month == month,
        VisitRow.kind == MYSTERY,
        VisitRow.state != VisitState.REJECTED.value,
    )
    found = (
        select(
            HallRow.hall_id,
            HallRow.name_zh,
            HallRow.name_en,
            func.count().over().label("total"),
        )
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .where(HallRow.is_active, ~is_visited, halls_open_to(actor))
        .order_by(HallRow.hall_id)
        .limit(SHOWN)
    )
    rows = session.execute(found).all()
    halls = tuple((row.hall_id, Text(row.name_zh, row.name_en)) for row in rows)
    return Unvisited(rows[0].total if rows else 0, halls)
