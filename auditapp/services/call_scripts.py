"""Published call scripts, read once and remembered."""

import json
from functools import lru_cache

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from auditapp.domain.call_script import CallSheet
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.customer_response import script_of
from auditapp.domain.errors import NotFoundError
from auditapp.domain.vocabulary import Vocabulary
from auditapp.store.checklists import ChecklistVersionRow

SOURCE = "callback"


def get_script(session: Session, version: str) -> CallSheet:
    """Return the script of a version.

    Raises:
        NotFoundError: It was never published.
    """
    return _latest(session, ChecklistVersionRow.version == version)


def get_script_in_force(session: Session, month: str) -> CallSheet:
    """Return the script by which a month's customers are called.

    Raises:
        NotFoundError: None is in force in that month.
    """
    return _latest(session, ChecklistVersionRow.effective_month <= month)


def _latest(session: Session, condition: ColumnElement[bool]) -> CallSheet:
    row = session.execute(
        select(ChecklistVersionRow.document, ChecklistVersionRow.vocabulary)
        .where(ChecklistVersionRow.source == SOURCE, condition)
        .order_by(
            ChecklistVersionRow.effective_month.desc(),
            ChecklistVersionRow.published_at.desc(),
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return _script(row.document, row.vocabulary)


@lru_cache(maxsize=8)
def _script(document: bytes, vocabulary: bytes) -> CallSheet:
    words = Vocabulary.from_document(json.loads(vocabulary))
    content = json.loads(document)
    return CallSheet.from_document(
        content, script_of(read_checklist(content, words), words)
    )
