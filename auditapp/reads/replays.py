"""Stored audits of a month with the forms they were made on, for replays."""

import json
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.overrides import with_overrides
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    OverrideRow,
    ScoreRow,
)
from auditapp.store.checklists import FormRow

BATCH = 200  # documents and forms in memory at once


class StoredAudit(NamedTuple):
    """One audit as it counts: its form, its document with overrides, its score."""

    audit_id: UUID
    form: dict[str, Any]
    document: dict[str, Any]
    numerator: int | None
    denominator: int | None


def stream_audits(session: Session, audit_ids: Sequence[UUID]) -> Iterator[StoredAudit]:
    """Yield these audits, a batch of statements for each few hundred."""
    waiting = iter(audit_ids)
    while batch := list(islice(waiting, BATCH)):
        overrides = _overrides(session, batch)
        rows = session.execute(
            select(
                AuditRow.audit_id,
                AuditRow.document,
                FormRow.document.label("form"),
                ScoreRow.score_numerator,
                ScoreRow.score_denominator,
            )
            .join(FormRow, FormRow.digest == AuditRow.form_digest)
            .join(
                ScoreRow,
                IS_SCORE_OF_AUDIT,
            )
            .where(AuditRow.audit_id.in_(batch))
        )
        for row in rows:
            document = json.loads(row.document)
            decided = overrides.get(row.audit_id)
            yield StoredAudit(
                row.audit_id,
                json.loads(row.form),
                with_overrides(document, decided) if decided else document,
                row.score_numerator,
                row.score_denominator,
            )


def _overrides(
    session: Session, audit_ids: Collection[UUID]
) -> dict[UUID, list[tuple[str, dict[str, Any]]]]:
    rows = session.execute(
        select(OverrideRow.audit_id, OverrideRow.item_id, OverrideRow.answer)
        .join(
            AuditRow,
            (AuditRow.audit_id == OverrideRow.audit_id)
            & (AuditRow.revision == OverrideRow.revision),
        )
        .where(OverrideRow.audit_id.in_(audit_ids))
        .order_by(OverrideRow.decided_at, OverrideRow.override_id)
    )
    found: dict[UUID, list[tuple[str, dict[str, Any]]]] = {}
    for row in rows:
        found.setdefault(row.audit_id, []).append((row.item_id, row.answer))
    return found
