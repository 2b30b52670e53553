"""When a customer may be asked by text message, and when never."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

from auditapp.domain.month import HALL_TIME, local_date

_A_DAY = timedelta(days=1)


class InvitationState(Enum):
    """How far an invitation has come."""

    WAITING = "waiting"  # until it may be sent
    QUEUED = "queued"  # its first message is being sent
    SENT = "sent"
    ANSWERED = "answered"  # the rating is in; further answers may follow
    STOPPED = "stopped"  # the customer asked to be left alone
    NOT_SENT = "not_sent"  # NotInvited says why
    FAILED = "failed"  # the provider would not take it


class NotInvited(Enum):
    """Why a customer is not asked about a transaction."""

    STOPPED = "stopped"
    RESTING = "resting"  # was invited a short while ago
    TOO_LATE = "too_late"  # we heard of it when asking made no sense any more
    ERASED = "erased"  # the number is gone
    NO_CHECKLIST = "no_checklist"  # no messages are in force in that month


@dataclass(frozen=True, slots=True)
class InvitationRules:
    """How soon, in which hours and how often a customer may be asked."""

    soonest: timedelta
    latest: timedelta
    opens: time  # clock of the halls
    closes: time
    rest: timedelta
    reply_window: timedelta
    stop_words: frozenset[str]

    def send_at(self, finished_at: datetime, now: datetime) -> datetime | None:
        """Return when, from ``now`` on, to ask about a transaction; None: too late.

        What cannot be sent before the evening waits for the next morning, and there as
        long as it would have waited by day.
        """
        for start, end in self._windows(finished_at + self.soonest):
            if now <= end:
                return max(now, start)
        return None

    def is_resting(self, last_invited_at: datetime | None, now: datetime) -> bool:
        """Tell whether a customer was invited too short a while ago."""
        return last_invited_at is not None and now < last_invited_at + self.rest

    def _windows(self, start: datetime) -> list[tuple[datetime, datetime]]:
        span = self.latest - self.soonest
        day = local_date(start)
        opens, closes = _at(day, self.opens), _at(day, self.closes)
        if start < opens:
            return [(opens, min(opens + span, closes))]
        morning = _at(day + _A_DAY, self.opens)
        next_day = (morning, min(morning + span, _at(day + _A_DAY, self.closes)))
        if start > closes:
            return [next_day]
        if start + span <= closes:
            return [(start, start + span)]
        return [(start, closes), next_day]


def read_invitation_rules(written: Mapping[str, Any]) -> InvitationRules:
    """Read a checklist's ``contact_rules``; what is left out is careful."""
    soonest, latest = written.get("minutes_after", (5, 60))
    opens, closes = written.get("hours", ("09:00", "20:30"))
    return InvitationRules(
        soonest=timedelta(minutes=soonest),
        latest=timedelta(minutes=latest),
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
        rest=timedelta(days=written.get("rest_days", 30)),
        reply_window=timedelta(hours=written.get("reply_window_hours", 48)),
        stop_words=frozenset(written.get("stop_words_zh", ("TD", "退订", "R"))),
    )


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, HALL_TIME).astimezone(UTC)
