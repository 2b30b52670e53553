"""What stands in the way, in a person's scope: the list, the counts, one of them.

Nobody below headquarters learns which report is an auditor's. It is shown to the others
from the next month on, as all dates of reports are months to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, select, true
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import local_date, month_of
from auditapp.domain.obstacle import (
    OVERSEERS,
    ObstacleKind,
    ObstacleState,
    is_overdue,
)
from auditapp.domain.text import Text
from auditapp.store.obstacles import ObstacleAnswerRow, ObstacleRow, ObstacleVoteRow
from auditapp.store.organisation import DepartmentRow, HallRow

AnyRow = Row[*tuple[Any, ...]]
SHOWN = 100
SORTS = ("open", "halls", "new", "rule")
# which department answers for it, when nobody knew
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class ObstacleFilter:
    """Which obstacles are listed, and in which order; None leaves open."""

    state: ObstacleState | None = None
    owner: str | None = None
    kind: ObstacleKind | None = None
    is_own: bool = False
    sort: str = "open"


@dataclass(frozen=True, slots=True)
class ObstacleLine:
    """One obstacle of the list; ``role`` and ``hall`` are None below headquarters.

    ``halls`` counts those that it hinders, ``is_counted`` whether the reader's is one.
    """

    obstacle_id: UUID
    kind: ObstacleKind
    subject: str
    words: str
    cost: str
    owner: str | None
    department: Text | None
    state: ObstacleState
    month: str
    reported_at: datetime | None
    answered_at: datetime | None
    due_on: date | None
    is_overdue: bool
    is_own: bool
    is_unread: bool
    halls: int
    is_counted: bool
    role: str | None
    hall: Text | None
    has_photo: bool


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """One answer, the latest first."""

    state: ObstacleState
    words: str
    due_on: date | None
    halls: int
    answered_at: datetime


def obstacles_open_to(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Return which obstacles a person finds: staff all but this month's of auditors."""
    own = ObstacleRow.reported_by == actor.person_id
    if actor.role in OVERSEERS:
        return true()
    if actor.role is Role.AUDITOR:
        return own
    is_later = ObstacleRow.month < month_of(now)
    return own | is_later | (ObstacleRow.role != Role.AUDITOR.value)


def list_obstacles(
    session: Session, actor: Actor, wanted: ObstacleFilter, now: datetime
) -> list[ObstacleLine]:
    """Return what stands in the way, at most SHOWN."""
    statement = _ordered(_lines(actor, wanted, now), wanted.sort).limit(SHOWN)
    return [_line(row, actor, now) for row in session.execute(statement)]


def stream_obstacles(
    session: Session, actor: Actor, wanted: ObstacleFilter, now: datetime
) -> Iterator[ObstacleLine]:
    """Yield all of them as they are filtered, for a file."""
    statement = _ordered(_lines(actor, wanted, now), wanted.sort)
    for row in session.execute(statement.execution_options(yield_per=200)):
        yield _line(row, actor, now)


