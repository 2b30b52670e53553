"""Published checklists and the forms made from them; nothing here is ever updated."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base


class ChecklistVersionRow(Base):
    """One published version with the vocabulary it was written in."""

    __tablename__ = "checklist_versions"

    checklist_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]  # mystery, open_inspection, callback, sms
    digest: Mapped[str]  # SHA-256 of the canonical document
    document: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON
    vocabulary: Mapped[bytes] = mapped_column(LargeBinary)  # JSON, words in order
    effective_month: Mapped[str]  # "2026-11": visits from this month on use it
    published_at: Mapped[datetime]
    # None where an operator published it
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("drafts.draft_id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))


class ItemIdRow(Base):
    """An item's id belongs to one checklist for ever."""

    __tablename__ = "item_ids"

    item_id: Mapped[str] = mapped_column(primary_key=True)
    checklist_id: Mapped[str]
    first_version: Mapped[str]


class FormRow(Base):
    """A checklist version resolved for one hall, named by its digest."""

    __tablename__ = "forms"

    digest: Mapped[str] = mapped_column(primary_key=True)  # 64 hex, no prefix
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), index=True)
    checklist_id: Mapped[str]
    version: Mapped[str]
    scenario: Mapped[str | None]
    document: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON
    created_at: Mapped[datetime]
