"""What a file of the standard is held against, and what it was made from."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from auditapp.domain.errors import NotFoundError
from auditapp.gateways.standard_files.model import Origin
from auditapp.services.drafts import get_draft, get_revision
from auditapp.services.standard_versions import stored_version, version_document


@dataclass(frozen=True, slots=True)
class Target:
    """What a file is held against: a draft, or a standard without one."""

    kind: str
    subject: str
    based_on: str
    vocabulary: dict[str, Any]
    current: dict[str, Any]
    draft_id: UUID | None = None
    revision: int = 0


def draft_target(session: Session, draft_id: UUID) -> Target:
    """Return a draft to hold a file against.

    Raises:
        NotFoundError: There is no such draft.
    """
    draft = get_draft(session, draft_id)
    return Target(
        draft.kind,
        draft.subject,
        draft.based_on,
        draft.vocabulary,
        draft.document,
        draft_id,
        draft.revision,
    )


def base_document(session: Session, target: Target, origin: Origin) -> dict[str, Any]:
    """Return what a file was made from, as far as it says; else the base version."""
    is_own = target.draft_id is not None and origin.draft == str(target.draft_id)
    if is_own and target.draft_id and 0 < origin.revision <= target.revision:
        return get_revision(session, target.draft_id, origin.revision)
    if origin.checklist == target.subject and origin.version:
        try:
            return version_document(
                session, target.kind, target.subject, origin.version
            )
        except NotFoundError:  # of another installation
            pass
    return version_document(session, target.kind, target.subject, target.based_on)


def standard_target(session: Session, kind: str, subject: str) -> Target:
    """Return a standard's newest version to hold a file against.

    Raises:
        NotFoundError: There is no such checklist or policy.
    """
    version = stored_version(session, kind, subject, None)
    document = version_document(session, kind, subject, version[0])
    return Target(kind, subject, version[0], _words(version[2]), document)


def _words(vocabulary: bytes | None) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(vocabulary) if vocabulary else {}
    return words
