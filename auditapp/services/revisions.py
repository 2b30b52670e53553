"""What happens around a document that follows another one: nothing is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from auditapp.domain.answer_values import as_mapping
from auditapp.domain.instants import parse_instant
from auditapp.domain.intake import UNREADABLE
from auditapp.store.audits import (
    AuditDraftRow,
    AuditRevisionRow,
    EvidenceRow,
    PhotoRow,
    ReturnedItemRow,
)
from auditapp.store.contention import table_of

DRAFTS, REVISIONS, EVIDENCE, RETURNED = map(
    table_of, (AuditDraftRow, AuditRevisionRow, EvidenceRow, ReturnedItemRow)
)
FORGET_EVIDENCE = delete(EVIDENCE).where(EVIDENCE.c.audit_id == bindparam("key"))
ADD_EVIDENCE = insert(EVIDENCE)


def keep_earlier_final(session: Session, audit: Row[Any]) -> None:
    """Move a final document aside that a later one replaces; drop the draft of that."""
    connection = session.connection()
    connection.execute(
        insert(REVISIONS),
        {
            "audit_id": audit.audit_id,
            "revision": audit.revision,
            "document": audit.document,
            "document_sha256": audit.document_sha256,
            "received_at": audit.received_at,
        },
    )
    connection.execute(delete(DRAFTS).where(DRAFTS.c.audit_id == audit.audit_id))


def keep_draft_beside(
    connection: Connection, audit_id: UUID, document: Mapping[str, Any]
) -> None:
    """Keep a draft without touching the final document that it follows."""
    connection.execute(delete(DRAFTS).where(DRAFTS.c.audit_id == audit_id))
    connection.execute(insert(DRAFTS), {"audit_id": audit_id, **document})


def replace_evidence(
    connection: Connection, audit_id: UUID, photos: Mapping[str, Mapping[str, Any]]
) -> None:
    """Write the manifest of a final document, whose shape was found sound."""
    connection.execute(FORGET_EVIDENCE, {"key": audit_id})
    if photos:
        connection.execute(
            ADD_EVIDENCE,
            [
                {
                    "audit_id": audit_id,
                    "sha256": name,
                    "position": position,
                    "item_id": photo.get("item"),
                    "source": photo.get("source"),
                    "taken_at": parse_instant(photo.get("taken_at")),
                }
                for position, (name, photo) in enumerate(photos.items())
            ],
        )


def note_replies(
    session: Session, audit_id: UUID, document: Mapping[str, Any], *, now: datetime
) -> None:
    """Write the auditor's replies beside the questions that were asked."""
    answers = as_mapping(document.get("answers"))
    open_questions = session.execute(
        select(RETURNED.c.returned_id, RETURNED.c.item_id).where(
            RETURNED.c.audit_id == audit_id,
            RETURNED.c.sent_at.is_not(None),
            RETURNED.c.replied_at.is_(None),
        )
    ).all()
    for returned_id, item_id in open_questions:
        reply = as_mapping(answers.get(item_id)).get("reply")
        session.connection().execute(
            update(RETURNED).where(RETURNED.c.returned_id == returned_id),
            {"reply": reply, "replied_at": now},
        )


def has_unreadable_photo(session: Session, audit_id: UUID) -> bool:
    """Tell whether a worker failed to open one of the audit's photos."""
    unreadable = exists().where(
        EvidenceRow.audit_id == audit_id,
        PhotoRow.sha256 == EvidenceRow.sha256,
        PhotoRow.condition == UNREADABLE,
    )
    return bool(session.scalar(select(unreadable)))
