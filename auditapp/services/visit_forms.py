"""New forms for visits that nobody has begun, after the standard was changed.

A visit assigned ahead of its month holds the form of that day's standard. When a
version is published for a month, the visits of that month and later ones that have no
audit yet get the form of what will be in force; begun ones keep theirs.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from auditapp.domain.inspection import KIND as INSPECTION
from auditapp.domain.inspection import draw_again, inspection_form, knowledge_items
from auditapp.domain.visit import VisitState
from auditapp.reads.findings import last_findings
from auditapp.reads.organisation import list_hall_places
from auditapp.services.checklists import (
    get_version_in_force,
    keep_forms,
    resolve_forms,
)
from auditapp.services.jobs import hold_waiting, request_job
from auditapp.store.audits import AuditRow
from auditapp.store.visits import VisitRow

KIND = "visits.reform"
BATCH = 500
_NOT_BEGUN = (VisitState.PLANNED.value, VisitState.ASSIGNED.value)


def request_reform(session: Session, month: str, *, now: datetime) -> None:
    """Ask for the forms of a month's and later visits, unless that waits already."""
    if month not in hold_waiting(session, KIND, [month]):
        request_job(session, KIND, month, now=now)


def reform_visits(
    session: Session, month: str, after: UUID | None, *, now: datetime
) -> tuple[int, UUID | None]:
    """Give some visits the form of the standard that will be in force.

    An inspection keeps the questions that were drawn for it, but for those that are no
    longer asked. Returns how many forms changed, and the last visit looked at; None:
    none are left.
    """
    rows = _not_begun(session, month, after)
    if not rows:
        return 0, None
    changed = []
    for (of_month, kind), visits in groupby(rows, key=_of):
        version = get_version_in_force(session, kind, of_month)
        places = {place.hall_id: place for place in list_hall_places(session, of_month)}
        held = [visit for visit in visits if visit.hall_id in places]
        wanted = [(places[visit.hall_id], visit.scenario) for visit in held]
        forms = resolve_forms(version, wanted)
        briefs = [visit.brief for visit in held]
        if kind == INSPECTION:
            forms, briefs = drawn_again(session, forms, briefs)
        digests = keep_forms(session, version, forms, now)
        changed += [
            {"visit_id": visit.visit_id, "form_digest": digest, "brief": brief}
            for visit, digest, brief in zip(held, digests, briefs, strict=True)
            if visit.form_digest != digest
        ]
    if changed:
        session.execute(update(VisitRow), changed)
    return len(changed), max(row.visit_id for row in rows)


def drawn_again(
    session: Session,
    forms: Sequence[dict[str, Any]],
    briefs: Sequence[dict[str, Any]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return inspections' forms with the questions drawn for each, and their briefs."""
    findings = last_findings(session, [form["hall"] for form in forms])
    made, drawn = [], []
    for form, brief in zip(forms, briefs, strict=True):
        questions = draw_again(knowledge_items(form), brief["drawn"], brief["seed"])
        made.append(inspection_form(form, questions, findings.get(form["hall"], ())))
        drawn.append({**brief, "drawn": questions})
    return made, drawn


def _of(visit: VisitRow) -> tuple[str, str]:
    return visit.month, visit.kind


def _not_begun(session: Session, month: str, after: UUID | None) -> Sequence[VisitRow]:
    statement = select(VisitRow).where(
        VisitRow.month >= month,
        VisitRow.state.in_(_NOT_BEGUN),
        ~exists().where(AuditRow.visit_id == VisitRow.visit_id),
    )
    if after is not None:
        statement = statement.where(VisitRow.visit_id > after)
    rows = session.scalars(statement.order_by(VisitRow.visit_id).limit(BATCH)).all()
    return sorted(rows, key=_of)
