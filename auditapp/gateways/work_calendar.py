"""On which days China works: holidays, days off in lieu and make-up weekends.

The government publishes a year's days off in the autumn before; the library follows
with its next release. Until then it knows the holidays themselves but no make-up days,
which errs towards a later deadline. What it lacks is set by the operator.
"""

from collections.abc import Collection
from datetime import date
from threading import Lock

from holidays import country_holidays


class WorkCalendar:
    """Tells working days; days set by hand go before what the library knows."""

    def __init__(
        self, days_off: Collection[date] = (), working_days: Collection[date] = ()
    ) -> None:
        self._china = country_holidays("CN")
        self._turn = Lock()  # a year is filled in when it is first asked for
        self._days_off = frozenset(days_off)
        self._working_days = frozenset(working_days)

    def is_working(self, day: date) -> bool:
        """Tell whether people work on a day."""
        if day in self._days_off:
            return False
        if day in self._working_days:
            return True
        with self._turn:
            return bool(self._china.is_working_day(day))
