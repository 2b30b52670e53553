"""Assigning a whole month at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.briefs import Briefs
from auditapp.domain.visit import VisitState
from auditapp.domain.visit_plan import Auditor, PastVisit, Planned, plan_visits
from auditapp.reads.organisation import HallPlace, list_hall_places
from auditapp.services.checklists import Version, forms_for, get_version_in_force
from auditapp.services.events import record_event
from auditapp.services.visits import choose_brief, past_visits
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

# How often each business is asked for, in percent; headquarters may give another mix
USUAL_MIX = {
    "plan_change": 30,
    "bill_query": 20,
    "sim_replace": 15,
    "new_sim": 10,
    "broadband": 10,
    "device": 5,
    "complaint": 10,
}


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """What planning a month did; ``without_auditor`` are halls nobody may go to."""

    visit_ids: list[UUID]
    without_auditor: list[str]


def plan_month(
    session: Session,
    month: str,
    briefs: Briefs,
    *,
    now: datetime,
    mix: Mapping[str, int] = USUAL_MIX,
) -> MonthPlan:
    """Assign one visit to every active hall that has none in the month.

    Raises:
        NotFoundError: No checklist is in force in that month.
    """
    planning = begin_planning(session, month, briefs)
    halls = [(place.hall_id, place.region_id) for place in planning.places.values()]
    plans = plan_visits(month, halls, list_auditors(session), planning.past, mix)
    rows = visit_rows(session, planning, plans, now)
    if rows:
        session.execute(insert(VisitRow), rows)
        record_event(session, "month.planned", month, now=now, visits=len(rows))
    return MonthPlan(
        [row["visit_id"] for row in rows],
        [plan.hall_id for plan in plans if plan.auditor_id is None],
    )


@dataclass(frozen=True, slots=True)
class Planning:
    """What planning a month needs; ``places`` are the halls without a visit in it."""

    month: str
    version: Version
    briefs: Briefs
    past: list[PastVisit]
    places: dict[str, HallPlace]


def begin_planning(session: Session, month: str, briefs: Briefs) -> Planning:
    """Gather what is known before a month is planned.

    Raises:
        NotFoundError: No checklist is in force in that month.
    """
    past = past_visits(session, month)
    busy = {visit.hall_id for visit in past if visit.month == month}
    return Planning(
        month=month,
        version=get_version_in_force(session, "mystery", month),
        briefs=briefs,
        past=past,
        places={
            place.hall_id: place
            for place in list_hall_places(session, month)
            if place.hall_id not in busy
        },
    )


def visit_rows(
    session: Session, planning: Planning, plans: Iterable[Planned], now: datetime
) -> list[dict[str, Any]]:
    """Return the rows of the visits that somebody can make, their forms kept."""
    going = [plan for plan in plans if plan.auditor_id is not None]
    wanted = [(planning.places[plan.hall_id], plan.scenario) for plan in going]
    digests = forms_for(session, planning.version, wanted, now)
    recent: dict[str, set[str | None]] = {}
    for visit in planning.past:
        recent.setdefault(visit.hall_id, set()).add(visit.brief_id)
    return [
        {
            "visit_id": uuid4(),
            "month": planning.month,
            "kind": "mystery",
            "hall_id": plan.hall_id,
            "region_id": planning.places[plan.hall_id].region_id,
            "auditor_id": plan.auditor_id,
            "scenario": plan.scenario,
            "form_digest": digest,
            "brief": choose_brief(
                planning.briefs,
                plan.scenario,
                f"{plan.hall_id} {planning.month}",
                recent.get(plan.hall_id, set()),
            ),
            "due_on": plan.due_on,
            "state": VisitState.ASSIGNED.value,
            "assigned_at": now,
        }
        for plan, digest in zip(going, digests, strict=True)
    ]


def list_auditors(session: Session, role: Role = Role.AUDITOR) -> list[Auditor]:
    """Return everyone of a role who may be sent."""
    rows = session.execute(
        select(PersonRow.person_id, PersonRow.code, PersonRow.region_ids).where(
            PersonRow.role == role.value, PersonRow.is_active
        )
    )
    return [Auditor(row.person_id, row.code, frozenset(row.region_ids)) for row in rows]
