"""Looking at photos: whether they can be read, what they resemble, small copies."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from auditapp.domain.visit import AuditState
from auditapp.gateways.images import (
    THUMB_SIDES,
    Picture,
    PicturePool,
    UnreadableError,
)
from auditapp.gateways.storage import Storage, photo_key
from auditapp.services.jobs import LOW, NORMAL, request_job
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoRow

READABLE, UNREADABLE, UNCHECKED = "readable", "unreadable", "unchecked"

Finding = Picture | UnreadableError


def thumb_key(sha256: str, side: int) -> str:
    """Return where a small copy lives; it can be made again at any time."""
    return f"thumbs/{side}/{sha256[:2]}/{sha256}"


def needs_check(session: Session, sha256: str) -> bool:
    """Tell whether a photo is stored that nobody has looked at."""
    condition = session.scalar(
        select(PhotoRow.condition).where(PhotoRow.sha256 == sha256)
    )
    return condition == UNCHECKED


def examine(
    storage: Storage, pictures: PicturePool, sha256: str, sides: Sequence[int] = ()
) -> Finding:
    """Open a stored photo in a child and say what it is, or why it cannot be read."""
    original = b"".join(storage.chunks(photo_key(sha256)))
    try:
        return pictures.open(original, sides)
    except UnreadableError as error:
        return error


def record_finding(
    session: Session, sha256: str, finding: Finding, *, now: datetime
) -> None:
    """Keep what was found; small copies of a readable photo are made in due time."""
    photo = session.get_one(PhotoRow, sha256)
    match finding:
        case UnreadableError():
            photo.condition, photo.fault = UNREADABLE, finding.fault
        case Picture():
            photo.condition, photo.fault = READABLE, None
            photo.width, photo.height = finding.width, finding.height
            photo.dhash = as_signed(finding.dhash)
            quarters = quarters_of(finding.dhash)
            photo.dhash_1, photo.dhash_2, photo.dhash_3, photo.dhash_4 = quarters
            request_job(session, "photo.thumbs", sha256, now=now, priority=LOW)
        case _:
            assert_never(finding)
    session.flush()


def request_signals(session: Session, sha256: str, *, now: datetime) -> list[UUID]:
    """Ask for new signals of the audits whose last unchecked photo this was.

    Called after the finding is committed: of two photos checked at the same moment, the
    later one then sees that both are.
    """
    other, unchecked = aliased(EvidenceRow), aliased(PhotoRow)
    audit_ids = session.scalars(
        select(AuditRow.audit_id)
        .join(EvidenceRow, EvidenceRow.audit_id == AuditRow.audit_id)
        .where(
            EvidenceRow.sha256 == sha256,
            AuditRow.state == AuditState.COMPLETE.value,
            ~exists().where(
                other.audit_id == AuditRow.audit_id,
                unchecked.sha256 == other.sha256,
                unchecked.condition == UNCHECKED,
            ),
        )
    ).all()
    for audit_id in audit_ids:
        request_job(session, "audit.score", str(audit_id), now=now, priority=NORMAL)
    return list(audit_ids)


def get_thumb(storage: Storage, pictures: PicturePool, sha256: str, side: int) -> bytes:
    """Return a small copy, made at first look if no job has made it yet.

    Raises:
        UnreadableError: The photo cannot be read.
    """
    key = thumb_key(sha256, side)
    if storage.find_size(key) is None:
        make_thumbs(storage, pictures, sha256, [side])
    return b"".join(storage.chunks(key))


def make_thumbs(
    storage: Storage,
    pictures: PicturePool,
    sha256: str,
    sides: Sequence[int] = THUMB_SIDES,
) -> None:
    """Make and keep the small copies that are missing, decoding the photo once.

    Raises:
        UnreadableError: The photo cannot be read.
    """
    keys = {side: thumb_key(sha256, side) for side in sides}
    missing = [side for side in sides if storage.find_size(keys[side]) is None]
    if not missing:
        return
    finding = examine(storage, pictures, sha256, missing)
    if isinstance(finding, UnreadableError):
        raise finding
    for side, thumb in zip(missing, finding.thumbs, strict=True):
        storage.put(keys[side], thumb)


def as_signed(dhash: int | None) -> int | None:
    """Return 64 bits as the signed integer that databases store."""
    return None if dhash is None else dhash - (dhash >> 63 << 64)


def quarters_of(dhash: int | None) -> tuple[int | None, ...]:
    """Return the four 16-bit quarters, the highest first."""
    if dhash is None:
        return (None,) * 4
    return tuple(dhash >> shift & 0xFFFF for shift in (48, 32, 16, 0))
