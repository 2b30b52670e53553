"""What waits for a reviewer, oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState, VisitState
from auditapp.reads.scope import audits_open_to
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    ReturnedItemRow,
    ScoreRow,
    SignalRow,
)
from auditapp.store.organisation import HallRow
from auditapp.store.visits import VisitRow


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
    due_at: datetime | None


def find_place(
    session: Session, actor: Actor, audit_id: UUID, completed_at: datetime | None
) -> Place:
    """Return the audits to go on with, before and after this one."""
    key = tuple_(AuditRow.completed_at, AuditRow.audit_id)
    waiting = _in_state(select(AuditRow.audit_id), actor, VisitState.IN_REVIEW)
    total = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    if completed_at is None:
        first = session.scalar(
            waiting.order_by(AuditRow.completed_at, AuditRow.audit_id).limit(1)
        )
        return Place(0, total, None, first)
    here = tuple_(completed_at, audit_id)
    earlier, later = waiting.where(key < here), waiting.where(key > here)
    before = session.scalar(select(func.count()).select_from(earlier.subquery())) or 0
    return Place(
        before=before,
        total=total,
        previous_id=session.scalar(
            earlier.order_by(
                AuditRow.completed_at.desc(), AuditRow.audit_id.desc()
            ).limit(1)
        ),
        next_id=session.scalar(
            later.order_by(AuditRow.completed_at, AuditRow.audit_id).limit(1)
        ),
    )


def list_waiting(
    session: Session, actor: Actor, state: VisitState, limit: int
) -> list[WaitingAudit]:
    """Return the audits in review, or returned and not answered, oldest first."""
    rows = session.execute(
        _in_state(_LINES, actor, state)
        .order_by(AuditRow.completed_at, AuditRow.audit_id)
        .limit(limit)
    )
    return [_line(row) for row in rows]


def count_by_state(session: Session, actor: Actor) -> dict[VisitState, int]:
    """Return how many visits the person may open are in each state."""
    rows = session.execute(
        select(VisitRow.state, func.count())
        .where(audits_open_to(actor))
        .group_by(VisitRow.state)
    )
    return {VisitState(state): count for state, count in rows}


def _in_state(statement: Select[Any], actor: Actor, state: VisitState) -> Select[Any]:
    audit_state = (
        AuditState.RETURNED if state is VisitState.RETURNED else AuditState.COMPLETE
    )
    joined = statement.join(VisitRow, VisitRow.visit_id == AuditRow.visit_id).join(
        HallRow, HallRow.hall_id == VisitRow.hall_id
    )
    return joined.where(
        VisitRow.state == state.value,
        AuditRow.state == audit_state.value,
        audits_open_to(actor),
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
        select(func.max(ReturnedItemRow.due_at))
        .where(_OPEN)
        .scalar_subquery()
        .label("due_at"),
    )
    .select_from(AuditRow)
    .outerjoin(
        ScoreRow,
        IS_SCORE_OF_AUDIT,
    )
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
    )
