"""What waits for a reviewer, oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    false,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.review_turn import ReviewLevel
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState, VisitState
from auditapp.reads.review_turns import is_turn_of
from auditapp.reads.scope import audits_open_to
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    ReturnedItemRow,
    ScoreRow,
    SignalRow,
)
from auditapp.store.organisation import HallRow
from auditapp.store.reviews import ReviewTurnRow
from auditapp.store.visits import VisitRow

AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an audit stands among those that wait; None at either end."""

    before: int
    total: int
    previous_id: UUID | None
    next_id: UUID | None


@dataclass(frozen=True, slots=True)
class WaitingAudit:
    """One line of what waits. ``score_tenths`` is None until it is scored."""

    audit_id: UUID
    hall: Text
    kind: str
    scenario: str | None
    completed_at: datetime
    score_milli: int | None
    has_critical_failure: bool
    notices: int
    questions: int
    due_at: datetime | None  # of the questions; without any, of the reviewer
    level: ReviewLevel | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first of what waits, and how many there are."""

    count: int
    lines: tuple[WaitingAudit, ...]


def find_place(
    session: Session,
    actor: Actor,
    audit_id: UUID,
    completed_at: datetime | None,
    now: datetime,
) -> Place:
    """Return the audits to go on with, before and after this one."""
    key = tuple_(AuditRow.completed_at, AuditRow.audit_id)
    waiting = _in_state(
        select(AuditRow.audit_id).select_from(AuditRow), actor, VisitState.IN_REVIEW
    ).where(is_turn_of(actor, now))
    here = tuple_(completed_at, audit_id)
    is_there = completed_at is not None
    earlier = waiting.where(key < here if is_there else false())
    later = waiting.where(key > here if is_there else true())
    forward = AuditRow.completed_at, AuditRow.audit_id
    back = AuditRow.completed_at.desc(), AuditRow.audit_id.desc()
    before, total, previous_id, next_id = session.execute(
        select(
            _count(earlier),
            _count(waiting),
            earlier.order_by(*back).limit(1).scalar_subquery(),
            later.order_by(*forward).limit(1).scalar_subquery(),
        )
    ).one()
    return Place(before, total, previous_id, next_id)


def _count(statement: Select[Any]) -> ScalarSelect[int]:
    return select(func.count()).select_from(statement.subquery()).scalar_subquery()


def list_waiting(session: Session, actor: Actor, limit: int, now: datetime) -> Waiting:
    """Return the audits that wait for this person, oldest first, and how many."""
    return _waiting(session, actor, VisitState.IN_REVIEW, is_turn_of(actor, now), limit)


def list_elsewhere(
    session: Session, actor: Actor, limit: int, now: datetime
) -> Waiting:
    """Return the audits in review that wait for somebody else, oldest first."""
    condition = ~is_turn_of(actor, now)
    return _waiting(session, actor, VisitState.IN_REVIEW, condition, limit)


def list_returned(session: Session, actor: Actor, limit: int) -> Waiting:
    """Return the audits with questions that are not answered, oldest first."""
    return _waiting(session, actor, VisitState.RETURNED, true(), limit)


def _waiting(
    session: Session,
    actor: Actor,
    state: VisitState,
    condition: ColumnElement[bool],
    limit: int,
) -> Waiting:
    order = (AuditRow.completed_at, AuditRow.audit_id)
    # the first are found before what is said of them: that is counted audit by audit
    total = func.count().over().label("total")
    waiting: AnySelect = select(AuditRow.audit_id, total)
    found = _in_state(waiting, actor, state).where(condition)
    first = found.order_by(*order).limit(limit).subquery()
    rows = session.execute(
        _LINES.add_columns(first.c.total)
        .join(first, first.c.audit_id == AuditRow.audit_id)
        .order_by(*order)
    ).all()
    return Waiting(rows[0].total if rows else 0, tuple(_line(row) for row in rows))


def count_unfinished(session: Session, actor: Actor) -> dict[VisitState, int]:
    """Return how many visits the person may open are in each state before the last."""
    rows = session.execute(
        select(VisitRow.state, func.count())
        .where(
            VisitRow.state.in_([state.value for state in UNFINISHED]),
            audits_open_to(actor),
        )
        .group_by(VisitRow.state)
    )
    return {VisitState(state): count for state, count in rows}


def _in_state(statement: AnySelect, actor: Actor, state: VisitState) -> AnySelect:
    audit_state = (
        AuditState.RETURNED if state is VisitState.RETURNED else AuditState.COMPLETE
    )
    joined = statement.join(VisitRow, VisitRow.visit_id == AuditRow.visit_id).outerjoin(
        ReviewTurnRow, ReviewTurnRow.audit_id == AuditRow.audit_id
    )
    return joined.where(
        VisitRow.state == state.value,
        AuditRow.state == audit_state.value,
        audits_open_to(actor),
    )


UNFINISHED = (
    VisitState.ASSIGNED,
    VisitState.UNDER_WAY,
    VisitState.SENT,
    VisitState.IN_REVIEW,
    VisitState.RETURNED,
    VisitState.ACCEPTED,
)
_NOTICES = (
    select(func.count())
    .where(SignalRow.audit_id == AuditRow.audit_id, SignalRow.level == "notice")
    .scalar_subquery()
)
_OPEN = and_(
    ReturnedItemRow.audit_id == AuditRow.audit_id,
    ReturnedItemRow.sent_at.is_not(None),
    ReturnedItemRow.replied_at.is_(None),
)
_LINES = (
    select(
        AuditRow.audit_id,
        AuditRow.completed_at,
        VisitRow.kind,
        VisitRow.scenario,
        HallRow.name_zh,
        HallRow.name_en,
        ScoreRow.score_milli,
        ScoreRow.has_critical_failure,
        _NOTICES.label("notices"),
        select(func.count()).where(_OPEN).scalar_subquery().label("questions"),
        func.coalesce(
            select(func.max(ReturnedItemRow.due_at)).where(_OPEN).scalar_subquery(),
            ReviewTurnRow.due_at,
        ).label("due_at"),
        ReviewTurnRow.level,
    )
    .select_from(AuditRow)
    .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
    .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
    .outerjoin(ReviewTurnRow, ReviewTurnRow.audit_id == AuditRow.audit_id)
    .outerjoin(ScoreRow, IS_SCORE_OF_AUDIT)
)


def _line(row: Row[Any]) -> WaitingAudit:
    return WaitingAudit(
        audit_id=row.audit_id,
        hall=Text(row.name_zh, row.name_en),
        kind=row.kind,
        scenario=row.scenario,
        completed_at=row.completed_at,
        score_milli=row.score_milli,
        has_critical_failure=bool(row.has_critical_failure),
        notices=row.notices,
        questions=row.questions,
        due_at=row.due_at,
        level=ReviewLevel(row.level) if row.level else None,
    )
