"""The words in use now: names of tiers, traits, scenarios and tags."""

import json
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.vocabulary import Vocabulary
from auditapp.store.checklists import ChecklistVersionRow


def find_words(session: Session) -> Vocabulary | None:
    """Return the vocabulary published last, None before anything was published."""
    content = session.scalar(
        select(ChecklistVersionRow.vocabulary)
        .order_by(ChecklistVersionRow.published_at.desc())
        .limit(1)
    )
    return read_words(content) if content else None


@lru_cache(maxsize=8)
def read_words(content: bytes) -> Vocabulary:
    """Return the vocabulary written in canonical JSON; the same bytes once."""
    return Vocabulary.from_document(json.loads(content))
