"""What auditors sent: documents, photos, and what was computed from them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, and_
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class AuditRow(Base):
    """The latest document of one visit, byte for byte as the phone sent it."""

    __tablename__ = "audits"
    __table_args__ = (
        Index("ix_audits_state_received_at", "state", "received_at"),
        Index("ix_audits_auditor_id_finished_at", "auditor_id", "finished_at"),
    )

    audit_id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the phone
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.visit_id"), unique=True)
    auditor_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    form_digest: Mapped[str] = mapped_column(ForeignKey("forms.digest"))
    device: Mapped[str]
    revision: Mapped[int]
    state: Mapped[str]  # auditapp.domain.visit.AuditState
    document: Mapped[bytes] = mapped_column(LargeBinary)
    document_sha256: Mapped[str]
    received_at: Mapped[datetime]  # of this revision
    finished_at: Mapped[datetime | None]  # of the first final document
    completed_at: Mapped[datetime | None]  # document and every photo stored
    receipt: Mapped[str | None]


class AuditRevisionRow(Base):
    """A final document that a later one replaced after a return; never deleted."""

    __tablename__ = "audit_revisions"

    audit_id: Mapped[UUID] = mapped_column(
        ForeignKey("audits.audit_id"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    document_sha256: Mapped[str]
    received_at: Mapped[datetime]


class AuditDraftRow(Base):
    """A draft that came after a final document; it never replaces the final one.

    An auditor works on a returned audit, or sent a correction that has faults: it is
    kept here until a sound final document of a higher revision takes over.
    """

    __tablename__ = "audit_drafts"

    audit_id: Mapped[UUID] = mapped_column(
        ForeignKey("audits.audit_id"), primary_key=True
    )
    device: Mapped[str]
    revision: Mapped[int]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    document_sha256: Mapped[str]
    received_at: Mapped[datetime]


class PhotoRow(Base):
    """One photo's bytes in the object storage, stored once whoever sends it."""

    __tablename__ = "photos"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size_bytes: Mapped[int]
    media_type: Mapped[str]
    stored_at: Mapped[datetime]
    condition: Mapped[str] = mapped_column(default="unchecked")  # readable, unreadable
    fault: Mapped[str | None]  # why it is unreadable: auditapp.gateways.images
    width: Mapped[int | None]
    height: Mapped[int | None]
    # difference hash, 64 bits as a signed integer; in four indexed quarters so that a
    # near twin (at most 3 bits apart) shares at least one quarter
    dhash: Mapped[int | None] = mapped_column(BigInteger)
    dhash_1: Mapped[int | None] = mapped_column(index=True)
    dhash_2: Mapped[int | None] = mapped_column(index=True)
    dhash_3: Mapped[int | None] = mapped_column(index=True)
    dhash_4: Mapped[int | None] = mapped_column(index=True)


class PhotoHolderRow(Base):
    """Who has sent a photo: nobody learns from a hash what others hold."""

    __tablename__ = "photo_holders"

    sha256: Mapped[str] = mapped_column(ForeignKey("photos.sha256"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.person_id"), primary_key=True
    )


class EvidenceRow(Base):
    """One line of an audit's manifest; the photo may arrive before or after it."""

    __tablename__ = "evidence"

    audit_id: Mapped[UUID] = mapped_column(
        ForeignKey("audits.audit_id"), primary_key=True
    )
    sha256: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]  # place in the manifest
    item_id: Mapped[str | None]
    source: Mapped[str | None]  # camera, album
    taken_at: Mapped[datetime | None]


class ScoreRow(Base):
    """The score of one revision of an audit, with every line it is made of."""

    __tablename__ = "scores"

    audit_id: Mapped[UUID] = mapped_column(
        ForeignKey("audits.audit_id"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True)
    score_milli: Mapped[int | None]  # milli-points, rounded for lists only
    # the exact score as a ratio: a month is made of it without reading the lines
    score_numerator: Mapped[int | None] = mapped_column(BigInteger)
    score_denominator: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(default="completed")  # of the visit
    coverage_pct: Mapped[int]
    is_complete: Mapped[bool]
    has_critical_failure: Mapped[bool]
    # points lost on hard and on soft items and by the critical cap: what the month's
    # estimation reads of an audit, rounded for that alone
    lost_hard_milli: Mapped[int]
    lost_soft_milli: Mapped[int]
    cap_loss_milli: Mapped[int]
    lines: Mapped[dict[str, Any]]  # auditapp.domain.scoring: exact integers
    scored_at: Mapped[datetime]


# of the revision that counts; older ones stay for those who look back
IS_SCORE_OF_AUDIT = and_(
    ScoreRow.audit_id == AuditRow.audit_id, ScoreRow.revision == AuditRow.revision
)


class OverrideRow(Base):
    """One item's answer that was decided otherwise after acceptance; nothing is lost.

    The document stays as it was sent; scoring reads it with these answers in place.
    """

    __tablename__ = "overrides"

    override_id: Mapped[UuidPk]
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.audit_id"), index=True)
    revision: Mapped[int]
    item_id: Mapped[str]
    answer: Mapped[dict[str, Any]]  # as in a document: {"value": "yes"}
    reason: Mapped[str]
    score_before: Mapped[dict[str, Any]]  # auditapp.domain.score_document
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    decided_at: Mapped[datetime]


class SignalRow(Base):
    """A hint of trouble for the reviewer, with its evidence."""

    __tablename__ = "signals"

    signal_id: Mapped[UuidPk]
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.audit_id"), index=True)
    kind: Mapped[str]
    level: Mapped[str]  # notice, fine
    item_id: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    found_at: Mapped[datetime]


class ReturnedItemRow(Base):
    """One item sent back to the auditor with a question."""

    __tablename__ = "returned_items"

    returned_id: Mapped[UuidPk]
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.audit_id"), index=True)
    item_id: Mapped[str]
    question: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # None: noted by the reviewer, not yet returned
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]
