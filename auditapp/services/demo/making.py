"""Making the demonstration, step by step; each step is whole or not there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.month import at_hall, first_day, local_date
from auditapp.domain.visit_plan import plan_visits
from auditapp.gateways.brief_files import load_briefs
from auditapp.services.demo.calendar import due_soon, open_visits, repeatable_id
from auditapp.services.demo.company import found_company, organisation
from auditapp.services.visit_plans import begin_planning, list_auditors, visit_rows
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

Step = tuple[str, Callable[[Session], None]]


@dataclass(frozen=True, slots=True)
class Demo:
    """What makes one demonstration differ from another; equal ones are equal."""

    month: str  # the last, current month
    seed: int
    now: datetime
    password_hash: str

    @property
    def today(self) -> date:
        """The date in the halls."""
        return local_date(self.now)


def demo_steps(demo: Demo) -> list[Step]:
    """Return the steps in their order; a step that was done before does nothing."""

    def found(session: Session) -> None:
        found_company(
            session,
            demo.month,
            demo.seed,
            password_hash=demo.password_hash,
            now=demo.now,
        )

    def month_step(month: str) -> Callable[[Session], None]:
        return lambda session: make_month(session, demo, month)

    months = [demo.month]
    return [("organisation", found), *((month, month_step(month)) for month in months)]


def make_month(session: Session, demo: Demo, month: str) -> None:
    """Assign a month's visits and tell what came of them."""
    planning = begin_planning(session, month, load_briefs())
    if any(visit.month == month for visit in planning.past):
        return
    plans = plan_visits(
        month,
        [(place.hall_id, place.region_id) for place in planning.places.values()],
        list_auditors(session),
        planning.past,
        organisation()["scenario_mix"],
    )
    rows = visit_rows(session, planning, plans, at_hall(first_day(month), 1))
    for row in rows:
        row["visit_id"] = repeatable_id(demo.seed, "visit", month, row["hall_id"])
    _leave_open(session, demo, month, rows)
    session.execute(insert(VisitRow), rows)


def _leave_open(
    session: Session, demo: Demo, month: str, rows: list[dict[str, Any]]
) -> set[UUID]:
    if month != demo.month:
        return set()
    people = session.execute(
        select(PersonRow.person_id, PersonRow.login).where(
            PersonRow.role == Role.AUDITOR.value
        )
    )
    chosen = open_visits(rows, {row.person_id: row.login for row in people})
    for index, row in enumerate(rows):
        if row["visit_id"] in chosen:
            row["due_on"] = due_soon(month, demo.today, index)
    return chosen
