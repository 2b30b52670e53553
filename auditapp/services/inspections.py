"""Sending inspectors to halls, openly, and taking what a hall's manager signed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.inspection import (
    KIND,
    QUESTIONS,
    draw_questions,
    inspection_form,
    knowledge_items,
)
from auditapp.domain.inspection_gaps import is_signed
from auditapp.domain.month import first_day, last_day, later
from auditapp.domain.review import OpenPoints, is_in_review, obstacles
from auditapp.domain.score_document import from_document
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState, VisitState
from auditapp.domain.visit_plan import spread_halls
from auditapp.reads.findings import last_draws, last_findings
from auditapp.reads.organisation import HallPlace, get_hall_place, list_hall_places
from auditapp.services.action_following import follow_audit
from auditapp.services.checklists import (
    Version,
    get_version_in_force,
    keep_forms,
    resolve_forms,
)
from auditapp.services.events import record_event
from auditapp.services.form_shelf import find_form
from auditapp.services.month_requests import request_rescore_of
from auditapp.services.visit_plans import MonthPlan, list_auditors
from auditapp.services.visits import get_sendable
from auditapp.store.audits import (
    AuditRow,
    EvidenceRow,
    PhotoRow,
    ReturnedItemRow,
    ScoreRow,
)
from auditapp.store.visits import VisitRow

BATCH = 200  # halls whose forms and last findings are in memory at once
VALID_MONTHS = 3  # of one inspection. Source: checklists/_monthly_score.yaml


@dataclass(frozen=True, slots=True)
class InspectionOrder:
    """Who is to inspect which hall, when, and how many questions are drawn.

    ``seed`` None draws in a way that nobody can foresee.
    """

    hall_id: str
    inspector_login: str
    month: str
    due_on: date
    questions: int = QUESTIONS
    is_extra: bool = False
    seed: str | None = None


@dataclass(frozen=True, slots=True)
class _Round:
    """What all inspections that are assigned together share."""

    version: Version
    month: str
    questions: int
    seed: str
    now: datetime


def assign_inspection(
    session: Session,
    wanted: InspectionOrder,
    *,
    now: datetime,
    assigned_by: UUID | None = None,
) -> UUID:
    """Send an inspector of the own staff to a hall and return the visit.

    Raises:
        NotFoundError: There is no such hall or inspector, or no checklist in force.
        InvalidError: A rule of assignment speaks against it; every one is named.
    """
    place = get_hall_place(session, wanted.hall_id, wanted.month)
    inspector = get_sendable(session, wanted.inspector_login, Role.INSPECTOR)
    version = get_version_in_force(session, KIND, wanted.month)
    problems = []
    if not first_day(wanted.month) <= wanted.due_on <= last_day(wanted.month):
        problems.append(_problem("/due_on", "due-outside-month", wanted.month))
    if not wanted.is_extra and _inspected(session, wanted.month, 1, wanted.hall_id):
        problems.append(_problem("/hall", "inspected-this-month", wanted.month))
    if place.region_id not in inspector.region_ids:
        problems.append(_problem("/inspector", "outside-region", wanted.month))
    if problems:
        raise InvalidError(problems)
    seed = wanted.seed or token_hex(8)
    shared = _Round(version, wanted.month, wanted.questions, seed, now)
    who = {wanted.hall_id: (inspector.person_id, wanted.due_on)}
    [visit_id] = _assign(session, shared, [place], who)
    record_event(session, "visit.assigned", visit_id, now=now, actor_id=assigned_by)
    return visit_id


def plan_inspections(
    session: Session,
    month: str,
    *,
    now: datetime,
    questions: int = QUESTIONS,
    seed: str | None = None,
) -> MonthPlan:
    """Assign one inspection to every active hall that has none that is still valid.

    Raises:
        NotFoundError: No checklist is in force in that month.
    """
    version = get_version_in_force(session, KIND, month)
    shared = _Round(version, month, questions, seed or token_hex(8), now)
    busy = _inspected(session, month, VALID_MONTHS)
    places = {
        place.hall_id: place
        for place in list_hall_places(session, month)
        if place.hall_id not in busy
    }
    halls = [(place.hall_id, place.region_id) for place in places.values()]
    plans = spread_halls(month, halls, list_auditors(session, Role.INSPECTOR))
    who = {
        plan.hall_id: (plan.auditor_id, plan.due_on)
        for plan in plans
        if plan.auditor_id is not None
    }
    visit_ids: list[UUID] = []
    going = [places[hall_id] for hall_id in who]
    for start in range(0, len(going), BATCH):
        visit_ids += _assign(session, shared, going[start : start + BATCH], who)
    if visit_ids:
        count = len(visit_ids)
        record_event(session, "inspections.planned", month, now=now, visits=count)
    without = [plan.hall_id for plan in plans if plan.auditor_id is None]
    return MonthPlan(visit_ids, without)


def settle_inspection(session: Session, audit_id: UUID, *, now: datetime) -> bool:
    """Accept an inspection that the hall's manager signed; tell whether it is now.

    The hall has its copy at once. Whatever a person should look at first stays in
    review: an incomplete one, a refused signature, a photo that cannot be read, one
    that was returned before.
    """
    # the visit first: whoever takes documents in holds them in this order
    visit = session.scalar(
        select(VisitRow)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .where(AuditRow.audit_id == audit_id, VisitRow.kind == KIND)
        .with_for_update(of=VisitRow)
    )
    audit = session.get(AuditRow, audit_id, with_for_update=True)
    if visit is None or audit is None or not _speaks_for_itself(session, audit, visit):
        return False
    audit.state, visit.state = AuditState.CLOSED.value, VisitState.RELEASED.value
    visit.accepted_at = visit.released_at = now
    session.flush()
    for name in ("audit.accepted", "audit.released"):
        record_event(
            session, name, audit_id, now=now, revision=audit.revision, by="signature"
        )
    follow_audit(session, audit_id, now=now)
    request_rescore_of(session, visit, now)
    return True


def _assign(
    session: Session,
    shared: _Round,
    places: Sequence[HallPlace],
    who: Mapping[str, tuple[UUID, date]],
) -> list[UUID]:
    halls = [place.hall_id for place in places]
    findings, draws = last_findings(session, halls), last_draws(session, halls)
    plain = resolve_forms(shared.version, [(place, None) for place in places])
    forms, briefs = [], []
    for form in plain:
        hall, seed = form["hall"], f"{shared.seed} {form['hall']}"
        drawn = draw_questions(
            knowledge_items(form), shared.questions, seed, draws.get(hall, ())
        )
        forms.append(inspection_form(form, drawn, findings.get(hall, ())))
        briefs.append({"drawn": drawn, "seed": seed})
    digests = keep_forms(session, shared.version, forms, shared.now)
    rows = [
        _visit(shared, place, who[place.hall_id], digest, brief)
        for place, digest, brief in zip(places, digests, briefs, strict=True)
    ]
    session.execute(insert(VisitRow), rows)
    return [row["visit_id"] for row in rows]


def _visit(
    shared: _Round,
    place: HallPlace,
    who: tuple[UUID, date],
    digest: str,
    brief: dict[str, Any],
) -> dict[str, Any]:
    return {
        "visit_id": uuid4(),
        "month": shared.month,
        "kind": KIND,
        "hall_id": place.hall_id,
        "region_id": place.region_id,
        "auditor_id": who[0],
        "scenario": None,
        "form_digest": digest,
        "brief": brief,
        "due_on": who[1],
        "state": VisitState.ASSIGNED.value,
        "assigned_at": shared.now,
    }


def _inspected(
    session: Session, month: str, months: int, hall_id: str | None = None
) -> set[str]:
    """Return the halls with an inspection in these months, the last being ``month``."""
    statement = select(VisitRow.hall_id).where(
        VisitRow.kind == KIND,
        VisitRow.state != VisitState.REJECTED.value,
        VisitRow.month.between(later(month, 1 - months), month),
    )
    if hall_id is not None:
        statement = statement.where(VisitRow.hall_id == hall_id)
    return set(session.scalars(statement))


def _speaks_for_itself(session: Session, audit: AuditRow, visit: VisitRow) -> bool:
    if not is_in_review(AuditState(audit.state), VisitState(visit.state)):
        return False
    form, document = find_form(session, audit.form_digest), json.loads(audit.document)
    if form is None or document.get("outcome") or not is_signed(document):
        return False
    score = session.get(ScoreRow, (audit.audit_id, audit.revision))
    in_doubt = obstacles(
        from_document(score.lines) if score else None,
        form["min_coverage"],
        OpenPoints(),
    )
    unread = exists().where(
        EvidenceRow.audit_id == audit.audit_id,
        PhotoRow.sha256 == EvidenceRow.sha256,
        PhotoRow.condition != "readable",
    )
    returned = exists().where(ReturnedItemRow.audit_id == audit.audit_id)
    return not in_doubt and not session.scalar(select(unread | returned))


def _problem(pointer: str, code: str, month: str) -> Problem:
    text = _TEXTS[code]
    said = Text(text.zh.format(month=month), text.en.format(month=month))
    return Problem(pointer, code, said)


_TEXTS = {
    "due-outside-month": Text(
        "截止日期不在{month}之内。", "The due date is not within {month}."
    ),
    "inspected-this-month": Text(
        "本厅{month}已经安排过一次明检。确实要加一次，请注明“加访”。",
        "The hall has an inspection in {month} already. Ask for an extra one if it is"
        " meant.",
    ),
    "outside-region": Text(
        "本厅不在这位明检员负责的大区。", "The hall is outside the inspector's regions."
    ),
}
