"""Sending auditors to halls, one visit at a time."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.briefs import Briefs, brief_with_id, pick_brief
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.month import first_day, last_day, later
from auditapp.domain.text import Text
from auditapp.domain.visit import VisitState
from auditapp.domain.visit_plan import MONTHS_BETWEEN_VISITS, PastVisit, is_too_soon
from auditapp.domain.vocabulary import Words
from auditapp.reads.organisation import get_hall_place
from auditapp.services.checklists import form_for, get_version_in_force
from auditapp.services.events import record_event
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to visit which hall, when and with which business.

    ``brief_id`` None lets the hall and month choose one; ``is_extra`` asks for a second
    visit within the month.
    """

    hall_id: str
    auditor_login: str
    month: str
    scenario: str
    due_on: date
    brief_id: str | None = None
    is_extra: bool = False


def assign_visit(
    session: Session,
    wanted: Assignment,
    briefs: Briefs,
    *,
    now: datetime,
    assigned_by: UUID | None = None,
) -> UUID:
    """Send an auditor to a hall and return the visit.

    Raises:
        NotFoundError: There is no such hall or auditor, or no checklist in force.
        InvalidError: A rule of assignment speaks against it; every one is named.
    """
    place = get_hall_place(session, wanted.hall_id, wanted.month)
    auditor = get_sendable(session, wanted.auditor_login, Role.AUDITOR)
    version = get_version_in_force(session, "mystery", wanted.month)
    history = past_visits(session, wanted.month, wanted.hall_id)
    problems = [
        *_calendar_problems(wanted, auditor.person_id, history),
        *_business_problems(wanted, briefs, version.vocabulary.scenarios),
    ]
    if place.region_id not in auditor.region_ids:
        problems.append(_problem("/auditor", "outside-region"))
    if problems:
        raise InvalidError(problems)
    visit_id = uuid4()
    session.add(
        VisitRow(
            visit_id=visit_id,
            month=wanted.month,
            kind="mystery",
            hall_id=wanted.hall_id,
            region_id=place.region_id,
            auditor_id=auditor.person_id,
            scenario=wanted.scenario,
            form_digest=form_for(session, version, place, wanted.scenario, now),
            brief=_brief(briefs, wanted, history),
            due_on=wanted.due_on,
            state=VisitState.ASSIGNED.value,
            assigned_at=now,
        )
    )
    session.flush()
    record_event(session, "visit.assigned", visit_id, now=now, actor_id=assigned_by)
    return visit_id


def get_sendable(session: Session, login: str, role: Role) -> PersonRow:
    """Return who may be sent to halls.

    Raises:
        NotFoundError: Nobody of this role has the login, or not any more.
    """
    person = session.scalar(
        select(PersonRow).where(
            PersonRow.login == login,
            PersonRow.role == role.value,
            PersonRow.is_active,
        )
    )
    if person is None:
        raise NotFoundError
    return person


def past_visits(
    session: Session, month: str, hall_id: str | None = None
) -> list[PastVisit]:
    """Return the visits around a month that count, of one hall or of all."""
    span = MONTHS_BETWEEN_VISITS
    statement = select(
        VisitRow.hall_id,
        VisitRow.month,
        VisitRow.auditor_id,
        VisitRow.scenario,
        VisitRow.brief,
    ).where(
        VisitRow.kind == "mystery",
        VisitRow.state != VisitState.REJECTED.value,
        VisitRow.month.between(later(month, -span), later(month, span)),
    )
    if hall_id is not None:
        statement = statement.where(VisitRow.hall_id == hall_id)
    return [
        PastVisit(
            row.hall_id, row.month, row.auditor_id, row.scenario, row.brief.get("id")
        )
        for row in session.execute(statement)
    ]


def choose_brief(
    briefs: Briefs, scenario: str, seed: str, recent: Collection[str | None]
) -> dict[str, Any]:
    """Return a brief that the hall has not met lately; empty when there is none."""
    return dict(pick_brief(briefs, scenario, seed, recent) or {})


def _brief(
    briefs: Briefs, wanted: Assignment, history: Iterable[PastVisit]
) -> dict[str, Any]:
    if wanted.brief_id is not None:
        return dict(brief_with_id(briefs, wanted.scenario, wanted.brief_id) or {})
    seed = f"{wanted.hall_id} {wanted.month}"
    recent = {visit.brief_id for visit in history}
    return choose_brief(briefs, wanted.scenario, seed, recent)


def _calendar_problems(
    wanted: Assignment, auditor_id: UUID, history: Iterable[PastVisit]
) -> Iterator[Problem]:
    if not first_day(wanted.month) <= wanted.due_on <= last_day(wanted.month):
        yield _problem("/due_on", "due-outside-month", month=wanted.month)
    for visit in history:
        if visit.month == wanted.month and not wanted.is_extra:
            yield _problem("/hall", "visited-this-month", month=wanted.month)
        is_same = visit.auditor_id == auditor_id
        if is_same and is_too_soon(wanted.month, visit.month):
            yield _problem("/auditor", "auditor-too-soon", month=visit.month)


def _business_problems(
    wanted: Assignment, briefs: Briefs, scenarios: Words
) -> Iterator[Problem]:
    if wanted.scenario not in scenarios:
        known = "、".join(scenarios)
        yield _problem(
            "/scenario", "unknown-scenario", scenario=wanted.scenario, known=known
        )
    elif wanted.brief_id and not brief_with_id(
        briefs, wanted.scenario, wanted.brief_id
    ):
        known = "、".join(brief["id"] for brief in briefs.get(wanted.scenario, ()))
        yield _problem("/brief", "unknown-brief", brief=wanted.brief_id, known=known)


def _problem(pointer: str, code: str, **facts: str) -> Problem:
    text = _TEXTS[code]
    return Problem(
        pointer, code, Text(text.zh.format(**facts), text.en.format(**facts))
    )


_TEXTS = {
    "due-outside-month": Text(
        "截止日期不在{month}之内。", "The due date is not within {month}."
    ),
    "visited-this-month": Text(
        "本厅{month}已经安排过一次走访。确实要加访，请注明“加访”。",
        "The hall has a visit in {month} already. Ask for an extra one if it is meant.",
    ),
    "auditor-too-soon": Text(
        "这位审核员{month}去过或将去本厅，三个月内请换人。",
        "This auditor's visit to the hall in {month} is less than three months away;"
        " choose somebody else.",
    ),
    "outside-region": Text(
        "本厅不在这位审核员负责的大区。", "The hall is outside the auditor's regions."
    ),
    "unknown-scenario": Text(
        "词汇表里没有业务“{scenario}”。可以用：{known}。",
        "The vocabulary has no scenario “{scenario}”. Known are: {known}.",
    ),
    "unknown-brief": Text(
        "这项业务没有任务书“{brief}”。可以用：{known}。",
        "This scenario has no brief “{brief}”. Known are: {known}.",
    ),
}
