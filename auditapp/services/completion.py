"""The moment an audit becomes whole: its final document and every photo are stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.intake import Evidence
from auditapp.domain.visit import AuditState, VisitState
from auditapp.services.events import record_event
from auditapp.services.jobs import INTAKE, request_job
from auditapp.store.audits import AuditRow, EvidenceRow
from auditapp.store.contention import table_of
from auditapp.store.holdings import photo_conditions
from auditapp.store.visits import VisitRow

Sign = Callable[[Mapping[str, Any]], str]  # makes a receipt of its facts
SCORE_AUDIT = "audit.score"

AUDITS, EVIDENCE, VISITS = map(table_of, (AuditRow, EvidenceRow, VisitRow))
HOLD_VISIT = (
    select(VISITS.c.visit_id)
    .where(VISITS.c.visit_id == bindparam("visit_id"))
    .with_for_update()
)
WAITING = select(AUDITS.c.audit_id, AUDITS.c.revision, AUDITS.c.document_sha256).where(
    AUDITS.c.visit_id == bindparam("visit_id"),
    AUDITS.c.state == AuditState.WAITING_FOR_EVIDENCE.value,
)
MANIFEST = select(EVIDENCE.c.sha256).where(EVIDENCE.c.audit_id == bindparam("audit_id"))
COMPLETE_AUDIT = (
    update(AUDITS)
    .where(AUDITS.c.audit_id == bindparam("key"))
    .values(
        state=AuditState.COMPLETE.value,
        completed_at=bindparam("now"),
        receipt=bindparam("signed"),
    )
)
SEND_TO_REVIEW = (
    update(VISITS)
    .where(VISITS.c.visit_id == bindparam("key"))
    .values(
        state=VisitState.IN_REVIEW.value,
        sent_at=func.coalesce(VISITS.c.sent_at, bindparam("now")),
    )
)


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
    connection, visit = session.connection(), {"visit_id": visit_id}
    connection.execute(HOLD_VISIT, visit)
    row = connection.execute(WAITING, visit).one_or_none()
    if row is None:
        return
    names = connection.scalars(MANIFEST, {"audit_id": row.audit_id}).all()
    conditions = photo_conditions(connection, actor.person_id, names)
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
    connection = session.connection()
    connection.execute(
        COMPLETE_AUDIT, {"key": final.audit_id, "now": now, "signed": receipt}
    )
    connection.execute(SEND_TO_REVIEW, {"key": final.visit_id, "now": now})
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
