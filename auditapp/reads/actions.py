"""Corrective actions in a person's scope: the list and its counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from auditapp.domain.action import (
    HALL,
    NOBODY,
    UNFINISHED,
    ActionState,
    Severity,
)
from auditapp.domain.actor import Actor, Role
from auditapp.domain.text import Text
from auditapp.reads.month_audits import MYSTERY
from auditapp.reads.scope import actions_open_to
from auditapp.store.actions import ActionRow
from auditapp.store.organisation import CityRow, DepartmentRow, HallRow

READERS = (
    Role.ADMIN,
    Role.HEADQUARTERS,
    Role.REGION_MANAGER,
    Role.DEPARTMENT,
    Role.HALL_MANAGER,
)
PAGE, MOST_EXPORTED = 100, 20_000
# what a list can be narrowed to; the counts of first pages are of the same conditions
OPEN, WITH_OWNER, LATE, PROOF, CRITICAL, NO_OWNER, AWAITS_CHECK, OVER = (
    "open",
    "with_owner",
    "late",
    "proof",
    "critical",
    "no_owner",
    "awaits_check",
    "over",
)
LISTS = (OPEN, WITH_OWNER, LATE, PROOF, CRITICAL, NO_OWNER, AWAITS_CHECK, OVER)


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What a list is narrowed to; None and empty leave it as it is."""

    which: str = OPEN
    severity: Severity | None = None
    owner: str | None = None
    region_id: str | None = None
    hall_id: str | None = None


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action of a list. ``department`` names an owner that is no hall.

    To a hall, times of a department's action would tell when a mystery visit was
    accepted: they are None.
    """

    action_id: UUID
    hall_id: str
    hall: Text
    item: Text
    severity: Severity
    cause: str
    owner: str
    department: Text | None
    state: ActionState
    given_at: datetime | None
    due_at: datetime | None
    contain_at: datetime | None
    contained_at: datetime | None
    proof_at: datetime | None
    level: int
    recurrences: int
    is_late: bool


def list_actions(
    session: Session,
    actor: Actor,
    wanted: ActionFilter,
    now: datetime,
    *,
    limit: int = PAGE,
) -> list[ActionLine]:
    """Return actions, late ones first, then the gravest, then by deadline."""
    rank = case(
        (ActionRow.severity == Severity.CRITICAL.value, 0),
        (ActionRow.severity == Severity.MAJOR.value, 1),
        else_=2,
    )
    statement = (
        lines_for(actor, now)
        .where(*_narrowed(wanted, now))
        .order_by(
            case((is_late(now), 0), else_=1),
            rank,
            func.coalesce(ActionRow.due_at, ActionRow.failed_at),
            ActionRow.action_id,
        )
    )
    return [line_of(row, actor) for row in session.execute(statement.limit(limit))]


def count_actions(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """Return how many actions each list of ``which`` holds for a person."""
    conditions = _conditions(now)
    columns = [
        func.count().filter(condition).label(which)
        for which, condition in conditions.items()
    ]
    row = session.execute(
        select(*columns).select_from(ActionRow).where(actions_open_to(actor))
    ).one()
    return {which: getattr(row, which) for which in conditions}


def list_owners(session: Session) -> list[tuple[str, Text]]:
    """Return the departments that can own an action."""
    rows = session.execute(
        select(
            DepartmentRow.department_id, DepartmentRow.name_zh, DepartmentRow.name_en
        ).order_by(DepartmentRow.department_id)
    )
    return [(row.department_id, Text(row.name_zh, row.name_en)) for row in rows]


def _conditions(now: datetime) -> dict[str, ColumnElement[bool]]:
    state = ActionRow.state
    is_open = state.in_([each.value for each in UNFINISHED])
    is_done = state == ActionState.APPROVED.value
    return {
        OPEN: is_open,
        WITH_OWNER: state == ActionState.OPEN.value,
        LATE: is_late(now),
        PROOF: state == ActionState.PROOF_SENT.value,
        CRITICAL: is_open & ~is_done & (ActionRow.severity == Severity.CRITICAL.value),
        NO_OWNER: is_open & (ActionRow.owner == NOBODY),
        AWAITS_CHECK: is_done,
        OVER: ~is_open,
    }


def tells_the_day(action: ActionRow, actor: Actor) -> bool:
    """Tell whether a hall could read from times when it was visited."""
    return actor.role is Role.HALL_MANAGER and action.kind == MYSTERY


def is_late(now: datetime) -> ColumnElement[bool]:
    """Return whether the owner has had an action too long."""
    is_contained = or_(
        ActionRow.contain_at.is_(None), ActionRow.contained_at.is_not(None)
    )
    return and_(
        ActionRow.state == ActionState.OPEN.value,
        or_(
            func.coalesce(ActionRow.due_at <= now, False),
            and_(~is_contained, func.coalesce(ActionRow.contain_at <= now, False)),
        ),
    )


def _narrowed(wanted: ActionFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions = [_conditions(now)[wanted.which]]
    if wanted.severity is not None:
        conditions.append(ActionRow.severity == wanted.severity.value)
    if wanted.owner is not None:
        conditions.append(ActionRow.owner == wanted.owner)
    if wanted.region_id is not None:
        conditions.append(CityRow.region_id == wanted.region_id)
    if wanted.hall_id is not None:
        conditions.append(ActionRow.hall_id == wanted.hall_id)
    return conditions


def lines_for(actor: Actor, now: datetime) -> Select[*tuple[Any, ...]]:
    """Select the actions a person finds, each as ``line_of`` reads it."""
    return (
        select(
            ActionRow,
            HallRow.name_zh,
            HallRow.name_en,
            DepartmentRow.name_zh.label("department_zh"),
            DepartmentRow.name_en.label("department_en"),
            is_late(now).label("is_late"),
        )
        .join(HallRow, HallRow.hall_id == ActionRow.hall_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .outerjoin(DepartmentRow, DepartmentRow.department_id == ActionRow.owner)
        .where(actions_open_to(actor))
    )


def line_of(row: Row[*tuple[Any, ...]], actor: Actor) -> ActionLine:
    """Return one row of ``lines_for`` as far as a person may know it."""
    action: ActionRow = row.ActionRow
    is_department = action.owner not in (HALL, NOBODY)
    is_secret = is_department and tells_the_day(action, actor)
    named = Text(row.department_zh or action.owner, row.department_en or action.owner)
    return ActionLine(
        action_id=action.action_id,
        hall_id=action.hall_id,
        hall=Text(row.name_zh, row.name_en),
        item=Text(action.item["zh"], action.item["en"]),
        severity=Severity(action.severity),
        cause=action.cause,
        owner=action.owner,
        department=named if is_department else None,
        state=ActionState(action.state),
        given_at=None if is_secret else action.given_at,
        due_at=None if is_secret else action.due_at,
        contain_at=None if is_secret else action.contain_at,
        contained_at=action.contained_at,
        proof_at=action.proof_at,
        level=action.level,
        recurrences=action.recurrences,
        is_late=bool(row.is_late),
    )
