"""What belongs to an audit under review: photos, signals, questions, twins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.redaction import Redaction
from auditapp.domain.signal import Signal
from auditapp.domain.text import Text
from auditapp.reads.redaction_rows import is_latest, redaction_of
from auditapp.reads.scope import audits_open_to
from auditapp.store.audits import (
    AuditRow,
    EvidenceRow,
    OverrideRow,
    PhotoHolderRow,
    PhotoRow,
    ReturnedItemRow,
    SignalRow,
)
from auditapp.store.organisation import HallRow
from auditapp.store.people import PersonRow
from auditapp.store.redactions import RedactionRow
from auditapp.store.visits import VisitRow


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of the manifest. ``condition`` is None while it has not arrived.

    ``redaction`` is how it is shown; None while nobody has decided about it.
    """

    sha256: str
    item_id: str | None
    taken_at: datetime | None
    source: str | None
    condition: str | None
    width: int | None
    height: int | None
    redaction: Redaction | None

    @property
    def version(self) -> int | None:
        """What changes in a photo's address once it is shown differently."""
        return self.redaction.number if self.redaction else None


@dataclass(frozen=True, slots=True)
class Question:
    """One item sent back, or noted to be (``sent_at`` is None)."""

    item_id: str
    question: str
    asked_at: datetime
    due_at: datetime
    sent_at: datetime | None
    reply: str | None
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Override:
    """One answer that headquarters decided otherwise; ``answer`` as in a document."""

    item_id: str
    answer: Mapping[str, Any]
    reason: str
    decided_by: Text
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Twin:
    """The other photo that a signal names, where the reader may see it."""

    audit_id: UUID
    sha256: str
    hall: Text
    completed_at: datetime | None


def photos_of(session: Session, audit_id: UUID, auditor_id: UUID) -> tuple[Photo, ...]:
    """A photo that the auditor did not send is not there, whoever else has it."""
    rows = session.execute(
        select(
            EvidenceRow.sha256,
            EvidenceRow.item_id,
            EvidenceRow.taken_at,
            EvidenceRow.source,
            PhotoRow.condition,
            PhotoRow.width,
            PhotoRow.height,
            RedactionRow,
        )
        .outerjoin(
            PhotoHolderRow,
            and_(
                PhotoHolderRow.sha256 == EvidenceRow.sha256,
                PhotoHolderRow.person_id == auditor_id,
            ),
        )
        .outerjoin(PhotoRow, PhotoRow.sha256 == PhotoHolderRow.sha256)
        .outerjoin(
            RedactionRow,
            and_(
                RedactionRow.audit_id == EvidenceRow.audit_id,
                RedactionRow.sha256 == EvidenceRow.sha256,
                is_latest(),
            ),
        )
        .where(EvidenceRow.audit_id == audit_id)
        .order_by(EvidenceRow.position)
    )
    return tuple(
        Photo(
            row.sha256,
            row.item_id,
            row.taken_at,
            row.source,
            row.condition,
            row.width,
            row.height,
            redaction_of(row.RedactionRow) if row.RedactionRow else None,
        )
        for row in rows
    )


def photos_by_place(photos: Iterable[Photo]) -> dict[str, tuple[Photo, ...]]:
    """Return photos by the item they belong to; "" for those of none."""
    places: dict[str, tuple[Photo, ...]] = {}
    for photo in photos:
        key = photo.item_id or ""
        places[key] = (*places.get(key, ()), photo)
    return places


def overrides_of(session: Session, audit_id: UUID) -> tuple[Override, ...]:
    """Return what was decided otherwise, the first decision first."""
    rows = session.execute(
        select(OverrideRow, PersonRow.name_zh, PersonRow.name_en)
        .join(PersonRow, PersonRow.person_id == OverrideRow.decided_by)
        .where(OverrideRow.audit_id == audit_id)
        .order_by(OverrideRow.decided_at, OverrideRow.override_id)
    )
    return tuple(
        Override(
            row.OverrideRow.item_id,
            row.OverrideRow.answer,
            row.OverrideRow.reason,
            Text(row.name_zh, row.name_en),
            row.OverrideRow.decided_at,
        )
        for row in rows
    )


def signals_of(session: Session, audit_id: UUID) -> tuple[Signal, ...]:
    """Return an audit's signals, as they are listed."""
    rows = session.scalars(
        select(SignalRow)
        .where(SignalRow.audit_id == audit_id)
        .order_by(SignalRow.level.desc(), SignalRow.kind, SignalRow.item_id)
    )
    return tuple(
        Signal(
            row.kind,
            "notice" if row.level == "notice" else "fine",
            row.item_id,
            row.facts,
        )
        for row in rows
    )


def questions_of(session: Session, audit_id: UUID) -> tuple[Question, ...]:
    """Return an audit's questions, as they are listed."""
    rows = session.scalars(
        select(ReturnedItemRow)
        .where(ReturnedItemRow.audit_id == audit_id)
        .order_by(ReturnedItemRow.asked_at, ReturnedItemRow.item_id)
    )
    return tuple(
        Question(
            row.item_id,
            row.question,
            row.asked_at,
            row.due_at,
            row.sent_at,
            row.reply,
            row.replied_at,
        )
        for row in rows
    )


def twins_of(
    session: Session, actor: Actor, signals: tuple[Signal, ...]
) -> Mapping[str, Twin]:
    """Return the other photos that signals name, by the photo of this audit."""
    named = {
        str(signal.facts["sha256"]): (
            UUID(str(signal.facts["audit"])),
            str(signal.facts["other_sha256"]),
        )
        for signal in signals
        if "audit" in signal.facts and "other_sha256" in signal.facts
    }
    if not named:
        return {}
    rows = session.execute(
        select(
            AuditRow.audit_id, AuditRow.completed_at, HallRow.name_zh, HallRow.name_en
        )
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
        .where(
            AuditRow.audit_id.in_({audit_id for audit_id, _sha256 in named.values()}),
            audits_open_to(actor),
        )
    )
    found = {row.audit_id: row for row in rows}
    return {
        sha256: Twin(
            audit_id,
            other,
            Text(found[audit_id].name_zh, found[audit_id].name_en),
            found[audit_id].completed_at,
        )
        for sha256, (audit_id, other) in named.items()
        if audit_id in found
    }
