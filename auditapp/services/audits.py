"""Taking audit documents in: whatever arrives in whatever order, the same end state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.completeness import check_final
from auditapp.domain.errors import NotFoundError, Problem
from auditapp.domain.instants import parse_instant
from auditapp.domain.intake import (
    CONFLICTS,
    ENDED,
    Arrival,
    AuditCopy,
    Evidence,
    Held,
    OtherDeviceError,
    arrival,
    is_open,
    manifest,
)
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState, VisitState
from auditapp.services.completion import FinalDocument, Sign, complete
from auditapp.services.events import record_event
from auditapp.services.form_shelf import Form, find_form
from auditapp.services.revisions import (
    has_unreadable_photo,
    keep_draft_beside,
    keep_earlier_final,
    note_replies,
    replace_evidence,
)
from auditapp.store.audits import AuditDraftRow, AuditRow
from auditapp.store.contention import hold_hashes, table_of
from auditapp.store.holdings import photo_conditions
from auditapp.store.visits import VisitRow

AUDITS, DRAFTS, VISITS = map(table_of, (AuditRow, AuditDraftRow, VisitRow))
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
class Letter:
    """An audit document as it came; its envelope was found sound."""

    content: bytes
    document: Mapping[str, Any]
    photos: Mapping[str, Mapping[str, Any]]  # the manifest, by SHA-256
    digest: str
    audit_id: UUID
    visit_id: UUID
    is_final: bool

    @classmethod
    def of(cls, content: bytes, document: Mapping[str, Any]) -> "Letter":
        """Read what filing needs from a document whose envelope is sound."""
        return cls(
            content,
            document,
            photos=manifest(document),
            digest=sha256(content).hexdigest(),
            audit_id=UUID(document["id"]),
            visit_id=UUID(document["visit"]),
            is_final=document["state"] == "final",
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What the server holds now, and what keeps a final document from being final."""

    copy: AuditCopy
    is_new: bool
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Case:
    """A letter beside everything that is known about its visit."""

    session: Session
    actor: Actor
    now: datetime
    letter: Letter
    visit: Row[Any]
    audit: Row[Any] | None  # with revision, device and digest of a draft beside it
    evidence: Evidence
    form: Form | None  # None: not a form of this visit's hall


def take_in_audit(
    session: Session, actor: Actor, letter: Letter, *, now: datetime, sign: Sign
) -> Taken:
    """Store a document, and complete the audit when nothing is missing.

    Raises:
        NotFoundError: The visit or the audit is somebody else's, or there is none.
        AuditConflictError: Another revision, phone or audit stands against it.
    """
    case = _open_case(session, actor, letter, now)
    what = _arrival(case)
    if what in CONFLICTS:
        raise CONFLICTS[what](case.audit.audit_id if case.audit else None)
    is_new = case.audit is None
    if what is Arrival.KNOWN:
        is_settled = not letter.is_final or _is_accepted(case)
        return Taken(
            _copy_of_known(case), is_new, [] if is_settled else _problems(case)
        )
    problems = _problems(case) if letter.is_final else []
    if letter.is_final and not problems:
        return Taken(_take_final(case, sign), is_new)
    return Taken(_take_draft(case), is_new, problems)


def _open_case(session: Session, actor: Actor, letter: Letter, now: datetime) -> _Case:
    hold_hashes(session, [letter.audit_id.hex, *letter.photos])
    visit = session.execute(
        select(VISITS)
        .where(
            VISITS.c.visit_id == letter.visit_id,
            VISITS.c.auditor_id == actor.person_id,
            VISITS.c.state != VisitState.PLANNED.value,
        )
        .with_for_update()
    ).one_or_none()
    if visit is None:
        raise NotFoundError
    form = find_form(session, letter.document["form"].removeprefix("sha256:"))
    sent = photo_conditions(session, actor.person_id, letter.photos.keys())
    return _Case(
        session,
        actor,
        now,
        letter,
        visit,
        _find_audit(session, actor, letter),
        Evidence.of(letter.photos, sent),
        form if form and form["hall"] == visit.hall_id else None,
    )


def _find_audit(session: Session, actor: Actor, letter: Letter) -> Row[Any] | None:
    """Return the visit's audit, which must be the letter's.

    Raises:
        NotFoundError: The letter's id belongs to another visit.
        OtherDeviceError: The visit has another audit, begun on another phone.
    """
    rows = session.execute(
        select(
            AUDITS,
            DRAFTS.c.revision.label("draft_revision"),
            DRAFTS.c.device.label("draft_device"),
            DRAFTS.c.document_sha256.label("draft_sha256"),
        )
        .outerjoin(DRAFTS, DRAFTS.c.audit_id == AUDITS.c.audit_id)
        .where(
            or_(
                AUDITS.c.audit_id == letter.audit_id,
                AUDITS.c.visit_id == letter.visit_id,
            )
        )
    ).all()
    for row in rows:
        if row.visit_id != letter.visit_id or row.auditor_id != actor.person_id:
            raise NotFoundError
        if row.audit_id != letter.audit_id:
            raise OtherDeviceError(row.audit_id)
    return rows[0] if rows else None


