"""How an audit goes from one reviewer to the next, and what they said of its causes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base


class ReviewTurnRow(Base):
    """Whose turn it is with an audit; kept when it is decided.

    Made when the audit's score is, from then on moved by people alone.
    """

    __tablename__ = "review_turns"
    __table_args__ = (
        Index("ix_review_turns_escalated_at_due_at", "escalated_at", "due_at"),
    )

    audit_id: Mapped[UUID] = mapped_column(
        ForeignKey("audits.audit_id"), primary_key=True
    )
    revision: Mapped[int]  # of the audit, when the turn began
    level: Mapped[str]  # auditapp.domain.review_turn.ReviewLevel
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.agency_id"))
    began_at: Mapped[datetime]
    due_at: Mapped[datetime]
    escalated_at: Mapped[datetime | None]
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    checked_at: Mapped[datetime | None]


class ConfirmedCauseRow(Base):
    """Whose doing a finding is, as a reviewer said last; the events keep the rest."""

    __tablename__ = "confirmed_causes"

    audit_id: Mapped[UUID] = mapped_column(
        ForeignKey("audits.audit_id"), primary_key=True
    )
    item_id: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[str]
    owner: Mapped[str]  # "hall" or a department's id
    confirmed_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    confirmed_at: Mapped[datetime]
