"""Published call scripts, read once and remembered."""

import json
from functools import lru_cache

from sqlalchemy.orm import Session

from auditapp.domain.call_script import CallSheet
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.customer_response import script_of
from auditapp.domain.errors import NotFoundError
from auditapp.domain.vocabulary import Vocabulary
from auditapp.services.published import Published, find_in_force, find_published
from auditapp.store.checklists import ChecklistVersionRow

SOURCE = "callback"


def get_script(session: Session, version: str) -> CallSheet:
    """Return the script of a version.

    Raises:
        NotFoundError: It was never published.
    """
    which = ChecklistVersionRow.version == version
    return _script_of(find_published(session, SOURCE, which))


def get_script_in_force(session: Session, month: str) -> CallSheet:
    """Return the script by which a month's customers are called.

    Raises:
        NotFoundError: None is in force in that month.
    """
    return _script_of(find_in_force(session, SOURCE, month))


def _script_of(found: Published | None) -> CallSheet:
    if found is None:
        raise NotFoundError
    return _script(*found)


@lru_cache(maxsize=8)
def _script(document: bytes, vocabulary: bytes) -> CallSheet:
    words = Vocabulary.from_document(json.loads(vocabulary))
    content = json.loads(document)
    return CallSheet.from_document(
        content, script_of(read_checklist(content, words), words)
    )
