"""Reading what one was told, and handing it to mail, chat and browsers in batches."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.news_way import GIVES_UP_AFTER, WayKind
from auditapp.domain.notification import is_quiet
from auditapp.domain.text import Text
from auditapp.store.notifications import (
    NewsSendingRow,
    NewsWayRow,
    NotificationRow,
)
from auditapp.store.people import PersonRow

LEASE = timedelta(minutes=10)  # a claimed batch is sent again after that
MOST_IN_A_BATCH = 50
READ_KEPT, UNREAD_KEPT = timedelta(days=180), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one person is sent in one message, on one way."""

    way_id: UUID
    kind: WayKind
    address: str  # as it is stored
    name: Text
    locale: str
    ids: tuple[UUID, ...]
    told: tuple[NotificationRow, ...]


def open_notification(
    session: Session, actor: Actor, notification_id: UUID, now: datetime
) -> NotificationRow:
    """Return one notification and note that it was read.

    Raises:
        NotFoundError: There is none, or it is somebody else's.
    """
    row = session.get(NotificationRow, notification_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFoundError
    row.read_at = row.read_at or now
    return row


def read_all(session: Session, actor: Actor, now: datetime) -> None:
    """Note that a person has read everything."""
    session.execute(
        update(NotificationRow)
        .where(
            NotificationRow.person_id == actor.person_id,
            NotificationRow.read_at.is_(None),
        )
        .values(read_at=now)
    )


def claim_batch(
    session: Session, kinds: Collection[WayKind], *, now: datetime
) -> Batch | None:
    """Take what one person is to be sent on one way; None when nobody is, or all sleep.

    What is claimed and not noted as sent is claimed again after a lease. What was read
    meanwhile is not told.
    """
    if is_quiet(now):
        return None
    is_due = or_(
        NewsSendingRow.claimed_at.is_(None), NewsSendingRow.claimed_at < now - LEASE
    )
    found = session.execute(
        select(NewsWayRow, PersonRow)
        .join(NewsSendingRow, NewsSendingRow.way_id == NewsWayRow.way_id)
        .join(PersonRow, PersonRow.person_id == NewsWayRow.person_id)
        .where(
            is_due,
            NewsWayRow.kind.in_([kind.value for kind in kinds]),
            NewsWayRow.failures < GIVES_UP_AFTER,
        )
        .order_by(NewsSendingRow.created_at, NewsSendingRow.notification_id)
        .limit(1)
        .with_for_update(of=NewsWayRow, skip_locked=True)
    ).first()
    if found is None:
        return None
    way, person = found
    sendings = session.execute(
        select(NewsSendingRow, NotificationRow)
        .join(
            NotificationRow,
            NotificationRow.notification_id == NewsSendingRow.notification_id,
        )
        .where(is_due, NewsSendingRow.way_id == way.way_id)
        .order_by(NewsSendingRow.created_at, NewsSendingRow.notification_id)
        .limit(MOST_IN_A_BATCH)
    ).all()
    for sending, _row in sendings:
        sending.claimed_at = now
    return Batch(
        way.way_id,
        WayKind(way.kind),
        way.address,
        Text(person.name_zh, person.name_en),
        person.locale or "zh_CN",
        tuple(row.notification_id for _sending, row in sendings),
        tuple(
            row for _sending, row in sendings if person.is_active and not row.read_at
        ),
    )


def note_sent(session: Session, batch: Batch) -> None:
    """Note that a batch has gone, or that nothing of it was to go."""
    session.execute(
        delete(NewsSendingRow).where(
            NewsSendingRow.way_id == batch.way_id,
            NewsSendingRow.notification_id.in_(batch.ids),
        )
    )
    if batch.told:
        _count(session, batch, 0)


def note_failed(session: Session, batch: Batch) -> None:
    """Note that a way did not work; after a few times it is left until chosen anew."""
    _count(session, batch, NewsWayRow.failures + 1)


def _count(session: Session, batch: Batch, failures: object) -> None:
    session.execute(
        update(NewsWayRow)
        .where(NewsWayRow.way_id == batch.way_id)
        .values(failures=failures)
    )


def forget_old_news(session: Session, now: datetime) -> None:
    """Forget what was read long ago, and what nobody read for very long."""
    is_old = or_(
        NotificationRow.read_at < now - READ_KEPT,
        NotificationRow.created_at < now - UNREAD_KEPT,
    )
    old = select(NotificationRow.notification_id).where(is_old)
    session.execute(
        delete(NewsSendingRow).where(NewsSendingRow.notification_id.in_(old))
    )
    session.execute(delete(NotificationRow).where(is_old))
