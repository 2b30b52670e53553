"""What every counted visit found of every item, for item statistics."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.reads.month_audits import MYSTERY, counted
from auditapp.store.audits import AuditRow, OverrideRow, ScoreRow
from auditapp.store.visits import VisitRow

BATCH = 500


class VisitLines(NamedTuple):
    """One visit: where, when, by whom, and the stored lines of its score."""

    hall_id: str
    month: str
    auditor: str  # only to count with; it is never shown
    lines: list[dict[str, Any]]


def stream_lines(session: Session, months: Sequence[str]) -> Iterator[VisitLines]:
    """Yield the mystery visits of some months that count."""
    statement = counted(
        select(VisitRow.hall_id, VisitRow.month, VisitRow.auditor_id, ScoreRow.lines),
        VisitRow.month.in_(list(months)) & (VisitRow.kind == MYSTERY),
        None,
    )
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        lines = row.lines.get("lines", [])
        yield VisitLines(row.hall_id, row.month, str(row.auditor_id), lines)


def list_overturned(
    session: Session, months: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Return hall, month and item of every answer that was decided otherwise."""
    rows = session.execute(
        select(VisitRow.hall_id, VisitRow.month, OverrideRow.item_id)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .join(OverrideRow, OverrideRow.audit_id == AuditRow.audit_id)
        .where(VisitRow.month.in_(list(months)), VisitRow.kind == MYSTERY)
    )
    return [(row.hall_id, row.month, row.item_id) for row in rows]
