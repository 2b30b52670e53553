"""What the demonstration's people were told in its last days, as the job would."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.services.event_following import Follower, begin_at
from auditapp.services.news_audience import TOLD
from auditapp.services.news_following import follow_events
from auditapp.store.notifications import EventCursorRow
from auditapp.store.work import EventRow

DAYS = timedelta(days=10)


def make_news(session: Session, now: datetime) -> bool:
    """Follow the log of the last days; earlier things are no news."""
    if session.get(EventCursorRow, Follower.NEWS.value) is not None:
        return False
    lately = select(func.min(EventRow.event_id)).where(
        EventRow.happened_at >= now - DAYS
    )
    begin_at(session, Follower.NEWS, TOLD, (session.scalar(lately) or 1) - 1)
    while follow_events(session):
        session.flush()
    return True
