"""What was lost to a department: by month, item and hall, and what it puts right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.action import UNFINISHED, ActionState
from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.text import Text
from auditapp.reads.actions import is_late
from auditapp.reads.month_heads import MonthHead, get_month
from auditapp.reads.scope import actions_open_to
from auditapp.reads.see import SeeFilter, get_seen
from auditapp.reads.see_halls import ItemLine, list_items
from auditapp.store.actions import ActionRow
from auditapp.store.appeals import AppealRow
from auditapp.store.organisation import DepartmentRow, HallRow
from auditapp.store.profiles import HallProfileRow

READERS = frozenset({Role.HEADQUARTERS, Role.ADMIN, Role.DEPARTMENT})
MOST_HALLS = 30


@dataclass(frozen=True, slots=True)
class LostByHall:
    """A hall that lost points to a department, in milli-points."""

    hall_id: str
    hall: Text
    lost_milli: int


@dataclass(frozen=True, slots=True)
class DepartmentWork:
    """How many of a department's actions are late, not finished and closed."""

    late: int
    open: int
    done: int


@dataclass(frozen=True, slots=True)
class DepartmentMonth:
    """A department's scorecard; ``halls`` only where the reader may know them."""

    name: Text
    head: MonthHead
    owners: Mapping[str, Mapping[str, float]]  # month: {owner: points of mean hall}
    items: list[ItemLine]
    halls: list[LostByHall]
    work: DepartmentWork
    appeals: Mapping[str, int]  # by state, of items that are the department's


def get_department_month(
    session: Session, actor: Actor, department_id: str, month: str, now: datetime
) -> DepartmentMonth:
    """Return a department's scorecard; a department reads its own alone.

    A department finds halls in closed months only: before that a hall of the list
    could tell of a visit that is not released.

    Raises:
        NotFoundError: There is no such department or month for this person.
    """
    is_department = actor.role is Role.DEPARTMENT
    row = session.get(DepartmentRow, department_id)
    if row is None or (is_department and actor.department_id != department_id):
        raise NotFoundError
    head, wanted = get_month(session, month), SeeFilter(month)
    may_know = head.is_closed or not is_department
    return DepartmentMonth(
        Text(row.name_zh, row.name_en),
        head,
        get_seen(session, actor, wanted).owners,
        list_items(session, actor, wanted, "owner", department_id),
        _halls(session, department_id, month) if may_know else [],
        _work(session, actor, department_id, now),
        _appeals(session, actor, department_id),
    )


def _halls(session: Session, department_id: str, month: str) -> list[LostByHall]:
    lost = HallProfileRow.figures["owner"][department_id].as_integer()
    rows = session.execute(
        select(HallRow.hall_id, HallRow.name_zh, HallRow.name_en, lost.label("lost"))
        .join(HallProfileRow, HallProfileRow.hall_id == HallRow.hall_id)
        .where(HallProfileRow.month == month, lost > 0)
        .order_by(lost.desc(), HallRow.hall_id)
        .limit(MOST_HALLS)
    )
    return [
        LostByHall(row.hall_id, Text(row.name_zh, row.name_en), row.lost)
        for row in rows
    ]


def _work(
    session: Session, actor: Actor, department_id: str, now: datetime
) -> DepartmentWork:
    unfinished = [state.value for state in UNFINISHED]
    row = session.execute(
        select(
            func.count().filter(is_late(now)),
            func.count().filter(ActionRow.state.in_(unfinished)),
            func.count().filter(ActionRow.state == ActionState.CLOSED.value),
        ).where(ActionRow.owner == department_id, actions_open_to(actor))
    ).one()
    return DepartmentWork(*row)


def _appeals(session: Session, actor: Actor, department_id: str) -> dict[str, int]:
    """Count the appeals about items whose action is the department's, by state."""
    rows = session.execute(
        select(AppealRow.state, func.count().label("number"))
        .join(
            ActionRow,
            (ActionRow.hall_id == AppealRow.hall_id)
            & (ActionRow.item_id == AppealRow.item_id),
        )
        .where(ActionRow.owner == department_id, actions_open_to(actor))
        .group_by(AppealRow.state)
    )
    return {row.state: row.number for row in rows}
