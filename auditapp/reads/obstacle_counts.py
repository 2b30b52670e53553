"""How often a rule or system was reported, what is news, and the photo of a report."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.obstacle import ObstacleState
from auditapp.domain.text import Text
from auditapp.reads.obstacles import (
    ObstacleFilter,
    is_unread_by,
    narrowed,
    obstacles_open_to,
    shows_photo,
)
from auditapp.reads.photos import PhotoUnreadableError
from auditapp.store.audits import PhotoRow
from auditapp.store.obstacles import ObstacleRow
from auditapp.store.organisation import DepartmentRow

UNREADABLE = "unreadable"

MOST_COUNTS, MOST_SUBJECTS = 50, 200


@dataclass(frozen=True, slots=True)
class SubjectCount:
    """How often one rule or system of one owner was reported."""

    subject: str
    department: Text | None
    reports: int
    halls: int
    waiting: int


def count_obstacles(
    session: Session, actor: Actor, wanted: ObstacleFilter, now: datetime
) -> list[SubjectCount]:
    """Return the counts by rule or system and owner, what hinders most halls first."""
    found = narrowed(actor, wanted, now).subquery()
    reports, halls = func.count(found.c.obstacle_id), func.sum(found.c.halls)
    is_open = case((found.c.state == ObstacleState.OPEN.value, 1), else_=0)
    rows = session.execute(
        select(
            func.min(found.c.subject).label("subject"),
            DepartmentRow.name_zh,
            DepartmentRow.name_en,
            reports.label("reports"),
            halls.label("halls"),
            func.sum(is_open).label("waiting"),
        )
        .outerjoin(DepartmentRow, DepartmentRow.department_id == found.c.owner)
        .group_by(
            func.lower(found.c.subject), DepartmentRow.name_zh, DepartmentRow.name_en
        )
        .order_by(halls.desc(), reports.desc(), func.min(found.c.subject))
        .limit(MOST_COUNTS)
    )
    return [
        SubjectCount(
            row.subject,
            Text(row.name_zh, row.name_en) if row.name_zh else None,
            row.reports,
            row.halls,
            row.waiting,
        )
        for row in rows
    ]


def list_departments(session: Session) -> list[tuple[str, Text]]:
    """Return who may have to answer."""
    rows = session.scalars(select(DepartmentRow).order_by(DepartmentRow.department_id))
    return [(row.department_id, Text(row.name_zh, row.name_en)) for row in rows]


def list_subjects(session: Session, actor: Actor, now: datetime) -> list[str]:
    """Return the rules and systems reported so far, so that they are named alike."""
    statement = (
        select(ObstacleRow.subject)
        .where(obstacles_open_to(actor, now))
        .distinct()
        .order_by(ObstacleRow.subject)
    )
    return list(session.scalars(statement.limit(MOST_SUBJECTS)))


def count_unread(session: Session, actor: Actor) -> int:
    """Return how many own reports were answered and not read."""
    counted = select(func.count()).where(is_unread_by(actor))
    return session.scalar(counted.select_from(ObstacleRow)) or 0


def check_obstacle_photo(
    session: Session, actor: Actor, obstacle_id: UUID, now: datetime
) -> str:
    """Return the photo of an obstacle; an auditor's is for headquarters alone.

    Raises:
        NotFoundError: There is none, or not for this person.
        PhotoUnreadableError: There is, and it cannot be shown.
    """
    row = session.execute(
        select(PhotoRow.sha256, PhotoRow.condition)
        .join(ObstacleRow, ObstacleRow.photo_sha256 == PhotoRow.sha256)
        .where(
            ObstacleRow.obstacle_id == obstacle_id,
            obstacles_open_to(actor, now),
            shows_photo(actor),
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    if row.condition == UNREADABLE:
        raise PhotoUnreadableError
    return str(row.sha256)
