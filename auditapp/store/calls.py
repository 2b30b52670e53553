"""Calling customers back: the queue, the tries, the complaints that come of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class CallbackRow(Base):
    """One customer drawn to be called about one transaction."""

    __tablename__ = "callbacks"
    __table_args__ = (
        Index("ix_callbacks_state_next_try_at", "state", "next_try_at"),
        Index("ix_callbacks_hall_id_month", "hall_id", "month"),
    )

    callback_id: Mapped[UuidPk]
    transaction_id: Mapped[UUID] = mapped_column(
        ForeignKey("transactions.transaction_id"), unique=True
    )
    customer_id: Mapped[UUID] = mapped_column(
        ForeignKey("customers.customer_id"), index=True
    )
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"))
    month: Mapped[str]  # of the transaction
    business: Mapped[str]
    checklist_version: Mapped[str]
    state: Mapped[str]  # auditapp.domain.callback.CallbackState
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    call_before_at: Mapped[datetime]  # too long after the visit it is let go
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    held_until: Mapped[datetime | None]  # nobody else gets it meanwhile
    answers: Mapped[dict[str, Any]]  # as far as the call has come
    note: Mapped[str] = mapped_column(default="")  # the agent's, for the next try
    response_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("responses.response_id")
    )
    drawn_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CallTryRow(Base):
    """One try to reach a customer."""

    __tablename__ = "call_tries"

    try_id: Mapped[UuidPk]
    callback_id: Mapped[UUID] = mapped_column(
        ForeignKey("callbacks.callback_id"), index=True
    )
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    revealed_at: Mapped[datetime | None]  # when the number was shown for dialling
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  # auditapp.domain.callback.CallOutcome


class ComplaintRow(Base):
    """A problem a customer told; closed only after the customer was asked again."""

    __tablename__ = "complaints"
    __table_args__ = (
        Index("ix_complaints_state_promise_at", "state", "promise_at"),
        Index("ix_complaints_hall_id_created_at", "hall_id", "created_at"),
    )

    complaint_id: Mapped[UuidPk]
    source: Mapped[str]  # callback, sms
    callback_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("callbacks.callback_id"), index=True
    )
    response_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("responses.response_id"), index=True
    )
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"))
    customer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("customers.customer_id")
    )
    category: Mapped[str]
    cause: Mapped[str | None]  # front_line, process, support
    owner: Mapped[str]  # "hall" or a department's id
    words: Mapped[str]
    is_severe: Mapped[bool] = mapped_column(default=False)
    may_contact: Mapped[bool] = mapped_column(default=True)
    promise_at: Mapped[datetime]
    state: Mapped[str]  # auditapp.domain.complaint.ComplaintState
    reply: Mapped[str | None]  # what the owner says was done
    replied_at: Mapped[datetime | None]
    checks: Mapped[int] = mapped_column(default=0)  # tries to ask the customer again
    checked_at: Mapped[datetime | None]
    held_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    held_until: Mapped[datetime | None]  # nobody else asks the customer meanwhile
    outcome: Mapped[str | None]  # solved, not_solved, not_reached
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ComplaintStepRow(Base):
    """One thing that happened to a complaint; rows are only added."""

    __tablename__ = "complaint_steps"

    step_id: Mapped[UuidPk]
    complaint_id: Mapped[UUID] = mapped_column(
        ForeignKey("complaints.complaint_id"), index=True
    )
    step: Mapped[str]  # auditapp.domain.complaint_line.ComplaintStep
    words: Mapped[str]  # what was found or learned, or why it went up
    obstacle_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("obstacles.obstacle_id")
    )
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    done_at: Mapped[datetime]
