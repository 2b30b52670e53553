"""What halls object to, with their photos and what was decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class AppealRow(Base):
    """A hall's objection to one item of one audit; an item is appealed once."""

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("audit_id", "item_id"),
        Index("ix_appeals_state_lodged_at", "state", "lodged_at"),
    )

    appeal_id: Mapped[UuidPk]
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.audit_id"))
    item_id: Mapped[str]
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), index=True)
    reason: Mapped[str]
    state: Mapped[str]  # auditapp.domain.appeal.AppealState
    lodged_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    lodged_at: Mapped[datetime]
    decision: Mapped[str | None]  # why it was decided so
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    decided_at: Mapped[datetime | None]
    override_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("overrides.override_id")
    )


class AppealPhotoRow(Base):
    """One photo that a hall sent with its appeal."""

    __tablename__ = "appeal_photos"

    appeal_id: Mapped[UUID] = mapped_column(
        ForeignKey("appeals.appeal_id"), primary_key=True
    )
    sha256: Mapped[str] = mapped_column(ForeignKey("photos.sha256"), primary_key=True)
    position: Mapped[int]
