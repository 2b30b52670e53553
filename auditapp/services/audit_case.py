"""An audit document beside everything that is known about its visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, or_, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.completeness import check_final
from auditapp.domain.errors import NotFoundError, Problem
from auditapp.domain.inspection import is_open_inspection
from auditapp.domain.intake import (
    ENDED,
    Arrival,
    Evidence,
    Held,
    OtherDeviceError,
    arrival,
    is_open,
    manifest,
)
from auditapp.domain.visit import AuditState, VisitState
from auditapp.services.form_shelf import Form, find_form
from auditapp.services.revisions import has_unreadable_photo
from auditapp.store.audits import AuditDraftRow, AuditRow
from auditapp.store.contention import hold_hashes, table_of
from auditapp.store.holdings import photo_conditions
from auditapp.store.visits import VisitRow

AUDITS, DRAFTS, VISITS = map(table_of, (AuditRow, AuditDraftRow, VisitRow))
FIND_VISIT = (
    select(
        VISITS.c.visit_id,
        VISITS.c.kind,
        VISITS.c.hall_id,
        VISITS.c.form_digest,
        VISITS.c.state,
    )
    .where(
        VISITS.c.visit_id == bindparam("visit_id"),
        VISITS.c.auditor_id == bindparam("person_id"),
        VISITS.c.state != VisitState.PLANNED.value,
    )
    .with_for_update()
)
FIND_AUDITS = (
    select(
        AUDITS,
        DRAFTS.c.revision.label("draft_revision"),
        DRAFTS.c.device.label("draft_device"),
        DRAFTS.c.document_sha256.label("draft_sha256"),
    )
    .outerjoin(DRAFTS, DRAFTS.c.audit_id == AUDITS.c.audit_id)
    .where(
        or_(
            AUDITS.c.audit_id == bindparam("audit_id"),
            AUDITS.c.visit_id == bindparam("visit_id"),
        )
    )
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
    form: Form | None  # None: no form of this name was ever published
    problems: list[Problem]  # what keeps it from being final, when it wants to be

    @property
    def revision(self) -> int:
        """Return the number that the phone gave this state of the audit."""
        return int(self.document["revision"])

    @property
    def device(self) -> str:
        """Return which phone wrote it."""
        return str(self.document["device"])

    @property
    def form_digest(self) -> str:
        """Return the form it was written on."""
        return str(self.document["form"]).removeprefix("sha256:")


def read_letter(
    session: Session, content: bytes, document: Mapping[str, Any]
) -> Letter:
    """Check a document whose envelope is sound, before anyone waits for its visit."""
    form = find_form(session, document["form"].removeprefix("sha256:"))
    is_final = document["state"] == "final"
    return Letter(
        content,
        document,
        photos=manifest(document),
        digest=sha256(content).hexdigest(),
        audit_id=UUID(document["id"]),
        visit_id=UUID(document["visit"]),
        is_final=is_final,
        form=form,
        problems=check_final(form, document) if form and is_final else [],
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A letter, its visit, and what is stored of the visit's audit so far."""

    session: Session
    actor: Actor
    now: datetime
    letter: Letter
    visit: Any  # a row of visits
    audit: Row[Any] | None  # with revision, device and digest of a draft beside it
    evidence: Evidence

    @property
    def connection(self) -> Connection:
        """Return the transaction that all of this happens in."""
        return self.session.connection()

    @property
    def held_revision(self) -> int:
        """Return the highest revision stored, be it of a draft beside the final."""
        if self.audit is None:
            return 0
        return int(self.audit.draft_revision or self.audit.revision)

    @property
    def is_on_own_form(self) -> bool:
        """Tell whether the document's form is one of the visit's hall and kind.

        An open inspection's is the visit's alone: its questions were drawn for it.
        """
        form = self.letter.form
        if form is None or form["source"] != self.visit.kind:
            return False
        if is_open_inspection(form):
            return bool(self.letter.form_digest == self.visit.form_digest)
        return bool(form["hall"] == self.visit.hall_id)

    @property
    def was_final(self) -> bool:
        """Tell whether a final document is stored already."""
        return self.audit is not None and self.audit.state != AuditState.DRAFT.value


def open_case(session: Session, actor: Actor, letter: Letter, now: datetime) -> Case:
    """Hold the visit and look up what is stored.

    Raises:
        NotFoundError: The visit or the audit is somebody else's, or there is none.
        OtherDeviceError: The visit has another audit, begun on another phone.
    """
    connection = session.connection()
    hold_hashes(connection, [letter.audit_id.hex, *letter.photos])
    visit = connection.execute(
        FIND_VISIT, {"visit_id": letter.visit_id, "person_id": actor.person_id}
    ).one_or_none()
    if visit is None:
        raise NotFoundError
    sent = photo_conditions(connection, actor.person_id, letter.photos.keys())
    return Case(
        session,
        actor,
        now,
        letter,
        visit,
        _find_audit(connection, actor, letter),
        Evidence.of(letter.photos, sent),
    )


def arrival_of(case: Case) -> Arrival:
    """Tell what the letter is to what is stored."""
    visit_state = VisitState(case.visit.state)
    if case.audit is None:
        return Arrival.CLOSED if visit_state in ENDED else Arrival.NEW
    state = AuditState(case.audit.state)
    held = Held(
        device=case.audit.draft_device or case.audit.device,
        revision=case.held_revision,
        digests=frozenset({case.audit.document_sha256, case.audit.draft_sha256}),
        is_open=is_open(
            state,
            visit_state,
            has_unreadable_photo=state is AuditState.COMPLETE
            and has_unreadable_photo(case.session, case.audit.audit_id),
        ),
    )
    return arrival(held, case.letter.document, case.letter.digest)


def _find_audit(
    connection: Connection, actor: Actor, letter: Letter
) -> Row[Any] | None:
    ids = {"audit_id": letter.audit_id, "visit_id": letter.visit_id}
    rows = connection.execute(FIND_AUDITS, ids).all()
    for row in rows:
        if row.visit_id != letter.visit_id or row.auditor_id != actor.person_id:
            raise NotFoundError
        if row.audit_id != letter.audit_id:
            raise OtherDeviceError(row.audit_id)
    return rows[0] if rows else None
