"""Overriding one answer of an accepted audit, with a reason, by a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.overrides import (
    NotAcceptedError,
    OwnAcceptanceError,
    check_override,
    require_override_right,
)
from auditapp.domain.visit import AuditState
from auditapp.reads.month_audits import OFFICIAL_STATES
from auditapp.services.action_following import follow_audit
from auditapp.services.events import record_event
from auditapp.services.form_shelf import find_form
from auditapp.services.month_requests import request_rescore_of
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.store.audits import AuditRow, OverrideRow, ScoreRow
from auditapp.store.visits import VisitRow


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """What is decided of one item of an audit instead of what was sent, and why."""

    audit_id: UUID
    item_id: str
    value: object
    reason: str


def override_item(  # noqa: PLR0913, PLR0917 (an override is these facts)
    session: Session,
    actor: Actor,
    audit_id: UUID,
    item_id: str,
    value: object,
    reason: str,
    now: datetime,
) -> UUID:
    """Decide one answer otherwise and score the audit again; return the override.

    In a closed month it counts from the next reopening on.

    Raises:
        ForbiddenError: Only headquarters overrides.
        NotFoundError: There is no such audit.
        NotAcceptedError: The audit is not accepted.
        OwnAcceptanceError: This person accepted it.
        InvalidError: No such item, no such answer, or no reason.
    """
    require_override_right(actor)
    wanted = OtherAnswer(audit_id, item_id, value, reason)
    return decide_otherwise(session, actor, wanted, now)


def decide_otherwise(
    session: Session, actor: Actor, wanted: OtherAnswer, now: datetime
) -> UUID:
    """Do what ``override_item`` says for somebody who was found entitled to it.

    Raises:
        NotFoundError, NotAcceptedError, OwnAcceptanceError, InvalidError: As there.
    """
    audit_id, item_id = wanted.audit_id, wanted.item_id
    audit, visit = _hold(session, audit_id)
    if visit.state not in OFFICIAL_STATES or audit.state != AuditState.CLOSED.value:
        raise NotAcceptedError
    if visit.accepted_by == actor.person_id:
        raise OwnAcceptanceError
    form = find_form(session, audit.form_digest)
    check_override(form or {"items": []}, item_id, wanted.value, wanted.reason)
    override_id = uuid4()
    answer = {"value": wanted.value}
    session.execute(
        insert(OverrideRow).values(
            override_id=override_id,
            audit_id=audit_id,
            revision=audit.revision,
            item_id=item_id,
            answer=answer,
            reason=wanted.reason.strip(),
            score_before=_lines(session, audit),
            decided_by=actor.person_id,
            decided_at=now,
        )
    )
    judgement = judge_audit(session, audit_id)
    if judgement is not None:
        keep_judgement(session, judgement, now=now)
    record_event(
        session,
        "audit.overridden",
        audit_id,
        now=now,
        actor_id=actor.person_id,
        item=item_id,
        override=str(override_id),
    )
    follow_audit(session, audit_id, now=now)
    request_rescore_of(session, visit, now)
    return override_id


def _hold(session: Session, audit_id: UUID) -> tuple[AuditRow, VisitRow]:
    found = session.execute(
        select(AuditRow, VisitRow)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(AuditRow.audit_id == audit_id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFoundError
    return found[0], found[1]


def _lines(session: Session, audit: AuditRow) -> Mapping[str, Any]:
    row = session.get(ScoreRow, (audit.audit_id, audit.revision))
    return row.lines if row else {}
