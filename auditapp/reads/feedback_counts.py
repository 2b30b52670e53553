"""What each day brought of transactions, invitations and replies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.invitation import InvitationState
from auditapp.store.customers import CustomerRow
from auditapp.store.messages import FeedbackCountRow, InvitationRow, MessageRow


@dataclass(frozen=True, slots=True)
class FeedbackDay:
    """One day's counts by kind, such as ``reply.late``."""

    on: date
    counts: Mapping[str, int]

    def sum_of(self, kinds: Iterable[str]) -> int:
        """Return how many of these kinds the day brought."""
        return sum(self.counts.get(kind, 0) for kind in kinds)


@dataclass(frozen=True, slots=True)
class FeedbackNow:
    """What waits, and how many want to be left alone."""

    stop_list: int
    waiting_invitations: int
    waiting_messages: int
    oldest_due_at: datetime | None


def list_feedback_days(session: Session, since: date) -> list[FeedbackDay]:
    """Return every day with any count, the latest first."""
    rows = session.execute(
        select(
            FeedbackCountRow.counted_on, FeedbackCountRow.kind, FeedbackCountRow.count
        ).where(FeedbackCountRow.counted_on >= since)
    )
    days: dict[date, dict[str, int]] = defaultdict(dict)
    for day, kind, count in rows:
        days[day][kind] = count
    return [FeedbackDay(day, days[day]) for day in sorted(days, reverse=True)]


def get_feedback_now(session: Session) -> FeedbackNow:
    """Return what waits at this moment."""
    stopped = select(func.count()).where(CustomerRow.stopped_at.is_not(None))
    waiting = select(func.count()).where(
        InvitationRow.state == InvitationState.WAITING.value
    )
    messages = select(func.count(MessageRow.due_at), func.min(MessageRow.due_at)).where(
        MessageRow.due_at.is_not(None)
    )
    count, oldest = session.execute(messages).one()
    return FeedbackNow(
        stop_list=session.scalar(stopped) or 0,
        waiting_invitations=session.scalar(waiting) or 0,
        waiting_messages=count,
        oldest_due_at=oldest,
    )
