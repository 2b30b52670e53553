"""What the demonstration's people were told in its last days, as the job would."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.services.news_following import begin_at, follow_events
from auditapp.store.notifications import NewsCursorRow
from auditapp.store.work import EventRow

DAYS = timedelta(days=10)


def make_news(session: Session, now: datetime) -> bool:
    """Follow the log of the last days; earlier things are no news."""
    if session.scalar(select(NewsCursorRow.cursor_id)) is not None:
        return False
    lately = select(func.min(EventRow.event_id)).where(
        EventRow.happened_at >= now - DAYS
    )
    begin_at(session, (session.scalar(lately) or 1) - 1)
    while follow_events(session):
        session.flush()
    return True
