"""Who may be sent to visit a hall a second time, and with which business."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.month import later
from auditapp.domain.visit import VisitState
from auditapp.domain.visit_plan import MONTHS_BETWEEN_VISITS, is_too_soon
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow


@dataclass(frozen=True, slots=True)
class RevisitChoices:
    """Auditors by code with their logins, and the businesses the hall met lately."""

    auditors: dict[str, str]
    recent_scenarios: frozenset[str]


def get_revisit_choices(
    session: Session, hall_id: str, region_id: str, month: str
) -> RevisitChoices:
    """Return the region's auditors whom nobody in the hall would remember."""
    span = MONTHS_BETWEEN_VISITS
    past = session.execute(
        select(VisitRow.auditor_id, VisitRow.scenario, VisitRow.month).where(
            VisitRow.hall_id == hall_id,
            VisitRow.kind == "mystery",
            VisitRow.state != VisitState.REJECTED.value,
            VisitRow.month.between(later(month, -span), later(month, span)),
        )
    ).all()
    known = {row.auditor_id for row in past if is_too_soon(month, row.month)}
    people = session.execute(
        select(
            PersonRow.person_id, PersonRow.code, PersonRow.login, PersonRow.region_ids
        )
        .where(PersonRow.role == Role.AUDITOR.value, PersonRow.is_active)
        .order_by(PersonRow.code)
    )
    return RevisitChoices(
        {
            row.code: row.login
            for row in people
            if region_id in row.region_ids and row.person_id not in known
        },
        frozenset(row.scenario for row in past if row.scenario),
    )
