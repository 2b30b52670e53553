"""What a person was told, the unread first in sight, and on which ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.news_way import GIVES_UP_AFTER, WayKind
from auditapp.domain.notification import NewsKind, news_text
from auditapp.domain.text import Text
from auditapp.store.notifications import NewsWayRow, NotificationRow

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the list."""

    notification_id: UUID
    kind: NewsKind
    text: Text
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One way on which a person is told beside the page."""

    way_id: UUID
    kind: WayKind
    name: str
    groups: frozenset[str]
    is_broken: bool  # it failed again and again, and is left alone


def list_news(session: Session, actor: Actor) -> list[Told]:
    """Return what a person was told, the latest first."""
    rows = session.scalars(
        select(NotificationRow)
        .where(NotificationRow.person_id == actor.person_id)
        .order_by(NotificationRow.created_at.desc(), NotificationRow.notification_id)
        .limit(SHOWN)
    )
    return [
        Told(
            row.notification_id,
            NewsKind(row.kind),
            news_text(NewsKind(row.kind), row.facts),
            row.created_at,
            row.read_at is not None,
        )
        for row in rows
    ]


def list_ways(session: Session, actor: Actor) -> Sequence[Way]:
    """Return the ways that a person has chosen; none by default."""
    rows = session.scalars(
        select(NewsWayRow)
        .where(NewsWayRow.person_id == actor.person_id)
        .order_by(NewsWayRow.name, NewsWayRow.way_id)
    )
    return [
        Way(
            row.way_id,
            WayKind(row.kind),
            row.name,
            frozenset(row.groups),
            row.failures >= GIVES_UP_AFTER,
        )
        for row in rows
    ]
