"""Versions of the standard as they are stored: checklists and policies."""

import json
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from auditapp.domain.canonical import canonical_json
from auditapp.domain.errors import NotFoundError
from auditapp.reads.policies import shipped_policy
from auditapp.store.checklists import ChecklistVersionRow
from auditapp.store.months import PolicyVersionRow

VersionRow = TypeVar("VersionRow", ChecklistVersionRow, PolicyVersionRow)

CHECKLIST, POLICY = "checklist", "policy"


def newest_version(session: Session, kind: str, subject: str) -> str:
    """Return the name of the version published last for the latest month.

    Raises:
        NotFoundError: There is no such checklist or policy.
    """
    return stored_version(session, kind, subject, None)[0]


def version_document(
    session: Session, kind: str, subject: str, version: str
) -> dict[str, Any]:
    """Return the document of a version.

    Raises:
        NotFoundError: There is no such version.
    """
    document: dict[str, Any] = json.loads(
        stored_version(session, kind, subject, version)[1]
    )
    return document


def stored_version(
    session: Session, kind: str, subject: str, version: str | None
) -> tuple[str, bytes, bytes | None]:
    """Return a version's name, document and vocabulary; the newest when None.

    Where no policy was ever published, the shipped one is the only version.

    Raises:
        NotFoundError: There is no such version.
    """
    if kind == POLICY:
        policy = session.scalars(
            _newest(select(PolicyVersionRow), PolicyVersionRow, version)
        ).first()
        return (policy.version, policy.document, None) if policy else _shipped(version)
    own = select(ChecklistVersionRow).where(ChecklistVersionRow.checklist_id == subject)
    row = session.scalars(_newest(own, ChecklistVersionRow, version)).first()
    if row is None:
        raise NotFoundError
    return row.version, row.document, row.vocabulary


def _shipped(version: str | None) -> tuple[str, bytes, bytes | None]:
    policy = shipped_policy()
    if version not in (None, policy.policy.version):
        raise NotFoundError
    return policy.policy.version, canonical_json(policy.document), None


def _newest(
    statement: Select[VersionRow],
    table: type[VersionRow],
    version: str | None,
) -> Select[VersionRow]:
    if version is not None:
        statement = statement.where(table.version == version)
    newest = table.effective_month.desc(), table.published_at.desc()
    return statement.order_by(*newest).limit(1)
