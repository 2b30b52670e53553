"""The text messages in force, read once per version."""

import json
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.dialogue import Dialogue, build_dialogue
from auditapp.domain.vocabulary import Vocabulary
from auditapp.store.checklists import ChecklistVersionRow

SOURCE = "sms"


def find_dialogue_in_force(session: Session, month: str) -> Dialogue | None:
    """Return the messages that a month's customers get; None before any is."""
    row = session.execute(
        select(ChecklistVersionRow.document, ChecklistVersionRow.vocabulary)
        .where(
            ChecklistVersionRow.source == SOURCE,
            ChecklistVersionRow.effective_month <= month,
        )
        .order_by(
            ChecklistVersionRow.effective_month.desc(),
            ChecklistVersionRow.published_at.desc(),
        )
        .limit(1)
    ).one_or_none()
    return _dialogue(row.document, row.vocabulary) if row else None


def get_dialogue(session: Session, version: str) -> Dialogue:
    """Return the messages of a version that somebody was invited by."""
    row = session.execute(
        select(ChecklistVersionRow.document, ChecklistVersionRow.vocabulary).where(
            ChecklistVersionRow.source == SOURCE,
            ChecklistVersionRow.version == version,
        )
    ).one()
    return _dialogue(row.document, row.vocabulary)


@lru_cache(maxsize=8)
def _dialogue(document: bytes, vocabulary: bytes) -> Dialogue:
    words = Vocabulary.from_document(json.loads(vocabulary))
    return build_dialogue(json.loads(document), words)
