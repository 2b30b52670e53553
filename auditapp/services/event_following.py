"""Follows the event log, each event once, for whoever keeps a cursor.

The log is written in the transaction that did a thing, so nothing is told that was not
done, and nothing is forgotten when a worker dies: the cursor moves with what was told.
"""

from collections.abc import Collection, Sequence
from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.store.notifications import EventCursorRow
from auditapp.store.work import EventRow

CHUNK = 500
# transactions may commit in another order than they took their numbers
LOOKED_AT_AGAIN = 500


class Follower(IntEnum):
    """Who follows the log; the value is the cursor's number in the database."""

    NEWS = 1
    WEBHOOKS = 2


def take_events(
    session: Session, follower: Follower, names: Collection[str]
) -> tuple[Sequence[EventRow], int]:
    """Return the next events of these names, and how many of any name were passed.

    Those are at most a chunk; none are left when it is 0.
    The first time there are none: what was before is no news.
    """
    cursor = session.get(EventCursorRow, follower.value, with_for_update=True)
    latest = session.scalar(select(func.max(EventRow.event_id))) or 0
    if cursor is None:
        begin_at(session, follower, names, latest)
        return (), 0
    if latest == cursor.event_id:
        return (), 0
    events = _next_events(session, cursor, names)
    moved = min(latest, cursor.event_id + CHUNK)
    count, cursor.event_id = moved - cursor.event_id, moved
    seen = {*cursor.lately, *(event.event_id for event in events)}
    cursor.lately = sorted(each for each in seen if each > moved - LOOKED_AT_AGAIN)
    return events, count


def begin_at(
    session: Session, follower: Follower, names: Collection[str], event_id: int
) -> None:
    """Begin to follow the log after an event."""
    before = select(EventRow.event_id).where(
        EventRow.event_id > event_id - LOOKED_AT_AGAIN,
        EventRow.event_id <= event_id,
        EventRow.name.in_(names),
    )
    lately = sorted(session.scalars(before))
    session.add(
        EventCursorRow(cursor_id=follower.value, event_id=event_id, lately=lately)
    )
    session.flush()


def _next_events(
    session: Session, cursor: EventCursorRow, names: Collection[str]
) -> list[EventRow]:
    """Return what was not looked at yet, late commits of lower numbers included."""
    lately = set(cursor.lately)
    events = session.scalars(
        select(EventRow)
        .where(
            EventRow.event_id > cursor.event_id - LOOKED_AT_AGAIN,
            EventRow.event_id <= cursor.event_id + CHUNK,
            EventRow.name.in_(names),
        )
        .order_by(EventRow.event_id)
    )
    return [event for event in events if event.event_id not in lately]
