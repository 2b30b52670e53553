"""Counting working days, whatever calendar says which days those are."""

from collections.abc import Callable
from datetime import date, timedelta

IsWorking = Callable[[date], bool]
ONE_DAY = timedelta(days=1)


def after_working_days(start: date, count: int, is_working: IsWorking) -> date:
    """Return the working day that is the ``count``-th one after ``start``."""
    day, left = start, count
    while left > 0:
        day += ONE_DAY
        left -= is_working(day)
    return day
