"""What people were told, how far that was followed, and what they chose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class NotificationRow(Base):
    """One thing that one person is told, once for each event.

    ``facts`` are what auditapp.domain.notification says it with. E-mail is claimed
    before it is sent, so that a worker's death delays it and loses nothing.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id"),
        Index("ix_notifications_person_id_read_at", "person_id", "read_at"),
        Index("ix_notifications_emailed_at", "emailed_at"),
    )

    notification_id: Mapped[UuidPk]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    event_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]  # auditapp.domain.notification.NewsKind
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    emailed_at: Mapped[datetime | None]


class NewsCursorRow(Base):
    """How far the event log has been told; one row.

    ``lately`` are the last events that were looked at: an event of a lower number that
    was committed later is missing among them, and told then.
    """

    __tablename__ = "news_cursor"

    cursor_id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger)
    lately: Mapped[list[int]]


class NewsChoiceRow(Base):
    """How a person wants to be told beside the page; without a row not at all."""

    __tablename__ = "news_choices"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.person_id"), primary_key=True
    )
    email: Mapped[str]
    groups: Mapped[list[str]]  # auditapp.domain.notification.NewsGroup
    since: Mapped[datetime]  # what came before is not sent afterwards
