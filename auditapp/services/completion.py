"""The moment an audit becomes whole: its final document and every photo are stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.intake import Evidence
from auditapp.domain.visit import AuditState, VisitState
from auditapp.services.events import record_event
from auditapp.services.jobs import INTAKE, request_job
from auditapp.store.audits import AuditRow, EvidenceRow
from auditapp.store.holdings import photo_conditions
from auditapp.store.visits import VisitRow

Sign = Callable[[Mapping[str, Any]], str]  # makes a receipt of its facts
SCORE_AUDIT = "audit.score"


@dataclass(frozen=True, slots=True)
class FinalDocument:
    """What a receipt is about."""

    audit_id: UUID
    visit_id: UUID
    revision: int
    sha256: str
    evidence: tuple[str, ...]


def complete_if_whole(
    session: Session, actor: Actor, visit_id: UUID, *, now: datetime, sign: Sign
) -> None:
    """Complete the audit of a visit if the last photo it waited for is here."""
    hold_visit(session, visit_id)
    row = session.execute(
        select(AuditRow.audit_id, AuditRow.revision, AuditRow.document_sha256).where(
            AuditRow.visit_id == visit_id,
            AuditRow.state == AuditState.WAITING_FOR_EVIDENCE.value,
        )
    ).one_or_none()
    if row is None:
        return
    names = session.scalars(
        select(EvidenceRow.sha256).where(EvidenceRow.audit_id == row.audit_id)
    ).all()
    conditions = photo_conditions(session, actor.person_id, names)
    if not Evidence.of(names, conditions).missing:
        final = FinalDocument(
            row.audit_id, visit_id, row.revision, row.document_sha256, tuple(names)
        )
        complete(session, actor, final, now=now, sign=sign)


def complete(
    session: Session, actor: Actor, final: FinalDocument, *, now: datetime, sign: Sign
) -> str:
    """Close the audit for its auditor and hand it to scoring and review."""
    receipt = sign(
        {
            "id": str(final.audit_id),
            "revision": final.revision,
            "document": final.sha256,
            "evidence": sorted(final.evidence),
            "completed_at": now.isoformat(timespec="milliseconds"),
        }
    )
    session.execute(
        update(AuditRow)
        .where(AuditRow.audit_id == final.audit_id)
        .values(state=AuditState.COMPLETE.value, completed_at=now, receipt=receipt)
    )
    session.execute(
        update(VisitRow)
        .where(VisitRow.visit_id == final.visit_id)
        .values(
            state=VisitState.IN_REVIEW.value,
            sent_at=func.coalesce(VisitRow.sent_at, now),
        )
    )
    record_event(
        session,
        "audit.completed",
        final.audit_id,
        now=now,
        actor_id=actor.person_id,
        revision=final.revision,
    )
    request_job(
        session,
        SCORE_AUDIT,
        str(final.audit_id),
        now=now,
        priority=INTAKE,
        requested_by=actor.person_id,
    )
    return receipt


def hold_visit(session: Session, visit_id: UUID) -> None:
    """Let nobody else change this visit until the transaction ends."""
    session.execute(
        select(VisitRow.visit_id).where(VisitRow.visit_id == visit_id).with_for_update()
    )
