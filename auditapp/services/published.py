"""Published checklists as they are stored."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from auditapp.store.checklists import ChecklistVersionRow


class Published(NamedTuple):
    """A version's document and the vocabulary it was published with, as JSON."""

    document: bytes
    vocabulary: bytes


def find_published(
    session: Session, source: str, which: ColumnElement[bool]
) -> Published | None:
    """Return the latest of a source's versions that meet a condition."""
    row = session.execute(
        select(ChecklistVersionRow.document, ChecklistVersionRow.vocabulary)
        .where(ChecklistVersionRow.source == source, which)
        .order_by(
            ChecklistVersionRow.effective_month.desc(),
            ChecklistVersionRow.published_at.desc(),
        )
        .limit(1)
    ).one_or_none()
    return Published(row.document, row.vocabulary) if row else None


def find_in_force(session: Session, source: str, month: str) -> Published | None:
    """Return the version of a source that a month uses."""
    return find_published(session, source, ChecklistVersionRow.effective_month <= month)
