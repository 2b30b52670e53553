"""Saying whose doing the findings of an audit are, before it counts."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.finding_cause import (
    FindingCause,
    check_cause,
    findings,
    with_causes,
)
from auditapp.domain.score_document import as_document, from_document
from auditapp.reads.review_turns import confirmed_causes
from auditapp.services.events import record_event
from auditapp.services.review_holding import hold_to_decide
from auditapp.store.audits import ScoreRow
from auditapp.store.organisation import DepartmentRow
from auditapp.store.reviews import ConfirmedCauseRow


def confirm_causes(
    session: Session,
    actor: Actor,
    audit_id: UUID,
    wanted: Mapping[str, FindingCause],
    now: datetime,
) -> None:
    """Confirm or correct the causes of findings, by item; the last word counts.

    Raises:
        ForbiddenError, NotFoundError, NotInReviewError: As ``hold_to_decide``; also
            NotFoundError for an item that is no finding of this audit.
        InvalidError: There is no such cause or owner.
        SupportToHallError: A hall was to put right what only a department can.
    """
    audit, _visit = hold_to_decide(session, actor, audit_id)
    score = session.get(ScoreRow, (audit_id, audit.revision))
    lines = findings(from_document(score.lines)) if score else ()
    found = {line.item_id: line for line in lines}
    if not found.keys() >= wanted.keys():
        raise NotFoundError
    departments = session.scalars(select(DepartmentRow.department_id)).all()
    for each in wanted.values():
        check_cause(each, departments)
    before = confirmed_causes(session, audit_id)
    for item_id, each in wanted.items():
        session.merge(
            ConfirmedCauseRow(
                audit_id=audit_id,
                item_id=item_id,
                cause=each.cause,
                owner=each.owner,
                confirmed_by=actor.person_id,
                confirmed_at=now,
            )
        )
        was = before.get(item_id) or FindingCause(found[item_id].cause, "")
        record_event(
            session,
            "audit.cause_confirmed",
            audit_id,
            now=now,
            actor_id=actor.person_id,
            item=item_id,
            was={"cause": was.cause, "owner": was.owner},
            cause=each.cause,
            owner=each.owner,
        )
    if score is not None:  # whose doing it is changes no point
        named = with_causes(from_document(score.lines), {**before, **wanted})
        score.lines = as_document(named)
    session.flush()
