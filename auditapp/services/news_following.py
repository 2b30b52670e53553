"""Writes down who is told of what, once for each person, and by which channels."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.notification import GROUPS, MANY, NewsKind
from auditapp.services.event_following import Follower, take_events
from auditapp.services.news_audience import TOLD, Audience, News
from auditapp.store.contention import table_of
from auditapp.store.notifications import (
    NewsChannelRow,
    NewsSendingRow,
    NotificationRow,
)
from auditapp.store.work import EventRow

# what each person is told of each event
Told = dict[tuple[UUID, int], tuple[EventRow, News]]


def follow_events(session: Session) -> int:
    """Tell of the next events and return how many those were, at most a chunk."""
    events, count = take_events(session, Follower.NEWS, TOLD)
    if events:
        _tell(session, events)
    return count


def _tell(session: Session, events: Sequence[EventRow]) -> None:
    audience = Audience(session)
    told: Told = {
        (person_id, event.event_id): (event, news)
        for event in events
        for news in audience.news_of(event)
        for person_id in news.people
        if person_id != event.actor_id
    }
    if not told:
        return
    _gather_late(told)
    channels = _channels(session)
    rows, sendings = [], []
    for (person_id, _event_id), (event, news) in told.items():
        row = _row(person_id, event, news)
        rows.append(row)
        sendings += _sendings(row, news, channels.get(person_id, ()))
    connection = session.connection()
    connection.execute(table_of(NotificationRow).insert(), rows)
    if sendings:
        connection.execute(table_of(NewsSendingRow).insert(), sendings)


def _gather_late(told: Told) -> None:
    """Tell a person of many late actions in one line; a night makes hundreds late."""
    late: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for key, (_event, news) in told.items():
        if news.kind is NewsKind.ACTION_LATE:
            late[key[0]].append(key)
    for keys in late.values():
        if len(keys) > MANY:
            *others, last = keys
            for key in others:
                del told[key]
            event, news = told[last]
            facts = {"count": len(keys)}
            told[last] = event, News(NewsKind.ACTIONS_LATE, news.people, facts)


def _row(person_id: UUID, event: EventRow, news: News) -> dict[str, Any]:
    return {
        "notification_id": uuid4(),
        "person_id": person_id,
        "event_id": event.event_id,
        "kind": news.kind.value,
        "facts": dict(news.facts),
        "created_at": event.happened_at,
    }


def _channels(session: Session) -> dict[UUID, list[NewsChannelRow]]:
    found: dict[UUID, list[NewsChannelRow]] = {}
    for channel in session.scalars(select(NewsChannelRow)):
        found.setdefault(channel.person_id, []).append(channel)
    return found


def _sendings(
    row: dict[str, Any], news: News, channels: Iterable[NewsChannelRow]
) -> list[dict[str, Any]]:
    return [
        {
            "notification_id": row["notification_id"],
            "channel_id": channel.channel_id,
            "created_at": row["created_at"],
        }
        for channel in channels
        if GROUPS[news.kind].value in channel.groups
    ]
