"""The months that are known, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.month_life import MonthState
from auditapp.store.months import MonthRow, MonthScoreRow


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month: ``ledger_number`` is 0 until it was closed once."""

    month: str
    state: MonthState
    ledger_number: int
    halls: int
    scored: int
    ranked: int
    scored_at: datetime | None
    reason: str | None


def list_months(session: Session) -> list[MonthLine]:
    """Return every month, newest first."""
    scores = (
        select(
            MonthScoreRow.month,
            func.count().label("halls"),
            func.count(MonthScoreRow.official_milli).label("scored"),
            func.count().filter(MonthScoreRow.is_ranked).label("ranked"),
        )
        .group_by(MonthScoreRow.month)
        .subquery()
    )
    rows = session.execute(
        select(
            MonthRow.month,
            MonthRow.state,
            MonthRow.ledger_number,
            scores.c.halls,
            scores.c.scored,
            scores.c.ranked,
            MonthRow.scored_at,
            MonthRow.reason,
        )
        .outerjoin(scores, scores.c.month == MonthRow.month)
        .order_by(MonthRow.month.desc())
    )
    return [
        MonthLine(
            row.month,
            MonthState(row.state),
            row.ledger_number,
            row.halls or 0,
            row.scored or 0,
            row.ranked or 0,
            row.scored_at,
            row.reason,
        )
        for row in rows
    ]
