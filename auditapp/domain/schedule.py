"""When work that nobody asks for is due: daily at a time, or every so many minutes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from auditapp.domain.month import at_hall, local_date

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at a clock time of the halls."""

    hour: int
    minute: int = 0

    def slot_at(self, now: datetime) -> datetime:
        """Return the latest instant, not after ``now``, at which it was due."""
        today = at_hall(local_date(now), self.hour, self.minute)
        return today if today <= now else today - _DAY


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, counted from midnight UTC where the minutes divide the day."""

    minutes: int

    def slot_at(self, now: datetime) -> datetime:
        """Return the latest instant, not after ``now``, at which it was due."""
        step = timedelta(minutes=self.minutes)
        return now - (now - _EPOCH) % step


Schedule = dict[str, Daily | Every]
