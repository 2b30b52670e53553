"""What was changed in drafts, by whom and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from auditapp.domain.text import Text
from auditapp.store.people import PersonRow
from auditapp.store.standards import DraftRevisionRow, DraftRow

MOST_REVISIONS = 200


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One save of a draft."""

    revision: int
    changes: Sequence[dict[str, Any]]
    reason: str
    changed_by: Text
    changed_by_id: UUID
    changed_at: datetime


def list_revisions(
    session: Session, draft_id: UUID, most: int = MOST_REVISIONS
) -> list[RevisionLine]:
    """Return the saves of a draft, the latest first; the beginning is not one."""
    saves = _saves().where(
        DraftRevisionRow.draft_id == draft_id, DraftRevisionRow.revision > 1
    )
    return [_line(row, row.changes) for row in session.execute(saves.limit(most))]


def list_item_history(
    session: Session, subject: str, item_id: str, draft_id: UUID | None
) -> list[RevisionLine]:
    """Return what was changed of an item and why: in published drafts and this one."""
    saves = _saves().where(
        DraftRow.subject == subject,
        (DraftRow.state == "published") | (DraftRow.draft_id == draft_id),
    )
    place = ["items", item_id]
    found = [
        (row, [each for each in row.changes if each["place"][:2] == place])
        for row in session.execute(saves)
    ]
    return [_line(row, own) for row, own in found if own]


def find_latest_save(session: Session, draft_id: UUID) -> RevisionLine | None:
    """Return the latest save of a draft; None when it was only begun."""
    saves = list_revisions(session, draft_id, most=1)
    return saves[0] if saves else None


def _saves() -> Select[Any]:
    return (
        select(
            DraftRevisionRow.revision,
            DraftRevisionRow.changes,
            DraftRevisionRow.reason,
            DraftRevisionRow.changed_at,
            DraftRevisionRow.changed_by,
            PersonRow.name_zh,
            PersonRow.name_en,
        )
        .join(DraftRow, DraftRow.draft_id == DraftRevisionRow.draft_id)
        .join(PersonRow, PersonRow.person_id == DraftRevisionRow.changed_by)
        .order_by(DraftRevisionRow.changed_at.desc(), DraftRevisionRow.revision.desc())
        .limit(MOST_REVISIONS)
    )


def _line(row: Any, changes: Sequence[dict[str, Any]]) -> RevisionLine:  # noqa: ANN401
    name = Text(row.name_zh, row.name_en)
    return RevisionLine(
        row.revision, changes, row.reason, name, row.changed_by, row.changed_at
    )