def get_obstacle(
    session: Session, actor: Actor, obstacle_id: UUID, now: datetime
) -> tuple[ObstacleLine, list[PastAnswer]]:
    """Return one obstacle and its answers, the latest first.

    Raises:
        NotFoundError: There is none for this person.
    """
    statement = _lines(actor, ObstacleFilter(), now).where(
        ObstacleRow.obstacle_id == obstacle_id
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError
    answers = session.scalars(
        select(ObstacleAnswerRow)
        .where(ObstacleAnswerRow.obstacle_id == obstacle_id)
        .order_by(ObstacleAnswerRow.answered_at.desc())
    )
    past = [
        PastAnswer(
            ObstacleState(each.state),
            each.words,
            each.due_on,
            each.halls,
            each.answered_at,
        )
        for each in answers
    ]
    return _line(row, actor, now), past


def shows_photo(actor: Actor) -> ColumnElement[bool]:
    """Return whose photos a person sees; an auditor's is for headquarters alone."""
    if actor.role in OVERSEERS:
        return ObstacleRow.photo_sha256.is_not(None)
    own = ObstacleRow.reported_by == actor.person_id
    owning = ObstacleRow.owner == (actor.department_id or "")
    return own | (owning & (ObstacleRow.role != Role.AUDITOR.value))


def is_unread_by(actor: Actor) -> ColumnElement[bool]:
    """Return which own reports were answered and not read."""
    return (
        (ObstacleRow.reported_by == actor.person_id)
        & (ObstacleRow.state != ObstacleState.OPEN.value)
        & ObstacleRow.read_at.is_(None)
    )


def narrowed(
    actor: Actor, wanted: ObstacleFilter, now: datetime
) -> Select[*tuple[Any, ...]]:
    """Return the wanted obstacles, each with how many halls it hinders."""
    counted = (
        select(func.count())
        .where(ObstacleVoteRow.obstacle_id == ObstacleRow.obstacle_id)
        .scalar_subquery()
    )
    statement = select(*ObstacleRow.__table__.columns, counted.label("halls")).where(
        obstacles_open_to(actor, now)
    )
    if wanted.state is not None:
        statement = statement.where(ObstacleRow.state == wanted.state.value)
    if wanted.kind is not None:
        statement = statement.where(ObstacleRow.kind == wanted.kind.value)
    if wanted.owner == NOBODY:
        statement = statement.where(ObstacleRow.owner.is_(None))
    elif wanted.owner is not None:
        statement = statement.where(ObstacleRow.owner == wanted.owner)
    if wanted.is_own:
        statement = statement.where(ObstacleRow.reported_by == actor.person_id)
    return statement


def _lines(
    actor: Actor, wanted: ObstacleFilter, now: datetime
) -> Select[*tuple[Any, ...]]:
    is_counted = exists().where(
        ObstacleVoteRow.obstacle_id == ObstacleRow.obstacle_id,
        ObstacleVoteRow.hall_id == (actor.hall_id or ""),
    )
    has_photo = shows_photo(actor) & ObstacleRow.photo_sha256.is_not(None)
    return (
        narrowed(actor, wanted, now)
        .add_columns(
            is_counted.label("is_counted"),
            is_unread_by(actor).label("is_unread"),
            has_photo.label("has_photo"),
            DepartmentRow.name_zh.label("department_zh"),
            DepartmentRow.name_en.label("department_en"),
            HallRow.name_zh.label("hall_zh"),
            HallRow.name_en.label("hall_en"),
        )
        .outerjoin(DepartmentRow, DepartmentRow.department_id == ObstacleRow.owner)
        .outerjoin(HallRow, HallRow.hall_id == ObstacleRow.hall_id)
    )


def _ordered(
    statement: Select[*tuple[Any, ...]], sort: str
) -> Select[*tuple[Any, ...]]:
    is_open = case((ObstacleRow.state == ObstacleState.OPEN.value, 0), else_=1)
    first: dict[str, tuple[Any, ...]] = {
        "open": (is_open, statement.selected_columns["halls"].desc()),
        "halls": (statement.selected_columns["halls"].desc(),),
        "new": (ObstacleRow.month.desc(),),
        "rule": (func.lower(ObstacleRow.subject),),
    }
    return statement.order_by(
        *first[sort], ObstacleRow.month, ObstacleRow.subject, ObstacleRow.obstacle_id
    )


def _line(row: AnyRow, actor: Actor, now: datetime) -> ObstacleLine:
    state, is_own = ObstacleState(row.state), row.reported_by == actor.person_id
    sees_who = actor.role in OVERSEERS
    return ObstacleLine(
        obstacle_id=row.obstacle_id,
        kind=ObstacleKind(row.kind),
        subject=row.subject,
        words=row.words,
        cost=row.cost,
        owner=row.owner,
        department=Text(row.department_zh, row.department_en) if row.owner else None,
        state=state,
        month=row.month,
        reported_at=row.reported_at if sees_who or is_own else None,
        answered_at=row.answered_at,
        due_on=row.due_on,
        is_overdue=is_overdue(state, row.due_on, local_date(now)),
        is_own=is_own,
        is_unread=bool(row.is_unread),
        halls=row.halls,
        is_counted=bool(row.is_counted),
        role=row.role if sees_who else None,
        hall=Text(row.hall_zh, row.hall_en) if sees_who and row.hall_id else None,
        has_photo=bool(row.has_photo),
    )
