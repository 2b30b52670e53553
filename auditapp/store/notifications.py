"""What people were told, how far the event log was followed, and what they chose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class NotificationRow(Base):
    """One thing that one person is told, once for each event.

    ``facts`` are what auditapp.domain.notification says it with.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id"),
        Index("ix_notifications_person_id_read_at", "person_id", "read_at"),
    )

    notification_id: Mapped[UuidPk]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    event_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]  # auditapp.domain.notification.NewsKind
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class EventCursorRow(Base):
    """How far the event log was followed by one follower.

    ``lately`` are the last events that were looked at: an event of a lower number that
    was committed later is missing among them, and told then.
    """

    __tablename__ = "event_cursors"

    cursor_id: Mapped[int] = mapped_column(primary_key=True)  # services' Follower
    event_id: Mapped[int] = mapped_column(BigInteger)
    lately: Mapped[list[int]]


class NewsWayRow(Base):
    """One way on which a person wants to be told beside the page.

    A person has one address for mail, one robot of the company's chat, and as many
    browsers as they allowed to show messages.
    """

    __tablename__ = "news_ways"
    __table_args__ = (UniqueConstraint("person_id", "address_hash"),)

    way_id: Mapped[UuidPk]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    kind: Mapped[str]  # auditapp.domain.news_way.WayKind
    # a mail address as it is; of a robot or a browser sealed, for who knows it may send
    address: Mapped[str]
    address_hash: Mapped[str]
    name: Mapped[str]  # how the person recognises it
    groups: Mapped[list[str]]  # auditapp.domain.notification.NewsGroup
    failures: Mapped[int] = mapped_column(default=0)  # since it worked last


class NewsSendingRow(Base):
    """One notification that has still to go one way; gone when it went.

    It is claimed before it is sent, so that a worker's death delays it and loses
    nothing.
    """

    __tablename__ = "news_sendings"
    __table_args__ = (Index("ix_news_sendings_way_id", "way_id", "claimed_at"),)

    notification_id: Mapped[UUID] = mapped_column(
        ForeignKey("notifications.notification_id"), primary_key=True
    )
    way_id: Mapped[UUID] = mapped_column(
        ForeignKey("news_ways.way_id"), primary_key=True
    )
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
