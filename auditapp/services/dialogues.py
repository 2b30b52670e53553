"""The text messages in force, read once per version."""

import json
from functools import lru_cache

from sqlalchemy.orm import Session

from auditapp.domain.dialogue import Dialogue, build_dialogue
from auditapp.domain.vocabulary import Vocabulary
from auditapp.services.published import find_in_force, find_published
from auditapp.store.checklists import ChecklistVersionRow

SOURCE = "sms"


def find_dialogue_in_force(session: Session, month: str) -> Dialogue | None:
    """Return the messages that a month's customers get; None before any is."""
    found = find_in_force(session, SOURCE, month)
    return _dialogue(*found) if found else None


def get_dialogue(session: Session, version: str) -> Dialogue:
    """Return the messages of a version that somebody was invited by."""
    found = find_published(session, SOURCE, ChecklistVersionRow.version == version)
    if found is None:
        raise ValueError(version)
    return _dialogue(*found)


@lru_cache(maxsize=8)
def _dialogue(document: bytes, vocabulary: bytes) -> Dialogue:
    words = Vocabulary.from_document(json.loads(vocabulary))
    return build_dialogue(json.loads(document), words)
