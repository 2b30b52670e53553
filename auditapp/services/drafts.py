"""Drafts of the standard: begun, saved by several people at once, read.

What may be done with a draft besides (submitted, approved, discarded) is in
``draft_steps``.
"""

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.document_merge import (
    Conflict,
    Place,
    differences,
    merge,
    settle,
)
from auditapp.domain.draft_life import DraftStageError, DraftState
from auditapp.domain.errors import ConflictError, NotFoundError
from auditapp.domain.month import is_month, later, month_of
from auditapp.domain.text import Text
from auditapp.services.checklists import MonthBegunError
from auditapp.services.events import record_event
from auditapp.services.standard_versions import stored_version
from auditapp.store.standards import DraftRevisionRow, DraftRow

LONGEST_TITLE = 80
LONGEST_REASON = 500


class DraftConflictError(ConflictError):
    """Somebody changed the same entries meanwhile; ``conflicts`` are both versions."""

    code = "draft-conflict"
    text = Text(
        "同一处刚刚被别人改过。两边的内容都还在，请选用哪一个。",
        "Somebody has just changed the same place. Both versions are kept; choose one.",
    )

    def __init__(self, conflicts: tuple[Conflict, ...], revision: int) -> None:
        super().__init__(f"{len(conflicts)} conflicts")
        self.conflicts = conflicts
        self.revision = revision


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its pages and rules read it; documents are plain JSON values."""

    draft_id: UUID
    kind: str
    subject: str
    title: str
    state: DraftState
    based_on: str
    revision: int
    document: dict[str, Any]
    vocabulary: dict[str, Any]
    effective_month: str
    created_by: UUID
    created_at: datetime
    changed_at: datetime
    submitted_by: UUID | None
    submitted_at: datetime | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_note: str | None
    published_version: str | None


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What to begin; None: from the newest version, for the next month."""

    kind: str
    subject: str
    title: str = ""
    effective_month: str | None = None
    based_on: str | None = None


@dataclass(frozen=True, slots=True)
class Save:
    """A document that was made from ``from_revision``, and why.

    ``keep_mine`` and ``keep_theirs`` settle conflicts that were shown before.
    """

    document: Mapping[str, Any]
    from_revision: int
    reason: str
    keep_mine: Collection[Place] = ()
    keep_theirs: Collection[Place] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """A save: the draft's new revision, and whether others' work was merged in."""

    revision: int
    is_merged: bool


def begin_draft(
    session: Session, actor: Actor, wanted: NewDraft, *, now: datetime
) -> UUID:
    """Begin a draft and return its id.

    Raises:
        NotFoundError: There is no such checklist, policy or version.
        MonthBegunError: The month has begun.
    """
    month = wanted.effective_month or later(month_of(now), 1)
    if not is_month(month) or month <= month_of(now):
        raise MonthBegunError
    version, document, vocabulary = stored_version(
        session, wanted.kind, wanted.subject, wanted.based_on
    )
    draft_id = uuid4()
    session.add(
        DraftRow(
            draft_id=draft_id,
            kind=wanted.kind,
            subject=wanted.subject,
            title=wanted.title[:LONGEST_TITLE],
            state=DraftState.OPEN.value,
            based_on=version,
            revision=1,
            document=document,
            vocabulary=vocabulary,
            effective_month=month,
            created_by=actor.person_id,
            created_at=now,
            changed_at=now,
        )
    )
    session.flush()
    session.add(
        DraftRevisionRow(
            draft_id=draft_id,
            revision=1,
            document=zlib.compress(document),
            changes=[],
            reason="",
            changed_by=actor.person_id,
            changed_at=now,
        )
    )
    session.flush()
    record_event(
        session,
        "draft.begun",
        draft_id,
        now=now,
        actor_id=actor.person_id,
        standard=wanted.subject,
        based_on=version,
    )
    return draft_id


def get_draft(session: Session, draft_id: UUID) -> Draft:
    """Return a draft.

    Raises:
        NotFoundError: There is no such draft.
    """
    row = session.get(DraftRow, draft_id)
    if row is None:
        raise NotFoundError
    values = {name: getattr(row, name) for name in _COPIED}
    return Draft(
        **values,
        state=DraftState(row.state),
        document=json.loads(row.document),
        vocabulary=json.loads(row.vocabulary) if row.vocabulary else {},
    )


def save_draft(
    session: Session, actor: Actor, draft_id: UUID, save: Save, *, now: datetime
) -> Saved:
    """Save a draft's document; what others saved meanwhile is merged in.

    Raises:
        NotFoundError: There is no such draft or revision.
        DraftStageError: It is not open any more.
        DraftConflictError: The same entry was changed differently; nothing is saved.
    """
    row = session.scalar(
        select(DraftRow).where(DraftRow.draft_id == draft_id).with_for_update()
    )
    if row is None:
        raise NotFoundError
    if row.state != DraftState.OPEN.value:
        raise DraftStageError
    current = json.loads(row.document)
    result = _merged(session, row, save, current)
    changes = differences(current, result)
    if not changes:
        return Saved(row.revision, is_merged=False)
    content = json.dumps(result, ensure_ascii=False).encode()
    row.document, row.revision, row.changed_at = content, row.revision + 1, now
    session.add(
        DraftRevisionRow(
            draft_id=draft_id,
            revision=row.revision,
            document=zlib.compress(content),
            changes=[
                {"place": list(each.place), "before": each.before, "after": each.after}
                for each in changes
            ],
            reason=save.reason[:LONGEST_REASON],
            changed_by=actor.person_id,
            changed_at=now,
        )
    )
    session.flush()
    return Saved(row.revision, is_merged=save.from_revision != row.revision - 1)


def get_revision(session: Session, draft_id: UUID, revision: int) -> dict[str, Any]:
    """Return a draft's document as it was saved then.

    Raises:
        NotFoundError: There is no such revision.
    """
    content = session.scalar(
        select(DraftRevisionRow.document).where(
            DraftRevisionRow.draft_id == draft_id,
            DraftRevisionRow.revision == revision,
        )
    )
    if content is None:
        raise NotFoundError
    document: dict[str, Any] = json.loads(zlib.decompress(content))
    return document


_COPIED = (
    "draft_id", "kind", "subject", "title", "based_on", "revision", "effective_month",
    "created_by", "created_at", "changed_at", "submitted_by", "submitted_at",
    "decided_by", "decided_at", "decision_note", "published_version",
)  # fmt: skip


def _merged(
    session: Session, row: DraftRow, save: Save, current: dict[str, Any]
) -> dict[str, Any]:
    base = current
    if save.from_revision != row.revision:
        base = get_revision(session, row.draft_id, save.from_revision)
    merged = merge(base, save.document, current)
    settled = {*save.keep_mine, *save.keep_theirs}
    left = tuple(each for each in merged.conflicts if each.place not in settled)
    if left:
        raise DraftConflictError(left, row.revision)
    return settle(merged, set(save.keep_mine))
