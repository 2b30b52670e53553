"""Taking photos in: the bytes are in the storage already, here the rows follow.

Every photo passes here, so the statements are built once and run without ORM work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.visit import AuditState
from auditapp.services.completion import Sign, complete_if_whole
from auditapp.services.jobs import NORMAL
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoHolderRow, PhotoRow
from auditapp.store.contention import hold_hashes, insert_new, table_of
from auditapp.store.work import JobRow

AUDITS, EVIDENCE, PHOTOS, HOLDERS, JOBS = map(
    table_of, (AuditRow, EvidenceRow, PhotoRow, PhotoHolderRow, JobRow)
)
CHECK_PHOTO = "photo.check"
ADD_JOB = insert(JOBS)
# by nothing but the hash: asked for more, SQLite starts from all audits that wait
AUDITS_NAMING = (
    select(AUDITS.c.visit_id, AUDITS.c.auditor_id, AUDITS.c.state)
    .join(EVIDENCE, EVIDENCE.c.audit_id == AUDITS.c.audit_id)
    .where(EVIDENCE.c.sha256 == bindparam("sha256"))
    .order_by(AUDITS.c.visit_id)
)


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
    connection = session.connection()
    hold_hashes(connection, [photo.sha256])
    facts = {
        "sha256": photo.sha256,
        "size_bytes": photo.size_bytes,
        "media_type": photo.media_type,
        "stored_at": now,
    }
    if insert_new(connection, PHOTOS, facts):
        # left to the worker's next look: to wake it for each photo would cost more
        connection.execute(ADD_JOB, _check_job(photo.sha256, now))
    holder = {"sha256": photo.sha256, "person_id": actor.person_id}
    is_new = insert_new(connection, HOLDERS, holder)
    if is_new:
        for audit in connection.execute(AUDITS_NAMING, holder).all():
            is_waiting = audit.state == AuditState.WAITING_FOR_EVIDENCE.value
            if is_waiting and audit.auditor_id == actor.person_id:
                complete_if_whole(session, actor, audit.visit_id, now=now, sign=sign)
    return is_new


def keep_own_photos(
    session: Session, actor: Actor, photos: Iterable[StoredPhoto], *, now: datetime
) -> None:
    """Note photos of people at a desk, which no audit waits for."""
    for photo in {each.sha256: each for each in photos}.values():
        take_in_photo(session, actor, photo, now=now, sign=_signs_nothing)
    session.flush()


def _signs_nothing(_facts: object) -> str:
    """No audit waits for a photo of a desk, so nothing is signed."""
    raise AssertionError


def _check_job(sha256: str, now: datetime) -> dict[str, object]:
    return {
        "job_id": uuid4(),
        "kind": CHECK_PHOTO,
        "subject": sha256,
        "payload": {},
        "state": "queued",
        "priority": NORMAL,
        "lease_until": now,
        "requested_at": now,
    }
