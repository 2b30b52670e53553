"""What a ledger's audits were scored with: forms, overrides, earlier documents."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.store.audits import AuditRevisionRow, OverrideRow
from auditapp.store.checklists import FormRow

Document = Mapping[str, Any]


def read_forms(
    session: Session, digests: set[str]
) -> dict[str, tuple[Document, tuple[str, str]]]:
    """Return the forms whose content still is what its name says."""
    rows = session.execute(
        select(
            FormRow.digest, FormRow.document, FormRow.checklist_id, FormRow.version
        ).where(FormRow.digest.in_(sorted(digests)))
    )
    return {
        row.digest: (json.loads(row.document), (row.checklist_id, row.version))
        for row in rows
        if sha256(row.document).hexdigest() == row.digest
    }


def read_overrides(
    session: Session, taken: Iterable[Document]
) -> dict[str, OverrideRow]:
    """Return the overrides that a ledger names, by id."""
    ids = [UUID(name) for each in taken for name in each["overrides"]]
    if not ids:
        return {}
    rows = session.scalars(select(OverrideRow).where(OverrideRow.override_id.in_(ids)))
    return {str(row.override_id): row for row in rows}


def read_revisions(
    session: Session, audit_ids: Sequence[UUID]
) -> dict[tuple[UUID, int], bytes]:
    """Return the documents that a later revision has replaced."""
    rows = session.execute(
        select(
            AuditRevisionRow.audit_id,
            AuditRevisionRow.revision,
            AuditRevisionRow.document,
        ).where(AuditRevisionRow.audit_id.in_(audit_ids))
    )
    return {(row.audit_id, row.revision): row.document for row in rows}
