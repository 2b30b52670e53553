"""How photos are shown: what is covered in them, and whether their hall sees them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class RedactionRow(Base):
    """One decision about a photo of an audit; the highest number is the one that holds.

    Rows are only added: what a hall saw on any day can be said later.
    """

    __tablename__ = "redactions"
    __table_args__ = (UniqueConstraint("audit_id", "sha256", "number"),)

    redaction_id: Mapped[UuidPk]
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.audit_id"))
    sha256: Mapped[str] = mapped_column(ForeignKey("photos.sha256"))
    number: Mapped[int]
    covers: Mapped[list[dict[str, Any]]]  # auditapp.domain.redaction.Cover
    is_shown: Mapped[bool]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    made_at: Mapped[datetime]
