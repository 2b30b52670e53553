"""Months written ``2026-11``, as the halls' calendar has them."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone

# One zone for the whole country, without summer time since 1991. Source: tzdata
HALL_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_IN_A_YEAR = 12


def is_month(text: str) -> bool:
    """Tell whether a text is a month such as ``2026-11``."""
    return bool(_MONTH.fullmatch(text)) and not text.startswith("0000")


def local_date(instant: datetime) -> date:
    """Return the date in the halls at an instant."""
    return instant.astimezone(HALL_TIME).date()


def month_of(instant: datetime) -> str:
    """Return the month in the halls at an instant."""
    return f"{local_date(instant):%Y-%m}"


def at_hall(day: date, hour: int, minute: int = 0) -> datetime:
    """Return the instant of a clock time in the halls, in UTC."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=HALL_TIME)
    return local.astimezone(UTC)


def first_day(month: str) -> date:
    """Return the first day of a month."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """Return the last day of a month."""
    first = first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def later(month: str, count: int) -> str:
    """Return the month ``count`` months on; a negative count goes back."""
    first = first_day(month)
    total = first.year * _IN_A_YEAR + first.month - 1 + count
    year, index = divmod(total, _IN_A_YEAR)
    return f"{year:04d}-{index + 1:02d}"
