"""Counting what a day brought, in the transaction that brought it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.domain.month import local_date
from auditapp.store.contention import table_of
from auditapp.store.messages import FeedbackCountRow

COUNTS: Table = table_of(FeedbackCountRow)


def count_up(session: Session, counts: Mapping[str, int], *, now: datetime) -> None:
    """Add to the day's counts, such as ``{"reply.late": 2}``; one statement."""
    day = local_date(now)
    rows = [  # in one order, so two transactions never wait for each other
        {"counted_on": day, "kind": kind, "count": counts[kind]}
        for kind in sorted(counts)
        if counts[kind]
    ]
    if not rows:
        return
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(COUNTS).values(rows)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["counted_on", "kind"],
            set_={"count": COUNTS.c["count"] + statement.excluded["count"]},
        )
    )
