"""Second visits: asked for where a visit and the customers contradict each other."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from auditapp.domain.composite import REVISIT
from auditapp.services.month_rows import HallScore
from auditapp.store.contention import table_of
from auditapp.store.months import RevisitRow

REVISITS = table_of(RevisitRow)


def keep_revisits(
    session: Session, month: str, scores: Iterable[HallScore], now: datetime
) -> None:
    """Open the tasks that are asked for, close those that no longer are."""
    connection = session.connection()
    known = {
        row.hall_id: row.closed_at is None
        for row in connection.execute(
            select(REVISITS.c.hall_id, REVISITS.c.closed_at).where(
                REVISITS.c.month == month
            )
        )
    }
    new, opened, closed = [], [], []
    for score in scores:
        hall_id, is_asked = score.hall.hall_id, REVISIT in score.flags
        if is_asked and hall_id not in known:
            new.append(_row(month, score, now))
        elif is_asked and not known[hall_id]:
            opened.append(hall_id)
        elif not is_asked and known.get(hall_id):
            closed.append(hall_id)
    if new:
        connection.execute(insert(REVISITS), new)
    _set_closed(session, month, opened, None)
    _set_closed(session, month, closed, now)


def _row(month: str, score: HallScore, now: datetime) -> dict[str, object]:
    return {
        "month": month,
        "hall_id": score.hall.hall_id,
        "gap_milli": score.gap_milli,
        "asked_at": now,
    }


def _set_closed(
    session: Session, month: str, hall_ids: list[str], closed_at: datetime | None
) -> None:
    if hall_ids:
        session.connection().execute(
            update(REVISITS)
            .where(REVISITS.c.month == month, REVISITS.c.hall_id.in_(hall_ids))
            .values(closed_at=closed_at)
        )
