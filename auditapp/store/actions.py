"""What is put right in halls, by whom, and everything said about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class ActionRow(Base):
    """The corrective action about one item in one hall; it lives on when closed.

    ``audit_id``, ``kind`` and ``month`` are of the last check that failed,
    ``failed_at`` when that was finished. The owner has it from ``given_at`` on; its
    hall reads it from ``shown_at`` on, of a mystery visit not before its release.
    """

    __tablename__ = "actions"
    __table_args__ = (
        UniqueConstraint("hall_id", "item_id"),
        Index("ix_actions_state_due_at", "state", "due_at"),
        Index("ix_actions_owner_state", "owner", "state"),
    )

    action_id: Mapped[UuidPk]
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"))
    item_id: Mapped[str]
    item: Mapped[dict[str, Any]]  # its words then: zh, en, guide
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.audit_id"), index=True)
    kind: Mapped[str]
    month: Mapped[str]
    failed_at: Mapped[datetime]
    severity: Mapped[str]  # auditapp.domain.action.Severity
    cause: Mapped[str]
    owner: Mapped[str]  # "hall" or a department's id
    task: Mapped[str | None]  # None: the usual words
    state: Mapped[str]  # auditapp.domain.action.ActionState
    given_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    contain_at: Mapped[datetime | None]  # until when
    contained_at: Mapped[datetime | None]  # when it was
    due_at: Mapped[datetime | None]
    proof_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]  # the item passed after it last failed
    closed_at: Mapped[datetime | None]
    level: Mapped[int] = mapped_column(default=0)
    level_at: Mapped[datetime | None]
    recurrences: Mapped[int] = mapped_column(default=0)


class ActionEntryRow(Base):
    """One line of an action's history; ``person_id`` None where nobody did it."""

    __tablename__ = "action_entries"
    __table_args__ = (Index("ix_action_entries_action_id_at", "action_id", "at"),)

    entry_id: Mapped[UuidPk]
    action_id: Mapped[UUID] = mapped_column(ForeignKey("actions.action_id"))
    step: Mapped[str]  # auditapp.domain.action.ActionStep
    words: Mapped[str | None]
    details: Mapped[dict[str, Any]]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    at: Mapped[datetime]


class ActionPhotoRow(Base):
    """One photo that came with a line of the history."""

    __tablename__ = "action_photos"

    entry_id: Mapped[UUID] = mapped_column(
        ForeignKey("action_entries.entry_id"), primary_key=True
    )
    sha256: Mapped[str] = mapped_column(ForeignKey("photos.sha256"), primary_key=True)
    position: Mapped[int]
    is_before: Mapped[bool] = mapped_column(primary_key=True)
