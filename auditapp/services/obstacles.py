"""Reporting what stands in the way, saying that it hinders one too, answering."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import ForbiddenError, NotFoundError
from auditapp.domain.month import local_date, month_of
from auditapp.domain.obstacle import (
    LONGEST_SUBJECT,
    LONGEST_WORDS,
    AnsweredError,
    ObstacleAnswer,
    ObstacleReport,
    ObstacleState,
    VotedError,
    check_answer,
    check_answerer,
    check_report,
    opens_again,
)
from auditapp.domain.phone_number import without_numbers
from auditapp.reads.obstacles import obstacles_open_to
from auditapp.services.completion import Sign
from auditapp.services.events import record_event
from auditapp.services.evidence import StoredPhoto, take_in_photo
from auditapp.store.obstacles import ObstacleAnswerRow, ObstacleRow, ObstacleVoteRow
from auditapp.store.organisation import DepartmentRow


def report_obstacle(
    session: Session,
    actor: Actor,
    report: ObstacleReport,
    photo: StoredPhoto | None = None,
    *,
    sign: Sign,
    now: datetime,
) -> UUID:
    """Keep what stands in the way; a hall that reports it is its first vote.

    Raises:
        InvalidError: Something is not said.
        NotFoundError: There is no such department.
    """
    check_report(report)
    if report.owner is not None and session.get(DepartmentRow, report.owner) is None:
        raise NotFoundError
    if photo is not None:
        take_in_photo(session, actor, photo, now=now, sign=sign)
    row = ObstacleRow(
        kind=report.kind.value,
        subject=" ".join(report.subject.split())[:LONGEST_SUBJECT],
        words=_clean(report.words),
        cost=_clean(report.cost),
        owner=report.owner,
        photo_sha256=photo.sha256 if photo else None,
        role=actor.role.value,
        month=month_of(now),
        hall_id=actor.hall_id,
        reported_by=actor.person_id,
        reported_at=now,
        state=ObstacleState.OPEN.value,
    )
    session.add(row)
    session.flush()
    if actor.hall_id:
        _count_hall(session, row, actor.hall_id, actor, now)
    _log(session, "reported", row, actor, now)
    return row.obstacle_id


def join_obstacle(
    session: Session, actor: Actor, obstacle_id: UUID, *, now: datetime
) -> bool:
    """Count the own hall; tell whether that opened the obstacle again.

    Raises:
        NotFoundError: There is none for this person.
        ForbiddenError: The person has no hall.
        VotedError: The hall is counted already.
    """
    row = _hold(session, actor, obstacle_id, now)
    if not actor.hall_id:
        raise ForbiddenError
    if session.get(ObstacleVoteRow, (obstacle_id, actor.hall_id)) is not None:
        raise VotedError
    _count_hall(session, row, actor.hall_id, actor, now)
    _log(session, "joined", row, actor, now, hall=actor.hall_id)
    state, answered = ObstacleState(row.state), _halls_when_answered(session, row)
    if not opens_again(state, _halls(session, obstacle_id), answered):
        return False
    row.state, row.read_at = ObstacleState.OPEN.value, None
    _log(session, "reopened", row, actor, now)
    return True


def answer_obstacle(
    session: Session,
    actor: Actor,
    obstacle_id: UUID,
    answer: ObstacleAnswer,
    *,
    now: datetime,
) -> None:
    """Answer who reported; what was accepted may be answered again, later or otherwise.

    Raises:
        NotFoundError: There is none for this person.
        ForbiddenError: Another department answers for it.
        AnsweredError: It was explained or declined meanwhile.
        InvalidError: No answer, no reason, or no day to come.
    """
    row = _hold(session, actor, obstacle_id, now)
    check_answerer(actor, row.owner)
    if row.state not in (ObstacleState.OPEN.value, ObstacleState.ACCEPTED.value):
        raise AnsweredError
    check_answer(answer, local_date(now))
    is_promise = answer.state is ObstacleState.ACCEPTED
    given = ObstacleAnswerRow(
        obstacle_id=obstacle_id,
        state=answer.state.value,
        words=_clean(answer.words),
        due_on=answer.due_on if is_promise else None,
        halls=_halls(session, obstacle_id),
        answered_by=actor.person_id,
        answered_at=now,
    )
    session.add(given)
    row.state, row.due_on = given.state, given.due_on
    row.answered_at, row.read_at = now, None
    _log(session, given.state, row, actor, now)


def pass_on_obstacle(
    session: Session, actor: Actor, obstacle_id: UUID, owner: str, *, now: datetime
) -> None:
    """Give an obstacle to the department that can remove it; headquarters does.

    Raises:
        NotFoundError: There is no such obstacle or department.
        ForbiddenError: The person is not of headquarters.
    """
    row = _hold(session, actor, obstacle_id, now)
    if actor.is_read_only or actor.role is not Role.HEADQUARTERS:
        raise ForbiddenError
    if session.get(DepartmentRow, owner) is None:
        raise NotFoundError
    row.owner = owner
    _log(session, "passed_on", row, actor, now)


def note_answer_read(
    session: Session, actor: Actor, obstacle_id: UUID, *, now: datetime
) -> None:
    """Note that who reported an obstacle has read its answer.

    Raises:
        NotFoundError: The person reported no such obstacle.
    """
    row = _hold(session, actor, obstacle_id, now)
    if row.reported_by != actor.person_id or row.answered_at is None:
        raise NotFoundError
    if row.read_at is None:
        row.read_at = now
        _log(session, "read", row, actor, now)


def _hold(
    session: Session, actor: Actor, obstacle_id: UUID, now: datetime
) -> ObstacleRow:
    wanted = select(ObstacleRow).where(
        ObstacleRow.obstacle_id == obstacle_id, obstacles_open_to(actor, now)
    )
    row = session.scalar(wanted.with_for_update())
    if row is None:
        raise NotFoundError
    return row


def _count_hall(
    session: Session, row: ObstacleRow, hall_id: str, actor: Actor, now: datetime
) -> None:
    session.add(
        ObstacleVoteRow(
            obstacle_id=row.obstacle_id,
            hall_id=hall_id,
            voted_by=actor.person_id,
            voted_at=now,
        )
    )
    session.flush()


def _halls(session: Session, obstacle_id: UUID) -> int:
    counted = select(func.count()).where(ObstacleVoteRow.obstacle_id == obstacle_id)
    return session.scalar(counted) or 0


def _halls_when_answered(session: Session, row: ObstacleRow) -> int:
    latest = (
        select(ObstacleAnswerRow.halls)
        .where(ObstacleAnswerRow.obstacle_id == row.obstacle_id)
        .order_by(ObstacleAnswerRow.answered_at.desc())
        .limit(1)
    )
    return session.scalar(latest) or 0


def _clean(text: str) -> str:
    return without_numbers(text.strip())[:LONGEST_WORDS]


def _log(
    session: Session,
    what: str,
    row: ObstacleRow,
    actor: Actor,
    now: datetime,
    **details: object,
) -> None:
    session.flush()
    record_event(
        session,
        f"obstacle.{what}",
        row.obstacle_id,
        now=now,
        actor_id=actor.person_id,
        owner=row.owner,
        state=row.state,
        **details,
    )
