"""What happened to one complaint, and the obstacles it may be laid to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.complaint_line import ComplaintStep, StepDone, in_order
from auditapp.reads.obstacles import SHOWN, obstacles_open_to
from auditapp.reads.scope import complaints_open_to
from auditapp.store.calls import ComplaintRow, ComplaintStepRow
from auditapp.store.obstacles import ObstacleRow
from auditapp.store.people import PersonRow

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class LinkedObstacle:
    """The obstacle that a complaint was laid to."""

    obstacle_id: UUID
    subject: str


@dataclass(frozen=True, slots=True)
class ComplaintHistory:
    """All steps of a complaint, the first first, and the obstacle behind it."""

    steps: tuple[StepDone, ...]
    obstacle: LinkedObstacle | None


def get_history(
    session: Session, actor: Actor, complaint_id: UUID, now: datetime
) -> ComplaintHistory:
    """Return what happened to a complaint; nobody is named, only roles."""
    received = session.execute(
        select(ComplaintRow.created_at, PersonRow.role)
        .outerjoin(PersonRow, PersonRow.person_id == ComplaintRow.created_by)
        .where(ComplaintRow.complaint_id == complaint_id, complaints_open_to(actor))
    ).all()
    rows = session.execute(
        select(
            ComplaintStepRow,
            PersonRow.role,
            ObstacleRow.obstacle_id.label("linked_id"),
            ObstacleRow.subject,
        )
        .join(ComplaintRow, ComplaintRow.complaint_id == ComplaintStepRow.complaint_id)
        .outerjoin(PersonRow, PersonRow.person_id == ComplaintStepRow.done_by)
        .outerjoin(
            ObstacleRow,
            (ObstacleRow.obstacle_id == ComplaintStepRow.obstacle_id)
            & obstacles_open_to(actor, now),
        )
        .where(ComplaintStepRow.complaint_id == complaint_id, complaints_open_to(actor))
        .order_by(ComplaintStepRow.done_at)
    ).all()
    first = [StepDone(ComplaintStep.RECEIVED, at, role, "") for at, role in received]
    steps = [
        StepDone(ComplaintStep(row.step), row.done_at, role, row.words)
        for row, role, _linked_id, _subject in rows
    ]
    linked = [found for row in rows if (found := _linked(row)) is not None]
    return ComplaintHistory(
        tuple(in_order([*first, *steps])), linked[-1] if linked else None
    )


def _linked(row: AnyRow) -> LinkedObstacle | None:
    if row.linked_id is None:
        return None
    return LinkedObstacle(row.linked_id, row.subject)


def list_causes(
    session: Session, actor: Actor, now: datetime
) -> list[tuple[UUID, str]]:
    """Return the obstacles that a complaint may be laid to, by name."""
    rows = session.execute(
        select(ObstacleRow.obstacle_id, ObstacleRow.subject)
        .where(obstacles_open_to(actor, now))
        .order_by(ObstacleRow.subject, ObstacleRow.obstacle_id)
        .limit(SHOWN)
    )
    return [(row.obstacle_id, row.subject) for row in rows]
