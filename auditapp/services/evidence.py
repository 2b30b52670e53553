"""Taking photos in: the bytes are in the storage already, here the rows follow."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.visit import AuditState
from auditapp.services.completion import Sign, complete_if_whole
from auditapp.services.jobs import NORMAL
from auditapp.store.audits import (
    AuditRow,
    EvidenceRow,
    PhotoHolderRow,
    PhotoRow,
)
from auditapp.store.contention import hold_hashes, insert_new, table_of
from auditapp.store.visits import VisitRow
from auditapp.store.work import JobRow

PHOTOS, HOLDERS, JOBS = map(table_of, (PhotoRow, PhotoHolderRow, JobRow))
CHECK_PHOTO = "photo.check"


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo whose bytes are durable under its hash."""

    sha256: str
    size_bytes: int
    media_type: str


def take_in_photo(
    session: Session, actor: Actor, photo: StoredPhoto, *, now: datetime, sign: Sign
) -> bool:
    """Note that this auditor has sent a photo; tell whether it is the first time.

    The photo may be the last one that a final audit waits for.
    """
    hold_hashes(session, [photo.sha256])
    facts = {
        "sha256": photo.sha256,
        "size_bytes": photo.size_bytes,
        "media_type": photo.media_type,
        "stored_at": now,
    }
    if insert_new(session, PHOTOS, facts):
        _ask_for_check(session, photo.sha256, now)
    holder = {"sha256": photo.sha256, "person_id": actor.person_id}
    is_new = insert_new(session, HOLDERS, holder)
    if is_new:
        for visit_id in _visits_waiting_for(session, actor, photo.sha256):
            complete_if_whole(session, actor, visit_id, now=now, sign=sign)
    return is_new


def _ask_for_check(session: Session, sha256: str, now: datetime) -> None:
    """Leave the job to the next sweep: one wake-up per photo would cost an fsync."""
    job = {
        "job_id": uuid4(),
        "kind": CHECK_PHOTO,
        "subject": sha256,
        "payload": {},
        "state": "queued",
        "priority": NORMAL,
        "lease_until": now,
        "requested_at": now,
    }
    session.connection().execute(insert(JOBS), job)


def _visits_waiting_for(session: Session, actor: Actor, sha256: str) -> list[UUID]:
    return list(
        session.scalars(
            select(AuditRow.visit_id)
            .join(EvidenceRow, EvidenceRow.audit_id == AuditRow.audit_id)
            .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
            .where(
                EvidenceRow.sha256 == sha256,
                AuditRow.auditor_id == actor.person_id,
                AuditRow.state == AuditState.WAITING_FOR_EVIDENCE.value,
            )
            .order_by(AuditRow.visit_id)
        )
    )
