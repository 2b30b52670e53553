"""What a person was told, the unread first in sight."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.notification import NewsKind, news_text
from auditapp.domain.text import Text
from auditapp.store.notifications import NewsChoiceRow, NotificationRow

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
class NewsChoice:
    """Where and of what a person is told by e-mail."""

    email: str
    groups: frozenset[str]


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


def get_choice(session: Session, actor: Actor) -> NewsChoice:
    """Return what a person has chosen; nothing by default."""
    row = session.get(NewsChoiceRow, actor.person_id)
    if row is None:
        return NewsChoice("", frozenset())
    return NewsChoice(row.email, frozenset(row.groups))
