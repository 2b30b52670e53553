"""Which photos a person may look at."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.text import Text
from auditapp.reads.scope import copies_open_to
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoHolderRow, PhotoRow
from auditapp.store.visits import VisitRow


class PhotoUnreadableError(NotFoundError):
    """The photo is stored, and nothing can be shown of it."""

    code = "photo-unreadable"
    text = Text(
        "这张照片打不开。原文件还在。",
        "This photo cannot be opened. The file itself is kept.",
    )


def check_photo_open_to(
    session: Session, actor: Actor, audit_id: UUID, sha256: str
) -> None:
    """Pass when the audit's auditor sent this photo with it and the actor may look.

    Raises:
        NotFoundError: There is no such photo in this audit, or not for this person.
        PhotoUnreadableError: There is, and it cannot be shown.
    """
    condition = session.scalar(
        select(PhotoRow.condition)
        .join(EvidenceRow, EvidenceRow.sha256 == PhotoRow.sha256)
        .join(AuditRow, AuditRow.audit_id == EvidenceRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(
            PhotoHolderRow,
            (PhotoHolderRow.sha256 == PhotoRow.sha256)
            & (PhotoHolderRow.person_id == AuditRow.auditor_id),
        )
        .where(
            EvidenceRow.audit_id == audit_id,
            EvidenceRow.sha256 == sha256,
            copies_open_to(actor),
        )
    )
    if condition is None:
        raise NotFoundError
    if condition == "unreadable":
        raise PhotoUnreadableError
