"""What checklists say about their items: the tags that losses are sorted by, names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.checklist import Item
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.month_ledger import TAG_NAMES
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.store.checklists import ChecklistVersionRow

VersionKey = tuple[str, str]  # checklist, version


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item's question, the short name where it has one, and its tags."""

    name: Text
    short: Text | None
    tags: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The items of every version that was ever published.

    ``by_version`` is exact; ``by_source`` holds each item as its latest version has it.
    """

    by_version: Mapping[VersionKey, Mapping[str, ItemFacts]]
    by_source: Mapping[str, Mapping[str, ItemFacts]]

    @property
    def names(self) -> dict[str, Text]:
        """Return every item's question by its id, which is unique for ever."""
        return {
            item: facts.name
            for items in self.by_source.values()
            for item, facts in items.items()
        }


def get_catalogue(session: Session) -> Catalogue:
    """Return all items, read once per published version."""
    rows = session.execute(
        select(
            ChecklistVersionRow.checklist_id,
            ChecklistVersionRow.version,
            ChecklistVersionRow.source,
            ChecklistVersionRow.document,
            ChecklistVersionRow.vocabulary,
        ).order_by(
            ChecklistVersionRow.effective_month, ChecklistVersionRow.published_at
        )
    )
    by_version: dict[VersionKey, Mapping[str, ItemFacts]] = {}
    by_source: dict[str, dict[str, ItemFacts]] = {}
    for row in rows:
        items = _items(row.document, row.vocabulary)
        by_version[row.checklist_id, row.version] = items
        by_source.setdefault(row.source, {}).update(items)
    return Catalogue(by_version, by_source)


@lru_cache(maxsize=32)
def _items(document: bytes, vocabulary: bytes) -> Mapping[str, ItemFacts]:
    words = Vocabulary.from_document(json.loads(vocabulary))
    checklist = read_checklist(json.loads(document), words)
    return {
        item.item_id: ItemFacts(
            item.wording.question,
            item.wording.short,
            _tags(item, section.section_id, section.stage),
        )
        for section in checklist.sections
        for item in section.items
    }


def _tags(item: Item, section_id: str, stage: str) -> dict[str, Any]:
    own = {name: getattr(item.tags, name, None) for name in TAG_NAMES}
    own |= {"section": section_id, "stage": own["stage"] or stage}
    return {name: value for name, value in own.items() if value}
