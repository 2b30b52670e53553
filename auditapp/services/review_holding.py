"""Holding an audit while a person decides about it: in scope, and nobody else's now."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import ForbiddenError, NotFoundError
from auditapp.domain.review import (
    NotInReviewError,
    RevisedMeanwhileError,
    is_in_review,
)
from auditapp.domain.review_turn import NotYourTurnError, may_ask, may_check, may_decide
from auditapp.domain.visit import AuditState, VisitState
from auditapp.reads.review_turns import get_turn
from auditapp.reads.scope import audits_open_to
from auditapp.store.audits import AuditRow
from auditapp.store.visits import VisitRow

Held = tuple[AuditRow, VisitRow]


def hold(session: Session, actor: Actor, audit_id: UUID) -> Held:
    """Return an audit in the person's scope; nobody else changes it meanwhile.

    Raises:
        ForbiddenError: The person neither decides nor takes a first look.
        NotFoundError: There is no such audit for this person.
    """
    if not (may_decide(actor) or may_check(actor)):
        raise ForbiddenError
    found = session.execute(
        select(AuditRow, VisitRow)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(AuditRow.audit_id == audit_id, audits_open_to(actor))
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFoundError
    return found[0], found[1]


def hold_in_review(
    session: Session, actor: Actor, audit_id: UUID, revision: int | None = None
) -> Held:
    """Return an audit that is before a reviewer, in the version they looked at.

    Raises:
        ForbiddenError, NotFoundError: As ``hold``.
        NotInReviewError, RevisedMeanwhileError: Things have moved on.
    """
    audit, visit = hold(session, actor, audit_id)
    if not is_in_review(AuditState(audit.state), VisitState(visit.state)):
        raise NotInReviewError
    if revision is not None and audit.revision != revision:
        raise RevisedMeanwhileError
    return audit, visit


def hold_to_ask(
    session: Session, actor: Actor, audit_id: UUID, revision: int | None = None
) -> Held:
    """Return an audit about which the person may ask its auditor now.

    Raises:
        ForbiddenError, NotFoundError, NotInReviewError, RevisedMeanwhileError: As
            ``hold_in_review``.
        NotYourTurnError: It is with somebody else.
    """
    held = hold_in_review(session, actor, audit_id, revision)
    if not may_ask(actor, get_turn(session, audit_id)):
        raise NotYourTurnError
    return held


def hold_to_decide(
    session: Session, actor: Actor, audit_id: UUID, revision: int | None = None
) -> Held:
    """Return an audit that the person may accept now.

    Raises:
        ForbiddenError: The person does not accept audits.
        NotFoundError, NotInReviewError, RevisedMeanwhileError: As ``hold_in_review``.
    """
    if not may_decide(actor):
        raise ForbiddenError
    return hold_in_review(session, actor, audit_id, revision)
