"""A month's assignments as an operator lists them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One visit: who goes where until when, and how far it has come."""

    visit_id: UUID
    hall_id: str
    auditor: str  # login
    scenario: str | None
    due_on: date
    state: str


def list_assignments(
    session: Session, month: str, auditor: str | None = None
) -> list[AssignmentLine]:
    """Return a month's visits by due date and hall; of one auditor if named."""
    statement = (
        select(
            VisitRow.visit_id,
            VisitRow.hall_id,
            PersonRow.login,
            VisitRow.scenario,
            VisitRow.due_on,
            VisitRow.state,
        )
        .join(PersonRow, PersonRow.person_id == VisitRow.auditor_id)
        .where(VisitRow.month == month)
        .order_by(VisitRow.due_on, VisitRow.hall_id)
    )
    if auditor is not None:
        statement = statement.where(PersonRow.login == auditor)
    return [AssignmentLine(*row) for row in session.execute(statement)]
