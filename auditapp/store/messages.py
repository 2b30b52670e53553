"""Asking customers by text message, and what came back. No number, no wording."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class InvitationRow(Base):
    """One customer invited to rate one transaction."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index("ix_invitations_state_send_at", "state", "send_at"),
        Index("ix_invitations_customer_id_sent_at", "customer_id", "sent_at"),
        Index("ix_invitations_hall_id_month", "hall_id", "month"),
    )

    invitation_id: Mapped[UuidPk]
    transaction_id: Mapped[UUID] = mapped_column(
        ForeignKey("transactions.transaction_id"), unique=True
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.customer_id"))
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"))
    month: Mapped[str]  # of the transaction
    business: Mapped[str]
    checklist_version: Mapped[str]
    state: Mapped[str]  # auditapp.domain.invitation.InvitationState
    reason: Mapped[str | None]  # why it was not sent
    token_hash: Mapped[str] = mapped_column(unique=True)  # SHA-256 of the link's
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]  # the reply window ends
    asked_item: Mapped[str | None]  # which question the next reply answers
    answers: Mapped[dict[str, Any]]  # as far as the customer has come
    answered_at: Mapped[datetime | None]
    response_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("responses.response_id")
    )


class MessageRow(Base):
    """One message out or in, for delivery and for taking each in only once.

    What goes out waits here until it is sent: ``due_at`` is when to try, and while a
    worker tries, until when nobody else does.
    """

    __tablename__ = "messages"

    message_id: Mapped[UuidPk]
    invitation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("invitations.invitation_id"), index=True
    )
    direction: Mapped[str]  # out, in
    kind: Mapped[str]  # out: the item asked, or thanks; in: domain.replies.ReplyKind
    provider_key: Mapped[str | None] = mapped_column(unique=True)
    happened_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # None: it is over
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None]  # sent, or why not
    provider_id: Mapped[str | None]  # what the provider calls it


class FeedbackCountRow(Base):
    """How many transactions, invitations and replies of each kind a day brought."""

    __tablename__ = "feedback_counts"

    counted_on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # "reply.late"
    count: Mapped[int]
