"""The page where parts of a photo are covered, and what was decided before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.redaction import Redaction
from auditapp.domain.text import Text
from auditapp.reads.redaction_rows import is_latest, redaction_of
from auditapp.reads.review_parts import Photo, photos_of
from auditapp.reads.scope import audits_open_to
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoHolderRow
from auditapp.store.checklists import FormRow
from auditapp.store.organisation import HallRow
from auditapp.store.people import PersonRow
from auditapp.store.redactions import RedactionRow
from auditapp.store.visits import VisitRow


@dataclass(frozen=True, slots=True)
class PastRedaction:
    """One decision about a photo, with who made it and when."""

    redaction: Redaction
    made_by: Text
    made_at: datetime


@dataclass(frozen=True, slots=True)
class RedactionPage:
    """A photo with its history, the latest first, among the audit's readable ones."""

    audit_id: UUID
    hall: Text
    kind: str
    photo: Photo
    item: Mapping[str, Any] | None  # of the form; None for a photo of no single item
    siblings: Sequence[Photo]
    history: Sequence[PastRedaction]

    @property
    def place(self) -> int:
        """Where the photo stands among its siblings, from 0."""
        names = [each.sha256 for each in self.siblings]
        return names.index(self.photo.sha256)

    @property
    def number(self) -> int:
        """The decision that holds; 0 before any."""
        return self.photo.redaction.number if self.photo.redaction else 0


def get_redaction_page(
    session: Session, actor: Actor, audit_id: UUID, sha256: str
) -> RedactionPage:
    """Return one readable photo of an audit in the person's scope.

    Raises:
        NotFoundError: There is no such photo, or not for this person.
    """
    row = session.execute(
        select(
            AuditRow.auditor_id,
            VisitRow.kind,
            HallRow.name_zh,
            HallRow.name_en,
            FormRow.document,
        )
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
        .join(FormRow, FormRow.digest == AuditRow.form_digest)
        .where(AuditRow.audit_id == audit_id, audits_open_to(actor))
    ).one_or_none()
    if row is None:
        raise NotFoundError
    photos = photos_of(session, audit_id, row.auditor_id)
    readable = [each for each in photos if each.condition == "readable"]
    photo = next((each for each in readable if each.sha256 == sha256), None)
    if photo is None:
        raise NotFoundError
    items = json.loads(row.document)["items"]
    return RedactionPage(
        audit_id=audit_id,
        hall=Text(row.name_zh, row.name_en),
        kind=row.kind,
        photo=photo,
        item=next((item for item in items if item["id"] == photo.item_id), None),
        siblings=readable,
        history=_history(session, audit_id, sha256),
    )


def find_covered(session: Session, actor: Actor, sha256: str) -> UUID | None:
    """Return an audit in the person's scope where parts of this photo are covered."""
    rows = session.execute(
        select(RedactionRow.audit_id, RedactionRow.covers)
        .join(
            EvidenceRow,
            and_(
                EvidenceRow.audit_id == RedactionRow.audit_id,
                EvidenceRow.sha256 == RedactionRow.sha256,
            ),
        )
        .join(AuditRow, AuditRow.audit_id == RedactionRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(
            PhotoHolderRow,
            and_(
                PhotoHolderRow.sha256 == RedactionRow.sha256,
                PhotoHolderRow.person_id == AuditRow.auditor_id,
            ),
        )
        .where(RedactionRow.sha256 == sha256, is_latest(), audits_open_to(actor))
    )
    return next((audit_id for audit_id, covers in rows if covers), None)


def _history(
    session: Session, audit_id: UUID, sha256: str
) -> tuple[PastRedaction, ...]:
    rows = session.execute(
        select(RedactionRow, PersonRow.name_zh, PersonRow.name_en)
        .join(PersonRow, PersonRow.person_id == RedactionRow.made_by)
        .where(RedactionRow.audit_id == audit_id, RedactionRow.sha256 == sha256)
        .order_by(RedactionRow.number.desc())
    )
    return tuple(
        PastRedaction(redaction_of(row), Text(zh, en), row.made_at)
        for row, zh, en in rows
    )