def _arrival(case: _Case) -> Arrival:
    visit_state = VisitState(case.visit.state)
    if case.audit is None:
        return Arrival.CLOSED if visit_state in ENDED else Arrival.NEW
    state = AuditState(case.audit.state)
    held = Held(
        device=case.audit.draft_device or case.audit.device,
        revision=_revision(case.audit),
        digests=frozenset({case.audit.document_sha256, case.audit.draft_sha256}),
        is_open=is_open(
            state,
            visit_state,
            has_unreadable_photo=state is AuditState.COMPLETE
            and has_unreadable_photo(case.session, case.audit.audit_id),
        ),
    )
    return arrival(held, case.letter.document, case.letter.digest)


def _problems(case: _Case) -> list[Problem]:
    """Return what keeps the document from being final."""
    if case.form is None:
        return [UNKNOWN_FORM]
    return check_final(case.form, case.letter.document)


def _is_accepted(case: _Case) -> bool:
    """Tell whether exactly this document was taken in as final before."""
    return (
        case.audit is not None
        and case.audit.document_sha256 == case.letter.digest
        and case.audit.state != AuditState.DRAFT.value
    )


def _take_final(case: _Case, sign: Sign) -> AuditCopy:
    letter, audit = case.letter, case.audit
    finished_at = parse_instant(letter.document.get("finished_at")) or case.now
    facts = {
        "state": AuditState.WAITING_FOR_EVIDENCE.value,
        "finished_at": finished_at,
        "receipt": None,
        "completed_at": None,
    }
    if audit is not None and audit.state != AuditState.DRAFT.value:
        facts["finished_at"] = audit.finished_at
        keep_earlier_final(case.session, audit)
        note_replies(case.session, audit.audit_id, letter.document, now=case.now)
    _file(case, facts)
    replace_evidence(case.session, letter.audit_id, letter.photos)
    _record(case, "audit.sent")
    if case.evidence.missing:
        _move_visit(case, VisitState.SENT)
        return _copy_of_letter(case, AuditState.WAITING_FOR_EVIDENCE)
    final = FinalDocument(
        letter.audit_id,
        letter.visit_id,
        letter.document["revision"],
        letter.digest,
        tuple(letter.photos),
    )
    receipt = complete(case.session, case.actor, final, now=case.now, sign=sign)
    return _copy_of_letter(case, AuditState.COMPLETE, receipt)


def _take_draft(case: _Case) -> AuditCopy:
    audit = case.audit
    if audit is not None and audit.state != AuditState.DRAFT.value:
        keep_draft_beside(case.session, case.letter.audit_id, _document(case))
        return _copy_of_letter(case, AuditState(audit.state), audit.receipt)
    if audit is None:
        _move_visit(case, VisitState.UNDER_WAY)
        _record(case, "audit.started")
    _file(case, {"state": AuditState.DRAFT.value})
    return _copy_of_letter(case, AuditState.DRAFT)


def _document(case: _Case) -> dict[str, Any]:
    return {
        "device": case.letter.document["device"],
        "revision": case.letter.document["revision"],
        "document": case.letter.content,
        "document_sha256": case.letter.digest,
        "received_at": case.now,
    }


def _file(case: _Case, facts: Mapping[str, Any]) -> None:
    """Store the document as the audit's own."""
    letter = case.letter
    values = {
        **_document(case),
        # a draft of a form that is not the hall's is kept, under the visit's form
        "form_digest": letter.document["form"].removeprefix("sha256:")
        if case.form
        else case.visit.form_digest,
        **facts,
    }
    connection = case.session.connection()
    if case.audit is None:
        ids = {
            "audit_id": letter.audit_id,
            "visit_id": letter.visit_id,
            "auditor_id": case.actor.person_id,
        }
        connection.execute(insert(AUDITS), ids | values)
        return
    same = AUDITS.c.audit_id == letter.audit_id
    connection.execute(update(AUDITS).where(same), values)
    if case.audit.device != letter.document["device"]:
        _record(case, "audit.taken_over")


def _move_visit(case: _Case, state: VisitState) -> None:
    same = VISITS.c.visit_id == case.letter.visit_id
    case.session.connection().execute(
        update(VISITS).where(same), {"state": state.value}
    )


def _record(case: _Case, name: str) -> None:
    record_event(
        case.session,
        name,
        case.letter.audit_id,
        now=case.now,
        actor_id=case.actor.person_id,
        revision=case.letter.document["revision"],
    )


def _revision(audit: Row[Any]) -> int:
    """Return the highest revision held, be it of a draft beside the final."""
    return int(audit.draft_revision or audit.revision)


def _copy_of_known(case: _Case) -> AuditCopy:
    """Return what is held when the letter brings nothing new."""
    audit = case.audit
    if audit is None:
        raise NotFoundError
    return AuditCopy(
        audit.audit_id,
        case.letter.document["device"],
        _revision(audit),
        AuditState(audit.state),
        case.evidence,
        audit.receipt,
        case.letter.content,
    )


def _copy_of_letter(
    case: _Case, state: AuditState, receipt: str | None = None
) -> AuditCopy:
    letter = case.letter
    return AuditCopy(
        letter.audit_id,
        letter.document["device"],
        letter.document["revision"],
        state,
        case.evidence,
        receipt,
        letter.content,
    )
