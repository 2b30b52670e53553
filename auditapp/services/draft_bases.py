"""Drafts and the version they began as: what changed, falling behind, going back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.document_merge import Change, differences, merge
from auditapp.services.drafts import (
    Draft,
    NewDraft,
    Save,
    begin_draft,
    get_draft,
    save_draft,
)
from auditapp.services.standard_versions import newest_version, version_document
from auditapp.store.standards import DraftRow

# a version's own name and stage are given when it is published
OWN_KEYS = ("version", "status")


def take_in_newest(
    session: Session, actor: Actor, draft_id: UUID, *, now: datetime
) -> None:
    """Merge the version published since a draft began into it.

    Where both changed the same entry the draft's own wins: it is what is submitted,
    and the difference shows it.

    Raises:
        NotFoundError: There is no such draft.
        DraftStageError: It is not open.
    """
    draft = get_draft(session, draft_id)
    newest = newest_version(session, draft.kind, draft.subject)
    base = version_document(session, draft.kind, draft.subject, draft.based_on)
    theirs = version_document(session, draft.kind, draft.subject, newest)
    document = merge(base, theirs, draft.document).document
    save_draft(
        session, actor, draft_id, Save(document, draft.revision, newest), now=now
    )
    session.get_one(DraftRow, draft_id).based_on = newest
    session.flush()


def restore_version(
    session: Session, actor: Actor, wanted: NewDraft, version: str, *, now: datetime
) -> UUID:
    """Begin a draft that brings a former version back, and return its id.

    Raises:
        NotFoundError: There is no such version.
        MonthBegunError: The month has begun.
    """
    former = version_document(session, wanted.kind, wanted.subject, version)
    draft_id = begin_draft(session, actor, wanted, now=now)
    draft = get_draft(session, draft_id)
    own = {key: draft.document[key] for key in OWN_KEYS if key in draft.document}
    save = Save({**former, **own}, draft.revision, reason=version)
    save_draft(session, actor, draft_id, save, now=now)
    return draft_id


def changes_of(session: Session, draft: Draft) -> list[Change]:
    """Return what a draft changes against the version it is based on."""
    base = version_document(session, draft.kind, draft.subject, draft.based_on)
    return differences(_without_own(base), _without_own(draft.document))


def _without_own(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in OWN_KEYS}
