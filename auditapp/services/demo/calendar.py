"""Who went where and when in the demonstration's six months."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from auditapp.domain.month import first_day, last_day

OPEN_PER_AUDITOR = (2, 1, 1)  # of the three auditors of a region
DAYS_UNTIL_DUE = 5


def repeatable(*parts: object) -> random.Random:
    """Return a source of chance that gives the same for the same parts."""
    return random.Random(" ".join(map(str, parts)))  # noqa: S311 (no secret)


def repeatable_id(*parts: object) -> UUID:
    """Return the same id for the same parts."""
    return UUID(int=repeatable(*parts).getrandbits(128), version=4)


def visit_day(month: str, due_on: date, today: date) -> date:
    """Return the day of a visit: its due date, moved into the days already gone.

    In the current month the days of the plan are squeezed into those before today.
    """
    first, last = first_day(month), last_day(month)
    if last < today:
        return due_on
    gone = (today - first).days - 1
    return first + timedelta(days=gone * (due_on - first).days // (last - first).days)


def open_visits(rows: Iterable[dict[str, Any]], logins: dict[UUID, str]) -> set[UUID]:
    """Choose the visits of the current month that are still to be made.

    Each auditor keeps one or two, so that every phone has something to do.
    """
    left = {
        person: OPEN_PER_AUDITOR[int(login.strip("a")) % len(OPEN_PER_AUDITOR)]
        for person, login in logins.items()
    }
    chosen = set()
    for row in sorted(
        rows, key=lambda row: (row["due_on"], row["hall_id"]), reverse=True
    ):
        if left[row["auditor_id"]]:
            left[row["auditor_id"]] -= 1
            chosen.add(row["visit_id"])
    return chosen


def due_soon(month: str, today: date, index: int) -> date:
    """Return a due date within the next days, if the month has any left."""
    due = today + timedelta(days=1 + index % DAYS_UNTIL_DUE)
    return max(min(due, last_day(month)), today)
