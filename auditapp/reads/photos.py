"""Which photos a person may look at, and how they are shown."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.redaction import Redaction, is_open_to_hall
from auditapp.domain.text import Text
from auditapp.reads.redaction_rows import is_latest, redaction_of
from auditapp.reads.scope import copies_open_to
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoHolderRow, PhotoRow
from auditapp.store.redactions import RedactionRow
from auditapp.store.visits import VisitRow


class PhotoUnreadableError(NotFoundError):
    """The photo is stored, and nothing can be shown of it."""

    code = "photo-unreadable"
    text = Text(
        "这张照片打不开。原文件还在。",
        "This photo cannot be opened. The file itself is kept.",
    )


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo that somebody may see, as its redaction says; None shows all of it."""

    sha256: str
    redaction: Redaction | None = None


def get_shown_photo(
    session: Session, actor: Actor, audit_id: UUID, sha256: str
) -> ShownPhoto:
    """Return a photo that its auditor sent with this audit, where the actor may look.

    Raises:
        NotFoundError: There is no such photo in this audit, or not for this person.
        PhotoUnreadableError: There is, and it cannot be shown.
    """
    row = session.execute(
        _PHOTO.where(
            EvidenceRow.audit_id == audit_id,
            EvidenceRow.sha256 == sha256,
            copies_open_to(actor),
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    redaction = redaction_of(row.RedactionRow) if row.RedactionRow else None
    is_of_hall = actor.role is Role.HALL_MANAGER
    if is_of_hall and not is_open_to_hall(row.kind, redaction):
        raise NotFoundError
    if row.condition == "unreadable":
        raise PhotoUnreadableError
    return ShownPhoto(sha256, redaction)


_PHOTO = (
    select(PhotoRow.condition, VisitRow.kind, RedactionRow)
    .join(EvidenceRow, EvidenceRow.sha256 == PhotoRow.sha256)
    .join(AuditRow, AuditRow.audit_id == EvidenceRow.audit_id)
    .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
    .join(
        PhotoHolderRow,
        (PhotoHolderRow.sha256 == PhotoRow.sha256)
        & (PhotoHolderRow.person_id == AuditRow.auditor_id),
    )
    .outerjoin(
        RedactionRow,
        (RedactionRow.audit_id == EvidenceRow.audit_id)
        & (RedactionRow.sha256 == EvidenceRow.sha256)
        & is_latest(),
    )
)
