"""Writes down who is told of what, once for each person, and by which ways."""

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
    NewsSendingRow,
    NewsWayRow,
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
    ways = _ways(session)
    rows, sendings = [], []
    for (person_id, _event_id), (event, news) in told.items():
        row = _row(person_id, event, news)
        rows.append(row)
        sendings += _sendings(row, news, ways.get(person_id, ()))
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


def _ways(session: Session) -> dict[UUID, list[NewsWayRow]]:
    found: dict[UUID, list[NewsWayRow]] = {}
    for way in session.scalars(select(NewsWayRow)):
        found.setdefault(way.person_id, []).append(way)
    return found


def _sendings(
    row: dict[str, Any], news: News, ways: Iterable[NewsWayRow]
) -> list[dict[str, Any]]:
    return [
        {
            "notification_id": row["notification_id"],
            "way_id": way.way_id,
            "created_at": row["created_at"],
        }
        for way in ways
        if GROUPS[news.kind].value in way.groups
    ]
