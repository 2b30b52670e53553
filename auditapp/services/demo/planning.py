"""Planning the demonstration's months: the real planner, bent where stories need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.briefs import Briefs
from auditapp.domain.month import at_hall, first_day, last_day
from auditapp.domain.visit import VisitState
from auditapp.domain.visit_plan import Auditor, Planned, plan_visits
from auditapp.services.demo import fraud
from auditapp.services.demo.calendar import repeatable_id
from auditapp.services.demo.company import organisation
from auditapp.services.demo.stories import Course
from auditapp.services.visit_plans import (
    Planning,
    begin_planning,
    list_auditors,
    visit_rows,
)
from auditapp.store.visits import VisitRow

# In three months every auditor of a region comes to a hall once, so one of these fits
FRAUD_MONTHS = (1, 2, 3)
SECOND_VISIT_DAYS = 2  # before the month ends
SECOND_BUSINESSES = ("bill_query", "sim_replace")


@dataclass(frozen=True, slots=True)
class DemoMonth:
    """The visits of a month; ``again`` are the second ones to a hall and their course.

    A forged visit has such a second one to put it right.
    """

    month: str
    index: int
    rows: list[dict[str, Any]]
    forged: UUID | None
    again: Mapping[UUID, Course]

    @property
    def second_began_at(self) -> datetime:
        """When the second visit began: after everything else in the month."""
        return at_hall(last_day(self.month) - timedelta(days=SECOND_VISIT_DAYS), 10)


def plan_demo_month(
    session: Session,
    planning: Planning,
    seed: int,
    index: int,
    courses: Mapping[str, Course],
    suspect: UUID,
) -> DemoMonth:
    """Return a month's visits; their ids depend on the seed alone."""
    month = planning.month
    auditors = list_auditors(session)
    plans = [
        replace(plan, scenario=courses[plan.hall_id].scenario or plan.scenario)
        for plan in plan_visits(
            month,
            [
                (place.hall_id, place.region_id)
                for place in planning.places.values()
                if not courses[place.hall_id].is_shut
            ],
            auditors,
            planning.past,
            organisation()["scenario_mix"],
        )
    ]
    assigned_at = at_hall(first_day(month), 1)
    rows = visit_rows(session, planning, plans, assigned_at)
    for row in rows:
        row["visit_id"] = repeatable_id(seed, "visit", month, row["hall_id"])
    wrong = next(plan for plan in plans if plan.hall_id == fraud.HALL)
    is_next = index in FRAUD_MONTHS and wrong.auditor_id == suspect
    is_forged = is_next and not _was_rejected(session)
    seconds = {
        hall_id: course.again
        for hall_id, course in courses.items()
        if course.again is not None
    }
    if is_forged:
        seconds[fraud.HALL] = courses[fraud.HALL]
    firsts = [plan for plan in plans if plan.hall_id in seconds]
    again = [_second_visit(planning, plan, auditors) for plan in firsts]
    more = visit_rows(session, planning, again, assigned_at)
    for row in more:
        row["visit_id"] = repeatable_id(seed, "second visit", month, row["hall_id"])
    forged = repeatable_id(seed, "visit", month, fraud.HALL) if is_forged else None
    told = {row["visit_id"]: seconds[row["hall_id"]] for row in more}
    return DemoMonth(month, index, [*rows, *more], forged, told)


def _was_rejected(session: Session) -> bool:
    """Tell whether the forged visit was made, and found out, in a month before."""
    rejected = select(VisitRow.visit_id).where(
        VisitRow.hall_id == fraud.HALL, VisitRow.state == VisitState.REJECTED.value
    )
    return session.scalar(rejected.limit(1)) is not None


def _second_visit(
    planning: Planning, wrong: Planned, auditors: Sequence[Auditor]
) -> Planned:
    """Send whoever of the region was there longest ago, with another business."""
    region = planning.places[wrong.hall_id].region_id
    last_seen = {
        visit.auditor_id: visit.month
        for visit in sorted(planning.past, key=lambda visit: visit.month)
        if visit.hall_id == wrong.hall_id
    }
    others = [
        auditor
        for auditor in auditors
        if region in auditor.region_ids and auditor.person_id != wrong.auditor_id
    ]
    chosen = min(
        others, key=lambda each: (last_seen.get(each.person_id, ""), each.code)
    )
    scenario = next(each for each in SECOND_BUSINESSES if each != wrong.scenario)
    return replace(
        wrong,
        auditor_id=chosen.person_id,
        scenario=scenario,
        due_on=last_day(planning.month),
    )


def begin_demo_month(session: Session, month: str, briefs: Briefs) -> Planning | None:
    """Return what planning the month needs, None when it was planned before."""
    planning = begin_planning(session, month, briefs)
    is_planned = any(visit.month == month for visit in planning.past)
    return None if is_planned else planning
