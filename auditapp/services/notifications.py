"""Reading what one was told, choosing how, and handing it to the mail in batches."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.notification import GROUPS, NewsGroup, NewsKind, is_quiet
from auditapp.domain.text import Text
from auditapp.store.notifications import NewsChoiceRow, NotificationRow
from auditapp.store.people import PersonRow

LEASE = timedelta(minutes=10)  # a claimed batch is sent again after that
MOST_IN_A_BATCH = 50
LONGEST_EMAIL = 254  # Source: RFC 5321, 4.5.3.1.3
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


@dataclass(frozen=True, slots=True)
class Batch:
    """What one person is sent in one message."""

    email: str
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


def choose_news(
    session: Session,
    actor: Actor,
    email: str,
    groups: Collection[str],
    now: datetime,
) -> None:
    """Keep where and of what a person is told by e-mail; nothing chosen is nowhere.

    Raises:
        InvalidError: There is no such group, or no mail can go to that address.
    """
    address, known = email.strip(), {group.value for group in NewsGroup}
    if not set(groups) <= known:
        raise InvalidError([Problem("/groups", "unknown-group", _NO_GROUP)])
    row = session.get(NewsChoiceRow, actor.person_id)
    if not groups:
        if row is not None:
            session.delete(row)
        return
    if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise InvalidError([Problem("/email", "no-email", _NO_EMAIL)])
    if row is None:
        row = NewsChoiceRow(person_id=actor.person_id, since=now)
        session.add(row)
    row.email, row.groups = address, sorted(groups)


def claim_batch(session: Session, *, now: datetime) -> Batch | None:
    """Take what one person is to be sent; None when nobody is, or all sleep.

    What is claimed and not noted as sent is claimed again after a lease.
    """
    if is_quiet(now):
        return None
    due = (
        NotificationRow.emailed_at.is_(None),
        or_(
            NotificationRow.claimed_at.is_(None),
            NotificationRow.claimed_at < now - LEASE,
        ),
    )
    choice = session.execute(
        select(NewsChoiceRow, PersonRow)
        .join(PersonRow, PersonRow.person_id == NewsChoiceRow.person_id)
        .join(NotificationRow, NotificationRow.person_id == PersonRow.person_id)
        .where(*due, NotificationRow.created_at >= NewsChoiceRow.since)
        .order_by(NotificationRow.created_at, NotificationRow.notification_id)
        .limit(1)
        .with_for_update(of=NewsChoiceRow, skip_locked=True)
    ).first()
    if choice is None:
        return None
    wanted, person = choice
    rows = session.scalars(
        select(NotificationRow)
        .where(
            *due,
            NotificationRow.person_id == person.person_id,
            NotificationRow.created_at >= wanted.since,
        )
        .order_by(NotificationRow.created_at, NotificationRow.notification_id)
        .limit(MOST_IN_A_BATCH)
    ).all()
    is_told = {
        row.notification_id: person.is_active
        and row.read_at is None
        and GROUPS[NewsKind(row.kind)].value in wanted.groups
        for row in rows
    }
    for row in rows:
        row.claimed_at = now
    ids = tuple(row.notification_id for row in rows)
    told = tuple(row for row in rows if is_told[row.notification_id])
    name = Text(person.name_zh, person.name_en)
    return Batch(wanted.email, name, person.locale or "zh_CN", ids, told)


def note_sent(session: Session, batch: Batch, *, now: datetime) -> None:
    """Note that a batch has gone, or that nothing of it was to go."""
    session.execute(
        update(NotificationRow)
        .where(NotificationRow.notification_id.in_(batch.ids))
        .values(emailed_at=now)
    )


_NO_GROUP = Text("没有这一类通知。", "There is no such kind of notification.")
_NO_EMAIL = Text(
    "请写一个邮箱地址，例如name@example.com。",
    "Write an e-mail address such as name@example.com.",
)
