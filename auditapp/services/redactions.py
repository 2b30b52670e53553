"""Covering parts of photos; what was shown before is kept, originals stay sealed."""

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import ForbiddenError, NotFoundError
from auditapp.domain.redaction import (
    Cover,
    RedactedMeanwhileError,
    check_covers,
    is_open_to_hall,
)
from auditapp.domain.review_turn import may_ask, may_decide
from auditapp.gateways.images import PicturePool
from auditapp.gateways.storage import Storage, photo_key
from auditapp.reads.photos import ShownPhoto
from auditapp.reads.redactions import RedactionPage, get_redaction_page
from auditapp.reads.review_turns import get_turn
from auditapp.reads.scope import audits_open_to
from auditapp.services.events import record_event
from auditapp.services.photos import get_thumb
from auditapp.store.audits import AuditRow
from auditapp.store.redactions import RedactionRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import ReportRow

BEFORE_ANY = 0


@dataclass(frozen=True, slots=True)
class PhotoName:
    """A photo of an audit, and the redaction that was on the page."""

    audit_id: UUID
    sha256: str
    number: int


def redact_photo(
    session: Session,
    actor: Actor,
    photo: PhotoName,
    covers: Sequence[Cover],
    *,
    is_shown: bool,
    now: datetime,
) -> None:
    """Say what of a photo is covered from now on, and whether its hall sees it.

    The agency only covers: whether a hall sees a photo is for those who decide.
    Reports that were printed of it before are gone; the next who asks has a new one.

    Raises:
        NotFoundError: There is no such photo in the person's scope.
        ForbiddenError: The role reviews nothing.
        RedactedMeanwhileError: Somebody else decided about it first.
        InvalidError: A rectangle does not lie within the photo.
    """
    page = _hold(session, actor, photo)
    if not may_decide(actor):
        is_shown = is_open_to_hall(page.kind, page.photo.redaction)
    row = RedactionRow(
        audit_id=photo.audit_id,
        sha256=photo.sha256,
        number=photo.number + 1,
        covers=[asdict(cover) for cover in check_covers(covers)],
        is_shown=is_shown,
        made_by=actor.person_id,
        made_at=now,
    )
    session.add(row)
    session.execute(delete(ReportRow).where(ReportRow.audit_id == photo.audit_id))
    record_event(
        session,
        "photo.redacted",
        photo.audit_id,
        now=now,
        actor_id=actor.person_id,
        sha256=photo.sha256,
        number=row.number,
        covers=len(covers),
        is_shown=is_shown,
    )
    session.flush()


def restore_redaction(
    session: Session, actor: Actor, photo: PhotoName, wanted: int, now: datetime
) -> None:
    """Show a photo again as it was after an earlier decision, or before any (0).

    Raises:
        NotFoundError, ForbiddenError, RedactedMeanwhileError: As above.
    """
    if not may_decide(actor):
        raise ForbiddenError
    page = get_redaction_page(session, actor, photo.audit_id, photo.sha256)
    earlier = {each.redaction.number: each.redaction for each in page.history}
    if wanted not in earlier.keys() | {BEFORE_ANY}:
        raise NotFoundError
    found = earlier.get(wanted)
    redact_photo(
        session,
        actor,
        photo,
        found.covers if found else (),
        is_shown=found is not None and found.is_shown,
        now=now,
    )


def note_original_seen(
    session: Session, actor: Actor, audit_id: UUID, sha256: str, now: datetime
) -> None:
    """Write down that somebody looks at what is covered."""
    record_event(
        session,
        "photo.original_seen",
        audit_id,
        now=now,
        actor_id=actor.person_id,
        sha256=sha256,
    )


def open_original(
    session: Session, actor: Actor, audit_id: UUID, sha256: str, now: datetime
) -> None:
    """Let a reviewer see what is covered in a photo; that is written down.

    Raises:
        NotFoundError: There is no such photo in the person's scope.
        ForbiddenError: The role reviews nothing.
    """
    if not may_decide(actor):
        raise ForbiddenError
    get_redaction_page(session, actor, audit_id, sha256)
    note_original_seen(session, actor, audit_id, sha256, now)


def draw_photo(
    storage: Storage, pictures: PicturePool, shown: ShownPhoto, side: int
) -> bytes:
    """Return a small copy as it may be seen, what is covered burned in.

    Raises:
        UnreadableError: The photo cannot be read.
    """
    redaction = shown.redaction
    if redaction is None or not redaction.covers:
        return get_thumb(storage, pictures, shown.sha256, side)
    key = f"redacted/{side}/{redaction.redaction_id}"
    if storage.find_size(key) is None:
        original = b"".join(storage.chunks(photo_key(shown.sha256)))
        covers = [astuple(cover) for cover in redaction.covers]
        storage.put(key, pictures.open(original, [side], covers).thumbs[0])
    return b"".join(storage.chunks(key))


def _hold(session: Session, actor: Actor, photo: PhotoName) -> RedactionPage:
    """Let one person at a time decide about an audit's photos; return what holds."""
    held = session.scalar(
        select(AuditRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(AuditRow.audit_id == photo.audit_id, audits_open_to(actor))
        .with_for_update(of=AuditRow)
    )
    if held is None:
        raise NotFoundError
    if not may_ask(actor, get_turn(session, photo.audit_id)):
        raise ForbiddenError
    page = get_redaction_page(session, actor, photo.audit_id, photo.sha256)
    if page.number != photo.number:
        raise RedactedMeanwhileError
    return page
