"""Taking a complaint along its line: classified, contacted, found out, learned."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.complaint import CATEGORIES, ComplaintState
from auditapp.domain.complaint_line import (
    REPEATED_WITHIN,
    ComplaintStep,
    NotYetError,
    check_words,
    escalations,
)
from auditapp.domain.errors import ForbiddenError, NotFoundError
from auditapp.domain.phone_number import without_numbers
from auditapp.reads.obstacles import obstacles_open_to
from auditapp.reads.scope import complaints_open_to
from auditapp.services.events import record_event
from auditapp.store.calls import ComplaintRow, ComplaintStepRow
from auditapp.store.obstacles import ObstacleRow
from auditapp.store.organisation import DepartmentRow

HALL = "hall"
LONGEST_WORDS = 2000
WHILE_OPEN = (ComplaintStep.CONTACTED, ComplaintStep.INVESTIGATED)


def may_answer(actor: Actor, owner: str, hall_id: str) -> bool:
    """Tell whether a complaint is this person's to answer."""
    match actor.role:
        case Role.HEADQUARTERS:
            return not actor.is_read_only
        case Role.HALL_MANAGER:
            return owner == HALL and hall_id == actor.hall_id
        case Role.DEPARTMENT:
            return owner == actor.department_id
        case _:
            return False


def classify_complaint(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    category: str,
    owner: str,
    *,
    now: datetime,
) -> None:
    """Say of which kind a complaint is and whose; its owner changes with it.

    Raises:
        NotFoundError: There is none for this person, no such kind or owner.
        ForbiddenError: Another answers for it.
        NotYetError: It is answered already.
    """
    complaint = _held(session, actor, complaint_id)
    if complaint.state != ComplaintState.OPEN.value:
        raise NotYetError
    is_owner = owner == HALL or session.get(DepartmentRow, owner) is not None
    if category not in CATEGORIES or not is_owner:
        raise NotFoundError
    complaint.category, complaint.owner = category, owner
    complaint.cause = complaint.cause or CATEGORIES[category].cause
    add_step(session, complaint, ComplaintStep.CLASSIFIED, actor, now)
    escalate_if_grave(session, complaint, actor, now)


def note_progress(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    step: ComplaintStep,
    words: str,
    *,
    now: datetime,
) -> None:
    """Note that the customer was spoken to, or what was found out.

    Raises:
        NotFoundError: There is none for this person.
        ForbiddenError: Another answers for it.
        NotYetError: It is answered, or the step is none of these.
        InvalidError: What was said or found is not written.
    """
    complaint = _held(session, actor, complaint_id)
    if complaint.state != ComplaintState.OPEN.value or step not in WHILE_OPEN:
        raise NotYetError
    check_words(words)
    add_step(session, complaint, step, actor, now, words)


def note_learned(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    words: str,
    obstacle_id: UUID | None = None,
    *,
    now: datetime,
) -> None:
    """Write what changed because of a closed complaint, with the obstacle behind it.

    Raises:
        NotFoundError: There is no such complaint or obstacle for this person.
        ForbiddenError: Another answers for it.
        NotYetError: It is not closed.
        InvalidError: Nothing is written.
    """
    complaint = _held(session, actor, complaint_id)
    if complaint.state != ComplaintState.CLOSED.value:
        raise NotYetError
    check_words(words)
    if obstacle_id is not None and not session.scalar(
        select(
            exists().where(
                ObstacleRow.obstacle_id == obstacle_id, obstacles_open_to(actor, now)
            )
        )
    ):
        raise NotFoundError
    row = add_step(session, complaint, ComplaintStep.LEARNED, actor, now, words)
    row.obstacle_id = obstacle_id
    session.flush()


def escalate_if_grave(
    session: Session, complaint: ComplaintRow, actor: Actor, now: datetime
) -> None:
    """Make a complaint severe where it is a repeat, a threat, of safety or of many."""
    found = escalations(
        complaint.category,
        complaint.words,
        is_repeat=_is_repeat(session, complaint, now),
    )
    if not found:
        return
    complaint.is_severe = True
    if _has_gone_up(session, complaint):
        return
    words = " ".join(reason.value for reason in found)
    add_step(session, complaint, ComplaintStep.ESCALATED, actor, now, words)


def add_step(
    session: Session,
    complaint: ComplaintRow,
    step: ComplaintStep,
    actor: Actor,
    now: datetime,
    words: str = "",
) -> ComplaintStepRow:
    """Write one step; telephone numbers are hidden in its words."""
    row = ComplaintStepRow(
        complaint_id=complaint.complaint_id,
        step=step.value,
        words=without_numbers(words.strip())[:LONGEST_WORDS],
        done_by=actor.person_id,
        done_at=now,
    )
    session.add(row)
    session.flush()
    record_event(
        session,
        f"complaint.step_{step.value}",
        complaint.complaint_id,
        now=now,
        actor_id=actor.person_id,
        category=complaint.category,
        owner=complaint.owner,
    )
    return row


def _held(session: Session, actor: Actor, complaint_id: UUID) -> ComplaintRow:
    complaint = session.scalar(
        select(ComplaintRow)
        .where(ComplaintRow.complaint_id == complaint_id, complaints_open_to(actor))
        .with_for_update()
    )
    if complaint is None:
        raise NotFoundError
    if not may_answer(actor, complaint.owner, complaint.hall_id):
        raise ForbiddenError
    return complaint


def _is_repeat(session: Session, complaint: ComplaintRow, now: datetime) -> bool:
    if complaint.customer_id is None:
        return False
    before = exists().where(
        ComplaintRow.customer_id == complaint.customer_id,
        ComplaintRow.complaint_id != complaint.complaint_id,
        ComplaintRow.created_at >= now - REPEATED_WITHIN,
    )
    return bool(session.scalar(select(before)))


def _has_gone_up(session: Session, complaint: ComplaintRow) -> bool:
    gone = exists().where(
        ComplaintStepRow.complaint_id == complaint.complaint_id,
        ComplaintStepRow.step == ComplaintStep.ESCALATED.value,
    )
    return bool(session.scalar(select(gone)))
