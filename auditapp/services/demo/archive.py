"""Storing what was told, in bulk: audits, photos, receipts, as intake would have."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from auditapp.domain.instants import parse_instant
from auditapp.domain.visit import AuditState, VisitState
from auditapp.services.demo.calendar import repeatable
from auditapp.services.demo.trips import Told
from auditapp.services.events import record_event
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoHolderRow, PhotoRow
from auditapp.store.visits import VisitRow

MINUTES_TO_SIGNAL = (2, 90)  # until the phone found a network
Sign = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Arrived:
    """An audit as it came in; without its last photo it is not complete."""

    audit_id: UUID
    revision: int
    told: Told
    received_at: datetime
    is_whole: bool


def take_in(
    session: Session,
    told: Sequence[Told],
    *,
    sign: Sign,
    now: datetime,
    waiting: set[UUID],
) -> list[Arrived]:
    """Store final audits; those of the visits in ``waiting`` lack their last photo."""
    arrived = [_arrived(each, now, waiting) for each in told]
    _store_photos(session, arrived)
    session.execute(insert(AuditRow), [_audit_row(each, sign) for each in arrived])
    session.execute(insert(EvidenceRow), list(_evidence_rows(arrived)))
    for each in arrived:
        state = VisitState.IN_REVIEW if each.is_whole else VisitState.SENT
        session.execute(
            update(VisitRow)
            .where(VisitRow.visit_id == each.told.visitor.row["visit_id"])
            .values(
                state=state.value, sent_at=each.received_at if each.is_whole else None
            )
        )
        record_event(
            session,
            "audit.completed" if each.is_whole else "audit.sent",
            each.audit_id,
            now=each.received_at,
            actor_id=each.told.visitor.row["auditor_id"],
            revision=each.revision,
        )
    return arrived


def take_in_draft(session: Session, told: Told, *, now: datetime) -> None:
    """Store an audit that is under way: outside is done, the front's photo sent."""
    document = _only_outside(told.document)
    content = _bytes(document)
    row = told.visitor.row
    photos = told.photos[: len(document["evidence"])]
    _store_rows(session, [(row["auditor_id"], photo, now) for photo in photos])
    session.execute(
        insert(AuditRow),
        {
            "audit_id": UUID(document["id"]),
            "visit_id": row["visit_id"],
            "auditor_id": row["auditor_id"],
            "form_digest": row["form_digest"],
            "device": document["device"],
            "revision": document["revision"],
            "state": AuditState.DRAFT.value,
            "document": content,
            "document_sha256": sha256(content).hexdigest(),
            "received_at": now,
        },
    )
    session.execute(
        update(VisitRow)
        .where(VisitRow.visit_id == row["visit_id"])
        .values(state=VisitState.UNDER_WAY.value)
    )


def _only_outside(document: Mapping[str, Any]) -> dict[str, Any]:
    answers = {
        key: answer for key, answer in document["answers"].items() if key[:4] == "ext_"
    }
    evidence = [shot for shot in document["evidence"] if shot["item"] in answers][:1]
    draft = {
        **document,
        "state": "draft",
        "revision": len(answers) + 1,
        "answers": answers,
        "marks": [],
        "evidence": evidence,
    }
    del draft["finished_at"], draft["outcome"]
    return draft


def _arrived(told: Told, now: datetime, waiting: set[UUID]) -> Arrived:
    visit_id = told.visitor.row["visit_id"]
    finished_at = parse_instant(told.document["finished_at"]) or now
    minutes = repeatable("arrival", visit_id).uniform(*MINUTES_TO_SIGNAL)
    return Arrived(
        audit_id=UUID(told.document["id"]),
        revision=told.document["revision"],
        told=told,
        received_at=finished_at + timedelta(minutes=minutes),
        is_whole=visit_id not in waiting,
    )


def _audit_row(arrived: Arrived, sign: Sign) -> dict[str, Any]:
    told, content = arrived.told, _bytes(arrived.told.document)
    digest = sha256(content).hexdigest()
    facts = {
        "id": str(arrived.audit_id),
        "revision": arrived.revision,
        "document": digest,
        "evidence": sorted(photo.sha256 for photo in told.photos),
        "completed_at": arrived.received_at.isoformat(timespec="milliseconds"),
    }
    state = AuditState.COMPLETE if arrived.is_whole else AuditState.WAITING_FOR_EVIDENCE
    return {
        "audit_id": arrived.audit_id,
        "visit_id": told.visitor.row["visit_id"],
        "auditor_id": told.visitor.row["auditor_id"],
        "form_digest": told.visitor.row["form_digest"],
        "device": told.document["device"],
        "revision": arrived.revision,
        "state": state.value,
        "document": content,
        "document_sha256": digest,
        "received_at": arrived.received_at,
        "finished_at": parse_instant(told.document["finished_at"]),
        "completed_at": arrived.received_at if arrived.is_whole else None,
        "receipt": sign(facts) if arrived.is_whole else None,
    }


def _evidence_rows(arrived: Iterable[Arrived]) -> Iterable[dict[str, Any]]:
    for each in arrived:
        for position, shot in enumerate(each.told.document["evidence"]):
            yield {
                "audit_id": each.audit_id,
                "sha256": shot["sha256"],
                "position": position,
                "item_id": shot["item"],
                "source": shot.get("source"),
                "taken_at": parse_instant(shot["taken_at"]),
            }


def _store_photos(session: Session, arrived: Iterable[Arrived]) -> None:
    rows = []
    for each in arrived:
        sent = each.told.photos if each.is_whole else each.told.photos[:-1]
        person = each.told.visitor.row["auditor_id"]
        rows += [(person, photo, each.received_at) for photo in sent]
    _store_rows(session, rows)


def _store_rows(session: Session, sent: Sequence[tuple[UUID, Any, datetime]]) -> None:
    """Store who sent which photo when; one sent twice is stored once."""
    names = {photo.sha256 for _, photo, _ in sent}
    known = set(
        session.scalars(select(PhotoRow.sha256).where(PhotoRow.sha256.in_(names)))
    )
    photos = {photo.sha256: photo.row(at) for _, photo, at in reversed(sent)}
    new = [row for name, row in photos.items() if name not in known]
    if new:
        session.execute(insert(PhotoRow), new)
    holders = {(photo.sha256, person) for person, photo, _ in sent}
    if holders:
        session.execute(
            insert(PhotoHolderRow),
            [{"sha256": name, "person_id": person} for name, person in sorted(holders)],
        )


def _bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
