"""Which audits a month takes, as columns: the lines are read for single halls only.

A mystery visit counts in its own month, an inspection for as long as the policy says.
Interrupted visits are made again and exposed ones were no mystery: neither counts. A
hall found closed counts by policy once a reviewer has accepted it.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from auditapp.domain.month import later
from auditapp.domain.policy import Policy
from auditapp.domain.ratio import Ratio
from auditapp.domain.visit import COMPLETED, HALL_CLOSED, VisitState
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    ScoreRow,
)
from auditapp.store.visits import VisitRow

MYSTERY, INSPECTION = "mystery", "open_inspection"
OFFICIAL_STATES = (VisitState.ACCEPTED.value, VisitState.RELEASED.value)
BATCH = 5000


class AuditFigures(NamedTuple):
    """One audit as the official month reads it."""

    hall_id: str
    kind: str
    month: str
    audit_id: UUID
    finished_at: datetime | None
    outcome: str
    numerator: int | None
    denominator: int | None
    has_critical_failure: bool

    def points(self, policy: Policy) -> Ratio:
        """Return the exact score; a hall found closed scores by policy."""
        if self.outcome == HALL_CLOSED:
            return Ratio(policy.rules.closed_visit_score)
        return Ratio(self.numerator or 0, self.denominator or 1)


COLUMNS = (
    VisitRow.hall_id,
    VisitRow.kind,
    VisitRow.month,
    AuditRow.audit_id,
    AuditRow.finished_at,
    ScoreRow.outcome,
    ScoreRow.score_numerator,
    ScoreRow.score_denominator,
    ScoreRow.has_critical_failure,
)


def list_audit_figures(
    session: Session, policy: Policy, month: str, hall_ids: Collection[str] | None
) -> Iterator[AuditFigures]:
    """Yield the audits that a month takes, of some halls or of all, by hall.

    Inspections come oldest first; only the last one of a hall counts.
    """
    statement = counted(select(*COLUMNS), taken_in(policy, month), hall_ids).order_by(
        VisitRow.hall_id, VisitRow.month, AuditRow.finished_at, AuditRow.audit_id
    )
    # rows are plain: the session would look each of them over
    rows = session.connection().execute(statement.execution_options(yield_per=BATCH))
    return (AuditFigures(*row) for row in rows)


def counted(
    statement: Select[*tuple[Any, ...]],
    months: ColumnElement[bool],
    hall_ids: Collection[str] | None,
) -> Select[*tuple[Any, ...]]:
    """Cut a select to the audits that count; it may read audits, visits and scores."""
    joined = (
        statement.select_from(VisitRow)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .join(
            ScoreRow,
            IS_SCORE_OF_AUDIT,
        )
        .where(
            VisitRow.state.in_(OFFICIAL_STATES),
            months,
            or_(
                and_(ScoreRow.outcome == COMPLETED, ScoreRow.is_complete),
                ScoreRow.outcome == HALL_CLOSED,
            ),
        )
    )
    if hall_ids is None:
        return joined
    return joined.where(VisitRow.hall_id.in_(sorted(hall_ids)))


def taken_in(policy: Policy, month: str) -> ColumnElement[bool]:
    """Return which visits' audits a month takes."""
    valid_months = policy.sources[INSPECTION].valid_months
    return or_(
        and_(VisitRow.kind == MYSTERY, VisitRow.month == month),
        and_(
            VisitRow.kind == INSPECTION,
            VisitRow.month.between(later(month, 1 - valid_months), month),
        ),
    )


def taken_audits(audits: Iterable[AuditFigures]) -> dict[str, list[AuditFigures]]:
    """Return the audits of one hall that count by source: all visits, one inspection.

    They must come oldest first.
    """
    taken: dict[str, list[AuditFigures]] = {}
    for audit in audits:
        if audit.kind == INSPECTION:
            taken[INSPECTION] = [audit]
        else:
            taken.setdefault(audit.kind, []).append(audit)
    return taken
