"""A reviewer's decisions. Each is one row of the event log and can be taken back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError
from auditapp.domain.review import (
    NothingToReturnError,
    NotInReviewError,
    RevisedMeanwhileError,
    may_reopen,
    obstacles,
    open_points,
)
from auditapp.domain.review_turn import may_decide
from auditapp.domain.score_document import from_document
from auditapp.domain.visit import COMPLETED, AuditState, VisitState
from auditapp.reads.review_turns import confirmed_causes, get_turn
from auditapp.services.action_following import follow_audit
from auditapp.services.events import record_event
from auditapp.services.form_shelf import find_form
from auditapp.services.month_requests import request_rescore_of
from auditapp.services.review_holding import hold, hold_to_ask, hold_to_decide
from auditapp.services.review_turns import renew_turn, take_over
from auditapp.store.audits import AuditRow, ReturnedItemRow, ScoreRow

Decision = Callable[[Session, Actor, UUID, int, datetime], None]


def note_item(
    session: Session,
    actor: Actor,
    audit_id: UUID,
    item_id: str,
    question: str,
    now: datetime,
) -> None:
    """Write a question beside an item, or change it; nothing is sent yet.

    Raises:
        NotFoundError: There is no such audit or item for this person.
        NotInReviewError: The audit is not before a reviewer.
    """
    audit, _visit = hold_to_ask(session, actor, audit_id)
    if all(item["id"] != item_id for item in _form(session, audit)["items"]):
        raise NotFoundError
    drop_note(session, actor, audit_id, item_id)
    session.add(
        ReturnedItemRow(
            audit_id=audit_id,
            item_id=item_id,
            question=question,
            asked_by=actor.person_id,
            asked_at=now,
            due_at=now,
        )
    )


def drop_note(session: Session, actor: Actor, audit_id: UUID, item_id: str) -> None:
    """Remove a question that was not sent yet; removing it twice is fine."""
    hold_to_ask(session, actor, audit_id)
    session.execute(
        delete(ReturnedItemRow).where(
            ReturnedItemRow.audit_id == audit_id,
            ReturnedItemRow.item_id == item_id,
            ReturnedItemRow.sent_at.is_(None),
        )
    )


def return_audit(
    session: Session,
    actor: Actor,
    audit_id: UUID,
    revision: int,
    due_at: datetime,
    now: datetime,
) -> int:
    """Send the noted items back to the auditor and return how many they are.

    Raises:
        NothingToReturnError: No item has a question.
        NotInReviewError, RevisedMeanwhileError: Things have moved on.
    """
    audit, visit = hold_to_ask(session, actor, audit_id, revision)
    noted = session.scalars(
        select(ReturnedItemRow.item_id).where(
            ReturnedItemRow.audit_id == audit_id, ReturnedItemRow.sent_at.is_(None)
        )
    ).all()
    if not noted:
        raise NothingToReturnError
    session.execute(
        update(ReturnedItemRow)
        .where(ReturnedItemRow.audit_id == audit_id, ReturnedItemRow.sent_at.is_(None))
        .values(sent_at=now, due_at=due_at)
    )
    audit.state, visit.state = AuditState.RETURNED.value, VisitState.RETURNED.value
    take_over(session, actor, audit_id)
    record_event(
        session,
        "audit.returned",
        audit_id,
        now=now,
        actor_id=actor.person_id,
        revision=revision,
        items=sorted(noted),
        due_at=due_at.isoformat(),
    )
    return len(noted)


def accept_audit(
    session: Session, actor: Actor, audit_id: UUID, revision: int, now: datetime
) -> None:
    """Make an audit official.

    Raises:
        InvalidError: It is incomplete or has open questions; every one is named.
        NotInReviewError, RevisedMeanwhileError: Things have moved on.
    """
    audit, visit = hold_to_decide(session, actor, audit_id, revision)
    score = session.get(ScoreRow, (audit_id, revision))
    noted = session.scalar(
        select(func.count())
        .select_from(ReturnedItemRow)
        .where(ReturnedItemRow.audit_id == audit_id, ReturnedItemRow.sent_at.is_(None))
    )
    found, form = from_document(score.lines) if score else None, _form(session, audit)
    problems = obstacles(
        found,
        form["min_coverage"],
        open_points(
            found,
            form,
            noted=noted or 0,
            confirmed=confirmed_causes(session, audit_id),
            turn=get_turn(session, audit_id),
            actor=actor,
        ),
        score.outcome if score else COMPLETED,
    )
    if problems:
        raise InvalidError(problems)
    audit.state, visit.state = AuditState.CLOSED.value, VisitState.ACCEPTED.value
    visit.accepted_at, visit.accepted_by = now, actor.person_id
    record_event(
        session,
        "audit.accepted",
        audit_id,
        now=now,
        actor_id=actor.person_id,
        revision=revision,
    )
    follow_audit(session, audit_id, now=now)
    request_rescore_of(session, visit, now)


def reopen_audit(
    session: Session, actor: Actor, audit_id: UUID, revision: int, now: datetime
) -> None:
    """Take the last decision back; questions the auditor has not answered stay noted.

    Raises:
        NotInReviewError: There is no decision that could be taken back.
        RevisedMeanwhileError: The auditor has answered already.
    """
    if not may_decide(actor):
        raise ForbiddenError
    audit, visit = hold(session, actor, audit_id)
    if not may_reopen(VisitState(visit.state)):
        raise NotInReviewError
    if audit.revision != revision:
        raise RevisedMeanwhileError
    record_event(
        session,
        "audit.reopened",
        audit_id,
        now=now,
        actor_id=actor.person_id,
        revision=revision,
        was=visit.state,
    )
    session.execute(
        update(ReturnedItemRow)
        .where(
            ReturnedItemRow.audit_id == audit_id, ReturnedItemRow.replied_at.is_(None)
        )
        .values(sent_at=None)
    )
    if visit.state == VisitState.ACCEPTED.value:
        request_rescore_of(session, visit, now)
    audit.state, visit.state = AuditState.COMPLETE.value, VisitState.IN_REVIEW.value
    visit.accepted_at = visit.accepted_by = None
    renew_turn(session, audit_id, visit.month, now)
    follow_audit(session, audit_id, now=now)


def _form(session: Session, audit: AuditRow) -> Mapping[str, Any]:
    form = find_form(session, audit.form_digest)
    if form is None:
        raise NotFoundError
    return form
