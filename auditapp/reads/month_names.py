"""What items, sections and tags of a month's four checklists are called."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.month_audits import MYSTERY
from auditapp.reads.words import read_words
from auditapp.store.checklists import ChecklistVersionRow, FormRow


@dataclass(frozen=True, slots=True)
class MonthNames:
    """Names by id; sections by source and id, for two checklists may share an id.

    ``reasons`` says why an item is asked in this hall, where a form tells.
    """

    items: Mapping[str, Text] = field(default_factory=dict)
    sections: Mapping[tuple[str, str], Text] = field(default_factory=dict)
    sections_of: Mapping[str, str] = field(default_factory=dict)  # by item
    reasons: Mapping[str, Text] = field(default_factory=dict)
    standards: Sequence[tuple[str, str]] = ()  # of visits: from which month, version
    vocabulary: Vocabulary | None = None

    def standard_in(self, month: str) -> str | None:
        """Return the version of the visits' checklist that held in a month."""
        held = [version for since, version in self.standards if since <= month]
        return held[-1] if held else None


def find_month_names(
    session: Session, month: str, form_digests: Collection[str] = ()
) -> MonthNames:
    """Return the names that held in a month, older ones where an item has gone."""
    rows = session.execute(
        select(
            ChecklistVersionRow.source,
            ChecklistVersionRow.version,
            ChecklistVersionRow.effective_month,
            ChecklistVersionRow.document,
            ChecklistVersionRow.vocabulary,
        )
        .where(ChecklistVersionRow.effective_month <= month)
        .order_by(ChecklistVersionRow.effective_month, ChecklistVersionRow.published_at)
    ).all()
    items: dict[str, Text] = {}
    sections: dict[tuple[str, str], Text] = {}
    sections_of: dict[str, str] = {}
    for row in rows:
        found = read_names(row.document)
        items |= found.items
        sections_of |= found.sections_of
        sections |= {(row.source, key): name for key, name in found.sections.items()}
    return MonthNames(
        items,
        sections,
        sections_of,
        _reasons(session, form_digests),
        [(r.effective_month, r.version) for r in rows if r.source == MYSTERY],
        read_words(rows[-1].vocabulary) if rows else None,
    )


@dataclass(frozen=True, slots=True)
class ChecklistNames:
    """What one published checklist calls its items and sections."""

    items: Mapping[str, Text]
    sections: Mapping[str, Text]
    sections_of: Mapping[str, str]


@lru_cache(maxsize=32)
def read_names(content: bytes) -> ChecklistNames:
    """Return the names of a published checklist; the same bytes once."""
    sections = json.loads(content)["sections"]
    pairs = [(section, item) for section in sections for item in section["items"]]
    return ChecklistNames(
        {item["id"]: _name(item) for _section, item in pairs},
        {section["id"]: _name(section) for section in sections},
        {item["id"]: section["id"] for section, item in pairs},
    )


def _reasons(session: Session, form_digests: Collection[str]) -> dict[str, Text]:
    wanted = sorted({digest.removeprefix("sha256:") for digest in form_digests})
    if not wanted:
        return {}
    reasons: dict[str, Text] = {}
    for content in session.scalars(
        select(FormRow.document).where(FormRow.digest.in_(wanted))
    ):
        for item in json.loads(content)["items"]:
            reasons[item["id"]] = Text(item["why"]["zh"], item["why"]["en"])
    return reasons


def _name(entry: Mapping[str, Any]) -> Text:
    return Text(entry["zh"], entry["en"])
