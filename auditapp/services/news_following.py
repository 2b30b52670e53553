"""Follows the event log and writes down who is told of what, once for each person.

The log is written in the transaction that did a thing, so nothing is told that was not
done, and nothing is forgotten when a worker dies: the cursor moves with what it told.
"""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.services.news_audience import TOLD, Audience, News
from auditapp.store.contention import table_of
from auditapp.store.notifications import NewsCursorRow, NotificationRow
from auditapp.store.work import EventRow

CHUNK = 500
# transactions may commit in another order than they took their numbers
LOOKED_AT_AGAIN = 500
ONE = 1  # there is one cursor


def follow_events(session: Session) -> int:
    """Tell of the next events and return how many those were, at most a chunk.

    The first time nothing is told: what was before is no news.
    """
    cursor = session.get(NewsCursorRow, ONE, with_for_update=True)
    latest = session.scalar(select(func.max(EventRow.event_id))) or 0
    if cursor is None:
        begin_at(session, latest)
        return 0
    if latest == cursor.event_id:
        return 0
    events = _next_events(session, cursor)
    if events:
        _tell(session, events)
    moved = min(latest, cursor.event_id + CHUNK)
    count, cursor.event_id = moved - cursor.event_id, moved
    seen = {*cursor.lately, *(event.event_id for event in events)}
    cursor.lately = sorted(each for each in seen if each > moved - LOOKED_AT_AGAIN)
    return count


def begin_at(session: Session, event_id: int) -> None:
    """Begin to follow the log after an event."""
    before = select(EventRow.event_id).where(
        EventRow.event_id > event_id - LOOKED_AT_AGAIN,
        EventRow.event_id <= event_id,
        EventRow.name.in_(TOLD),
    )
    lately = sorted(session.scalars(before))
    session.add(NewsCursorRow(cursor_id=ONE, event_id=event_id, lately=lately))
    session.flush()


def _next_events(session: Session, cursor: NewsCursorRow) -> list[EventRow]:
    """Return what was not looked at yet, late commits of lower numbers included."""
    lately = set(cursor.lately)
    events = session.scalars(
        select(EventRow)
        .where(
            EventRow.event_id > cursor.event_id - LOOKED_AT_AGAIN,
            EventRow.event_id <= cursor.event_id + CHUNK,
            EventRow.name.in_(TOLD),
        )
        .order_by(EventRow.event_id)
    )
    return [event for event in events if event.event_id not in lately]


def _tell(session: Session, events: list[EventRow]) -> None:
    audience = Audience(session)
    rows = {
        (person_id, event.event_id): _row(person_id, event, news)
        for event in events
        for news in audience.news_of(event)
        for person_id in news.people
        if person_id != event.actor_id
    }
    if rows:
        session.connection().execute(
            table_of(NotificationRow).insert(), list(rows.values())
        )


def _row(person_id: UUID, event: EventRow, news: News) -> dict[str, Any]:
    return {
        "notification_id": uuid4(),
        "person_id": person_id,
        "event_id": event.event_id,
        "kind": news.kind.value,
        "facts": dict(news.facts),
        "created_at": event.happened_at,
    }
