"""On which day of the demonstration's months somebody was where."""

import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from auditapp.domain.month import at_hall, first_day, last_day

OPEN_PER_AUDITOR = (2, 1, 1)  # of the three auditors of a region
DAYS_UNTIL_DUE = 5
FIRST_DAY, DAYS = 4, 22  # of a month that is over: visits fall within these days
FIRST_HOUR, LAST_HOUR = 9, 15  # visits begin within these hours
Rows = Iterable[dict[str, Any]]


def repeatable(*parts: object) -> random.Random:
    """Return a source of chance that gives the same for the same parts."""
    return random.Random(" ".join(map(str, parts)))  # noqa: S311 (no secret)


def repeatable_id(*parts: object) -> UUID:
    """Return the same id for the same parts."""
    return UUID(int=repeatable(*parts).getrandbits(128), version=4)


def open_visits(rows: Rows, logins: Mapping[UUID, str], done: set[str]) -> set[UUID]:
    """Choose the visits of the current month that are still to be made.

    Each auditor keeps one or two, so that every phone has something to do; the halls
    in ``done`` have a story that needs the current month.
    """
    left = {
        person: OPEN_PER_AUDITOR[(int(login.strip("a")) - 1) % len(OPEN_PER_AUDITOR)]
        for person, login in logins.items()
    }
    chosen = set()
    latest = sorted(rows, key=lambda row: (row["due_on"], row["hall_id"]))[::-1]
    for row in latest:
        if left[row["auditor_id"]] and row["hall_id"] not in done:
            left[row["auditor_id"]] -= 1
            chosen.add(row["visit_id"])
    return chosen


def due_soon(month: str, today: date, index: int) -> date:
    """Return a due date within the next days, if the month has any left."""
    due = today + timedelta(days=1 + index % DAYS_UNTIL_DUE)
    return max(min(due, last_day(month)), today)


def begin_times(
    rows: Rows, month: str, today: date, days: Mapping[str, int], last_halls: set[str]
) -> dict[UUID, datetime]:
    """Return when each visit began, every auditor being in one hall a day.

    ``days`` are the days of the month that stories ask for by hall, ``last_halls`` the
    halls that an auditor goes to last. In the current month the days of the plan are
    squeezed into those before today.
    """
    by_auditor: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        by_auditor.setdefault(row["auditor_id"], []).append(row)
    begins = {}
    for visits in by_auditor.values():
        visits.sort(
            key=lambda row: (
                row["hall_id"] in last_halls,
                row["due_on"],
                row["hall_id"],
            )
        )
        taken = {days[row["hall_id"]] for row in visits if row["hall_id"] in days}
        for index, row in enumerate(visits):
            day = days.get(row["hall_id"])
            if day is None:
                day = _free_day(month, today, (index + 0.5) / len(visits), taken)
                taken.add(day)
            begins[row["visit_id"]] = _some_time(month, day, row["visit_id"])
    return begins


def days_gone(month: str, today: date) -> int:
    """Return how many days of the month are over; a whole month's are all."""
    days: int = (today - first_day(month)).days
    return min(days, last_day(month).day)


def _free_day(month: str, today: date, share: float, taken: set[int]) -> int:
    """Return a day of the month that the auditor has no visit on; 0 is the day before.

    Early in the month there may be none left: then it lies in the month before.
    """
    gone, whole = days_gone(month, today), last_day(month).day
    is_over = gone == whole
    wanted = int(FIRST_DAY + DAYS * share if is_over else 1 + gone * share)
    days = sorted(range(1, gone + 1), key=lambda day: abs(day - wanted))
    before = range(0, -len(taken) - 2, -1)
    return next(day for day in chain(days, before) if day not in taken)


def _some_time(month: str, day: int, visit_id: UUID) -> datetime:
    chance = repeatable("begin", visit_id)
    hour, minute = chance.randint(FIRST_HOUR, LAST_HOUR - 1), chance.randint(0, 59)
    return at_hall(first_day(month) + timedelta(days=day - 1), hour, minute)
