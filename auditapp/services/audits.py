"""Taking audit documents in: whatever arrives in whatever order, the same end state."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import Problem
from auditapp.domain.instants import parse_instant
from auditapp.domain.intake import CONFLICTS, Arrival, AuditCopy
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState, VisitState
from auditapp.services.audit_case import Case, Letter, arrival_of, open_case
from auditapp.services.completion import FinalDocument, Sign, complete
from auditapp.services.events import record_event
from auditapp.services.revisions import (
    keep_draft_beside,
    keep_earlier_final,
    note_replies,
    replace_evidence,
)
from auditapp.store.audits import AuditRow
from auditapp.store.contention import table_of
from auditapp.store.visits import VisitRow

AUDITS, VISITS = table_of(AuditRow), table_of(VisitRow)
ADD_AUDIT = insert(AUDITS)
MOVE_VISIT = (
    update(VISITS)
    .where(VISITS.c.visit_id == bindparam("key"))
    .values(state=bindparam("next"))
)
UNKNOWN_FORM = Problem(
    "/form",
    "unknown-form",
    Text(
        "这份检查表不是这个营业厅的。请在手机上刷新任务后再发送。",
        "This form does not belong to this hall. Refresh the visits on the phone, then"
        " send again.",
    ),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the server holds now, and what keeps a final document from being final."""

    copy: AuditCopy
    is_new: bool
    problems: list[Problem] = field(default_factory=list)


def take_in_audit(
    session: Session, actor: Actor, letter: Letter, *, now: datetime, sign: Sign
) -> Taken:
    """Store a document, and complete the audit when nothing is missing.

    Raises:
        NotFoundError: The visit or the audit is somebody else's, or there is none.
        AuditConflictError: Another revision, phone or audit stands against it.
    """
    case = open_case(session, actor, letter, now)
    what = arrival_of(case)
    if what in CONFLICTS:
        raise CONFLICTS[what](case.audit.audit_id if case.audit else None)
    is_known = what is Arrival.KNOWN
    problems = _problems(case) if letter.is_final and not _is_accepted(case) else []
    if is_known:
        return Taken(_known_copy(case), is_new=False, problems=problems)
    if letter.is_final and not problems:
        return Taken(_take_final(case, sign), is_new=case.audit is None)
    return Taken(_take_draft(case), case.audit is None, problems)


def _problems(case: Case) -> list[Problem]:
    """Return what keeps the document from being final."""
    return case.letter.problems if case.is_on_own_form else [UNKNOWN_FORM]


def _is_accepted(case: Case) -> bool:
    """Tell whether exactly this document was taken in as final before."""
    return (
        case.audit is not None
        and case.was_final
        and case.audit.document_sha256 == case.letter.digest
    )


def _take_final(case: Case, sign: Sign) -> AuditCopy:
    letter = case.letter
    finished_at = parse_instant(letter.document.get("finished_at")) or case.now
    if case.audit is not None and case.was_final:
        finished_at = case.audit.finished_at
        keep_earlier_final(case.session, case.audit)
        note_replies(case.session, letter.audit_id, letter.document, now=case.now)
    _file(case, AuditState.WAITING_FOR_EVIDENCE, finished_at)
    replace_evidence(case.connection, letter.audit_id, letter.photos)
    _record(case, "audit.sent")
    if case.evidence.missing:
        _move_visit(case, VisitState.SENT)
        return _new_copy(case, AuditState.WAITING_FOR_EVIDENCE)
    final = FinalDocument(
        letter.audit_id,
        letter.visit_id,
        letter.revision,
        letter.digest,
        tuple(letter.photos),
    )
    receipt = complete(case.session, case.actor, final, now=case.now, sign=sign)
    return _new_copy(case, AuditState.COMPLETE, receipt)


def _take_draft(case: Case) -> AuditCopy:
    audit = case.audit
    if audit is not None and case.was_final:
        keep_draft_beside(case.connection, case.letter.audit_id, _document(case))
        return _new_copy(case, AuditState(audit.state), audit.receipt)
    if audit is None:
        _move_visit(case, VisitState.UNDER_WAY)
        _record(case, "audit.started")
    _file(case, AuditState.DRAFT)
    return _new_copy(case, AuditState.DRAFT)


def _document(case: Case) -> dict[str, Any]:
    return {
        "device": case.letter.device,
        "revision": case.letter.revision,
        "document": case.letter.content,
        "document_sha256": case.letter.digest,
        "received_at": case.now,
    }


def _file(case: Case, state: AuditState, finished_at: datetime | None = None) -> None:
    """Store the document as the audit's own; a former receipt is its former self's."""
    letter = case.letter
    # a draft on a form that is not the hall's is kept, under the visit's form
    form_digest = letter.form_digest if case.is_on_own_form else case.visit.form_digest
    values: dict[str, Any] = {
        **_document(case),
        "form_digest": form_digest,
        "state": state.value,
        "finished_at": finished_at,
        "completed_at": None,
        "receipt": None,
    }
    if case.audit is None:
        ids: dict[str, Any] = {
            "audit_id": letter.audit_id,
            "visit_id": letter.visit_id,
            "auditor_id": case.actor.person_id,
        }
        case.connection.execute(ADD_AUDIT, ids | values)
        return
    same = AUDITS.c.audit_id == letter.audit_id
    case.connection.execute(update(AUDITS).where(same), values)
    if case.audit.device != letter.device:
        _record(case, "audit.taken_over")


def _move_visit(case: Case, state: VisitState) -> None:
    case.connection.execute(
        MOVE_VISIT, {"key": case.letter.visit_id, "next": state.value}
    )


def _record(case: Case, name: str) -> None:
    record_event(
        case.session,
        name,
        case.letter.audit_id,
        now=case.now,
        actor_id=case.actor.person_id,
        revision=case.letter.revision,
    )


def _known_copy(case: Case) -> AuditCopy:
    """Return what is held when the letter brings nothing new."""
    state = AuditState(case.audit.state) if case.audit else AuditState.DRAFT
    receipt = case.audit.receipt if case.audit else None
    return AuditCopy(
        case.letter.audit_id,
        case.letter.device,
        case.held_revision,
        state,
        case.evidence,
        receipt,
        case.letter.content,
    )


def _new_copy(case: Case, state: AuditState, receipt: str | None = None) -> AuditCopy:
    letter = case.letter
    return AuditCopy(
        letter.audit_id,
        letter.device,
        letter.revision,
        state,
        case.evidence,
        receipt,
        letter.content,
    )
