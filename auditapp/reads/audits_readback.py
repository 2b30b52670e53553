"""Audits as other programs read them back: pages, one document, one photo."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.visit import AuditState
from auditapp.reads.scope import audits_open_to
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    EvidenceRow,
    PhotoHolderRow,
    PhotoRow,
    ScoreRow,
)
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

PAGE_ROWS = 200


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One audit in a list, with the score of its latest scored revision."""

    audit_id: UUID
    visit_id: UUID
    month: str
    kind: str
    hall_id: str
    region_id: str
    auditor_code: str
    form_digest: str
    revision: int
    state: str
    document_sha256: str
    received_at: datetime
    completed_at: datetime | None
    score_milli: int | None
    coverage_pct: int | None
    has_critical_failure: bool | None


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """One line of a final document's manifest, and what is stored of it."""

    sha256: str
    item_id: str | None
    source: str | None
    taken_at: datetime | None
    size_bytes: int | None
    media_type: str | None
    condition: str  # missing, unchecked, readable, unreadable


@dataclass(frozen=True, slots=True)
class StoredAudit:
    """One audit with all that is stored of it."""

    line: AuditLine
    receipt: str | None
    evidence: list[StoredEvidence]
    document: bytes


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which audits a page lists; None means all."""

    month: str | None = None
    state: AuditState | None = None
    after: UUID | None = None  # the last audit of the page before


def list_audits(session: Session, actor: Actor, wanted: AuditFilter) -> list[AuditLine]:
    """Return one page in the order of the audits' ids, which grow with time.

    A page costs the same wherever it lies: it starts behind an id, never at an offset.
    """
    conditions: list[ColumnElement[bool]] = [audits_open_to(actor)]
    if wanted.month:
        conditions.append(VisitRow.month == wanted.month)
    if wanted.state:
        conditions.append(AuditRow.state == wanted.state.value)
    if wanted.after:
        conditions.append(AuditRow.audit_id > wanted.after)
    rows = session.execute(
        _lines().where(*conditions).order_by(AuditRow.audit_id).limit(PAGE_ROWS)
    )
    return [AuditLine(*row) for row in rows]


def get_stored_audit(session: Session, actor: Actor, audit_id: UUID) -> StoredAudit:
    """Return one audit with its document byte for byte.

    Raises:
        NotFoundError: There is no such audit, or it lies outside the person's scope.
    """
    row = session.execute(
        _lines()
        .add_columns(AuditRow.receipt, AuditRow.document)
        .where(audits_open_to(actor), AuditRow.audit_id == audit_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    *line, receipt, document = row
    return StoredAudit(
        AuditLine(*line), receipt, _evidence(session, audit_id), document
    )


def get_photo_type(session: Session, actor: Actor, sha256: str) -> str:
    """Return the media type of a photo that an audit within the scope holds.

    Naming a photo in a manifest is not enough, its auditor must have sent it: nobody
    reads another region's photo by knowing its hash.

    Raises:
        NotFoundError: There is no such photo within the person's scope.
    """
    media_type = session.scalar(
        select(PhotoRow.media_type)
        .join(EvidenceRow, EvidenceRow.sha256 == PhotoRow.sha256)
        .join(AuditRow, AuditRow.audit_id == EvidenceRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(PhotoHolderRow, _was_sent_by_auditor())
        .where(PhotoRow.sha256 == sha256, audits_open_to(actor))
        .limit(1)
    )
    if media_type is None:
        raise NotFoundError
    return media_type


def _was_sent_by_auditor() -> ColumnElement[bool]:
    return and_(
        PhotoHolderRow.sha256 == EvidenceRow.sha256,
        PhotoHolderRow.person_id == AuditRow.auditor_id,
    )


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            AuditRow.audit_id,
            AuditRow.visit_id,
            VisitRow.month,
            VisitRow.kind,
            VisitRow.hall_id,
            VisitRow.region_id,
            PersonRow.code,
            AuditRow.form_digest,
            AuditRow.revision,
            AuditRow.state,
            AuditRow.document_sha256,
            AuditRow.received_at,
            AuditRow.completed_at,
            ScoreRow.score_milli,
            ScoreRow.coverage_pct,
            ScoreRow.has_critical_failure,
        )
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(PersonRow, PersonRow.person_id == AuditRow.auditor_id)
        .outerjoin(
            ScoreRow,
            IS_SCORE_OF_AUDIT,
        )
    )


def _evidence(session: Session, audit_id: UUID) -> list[StoredEvidence]:
    rows: Iterable[Any] = session.execute(
        select(
            EvidenceRow.sha256,
            EvidenceRow.item_id,
            EvidenceRow.source,
            EvidenceRow.taken_at,
            PhotoRow.size_bytes,
            PhotoRow.media_type,
            func.coalesce(PhotoRow.condition, "missing"),
        )
        .join(AuditRow, AuditRow.audit_id == EvidenceRow.audit_id)
        .outerjoin(PhotoHolderRow, _was_sent_by_auditor())
        .outerjoin(PhotoRow, PhotoRow.sha256 == PhotoHolderRow.sha256)
        .where(EvidenceRow.audit_id == audit_id)
        .order_by(EvidenceRow.position)
    )
    return [StoredEvidence(*row) for row in rows]
