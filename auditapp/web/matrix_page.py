"""The matrix as its page draws it: columns, rows that pass the filter, the split."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from auditapp.domain.item_signs import ItemHealth
from auditapp.domain.tier_matrix import Cell, MatrixRow, tier_matrix
from auditapp.domain.vocabulary import Vocabulary
from auditapp.web import standard_words as words
from auditapp.web.addresses import plain
from auditapp.web.frame import in_language

Document = Mapping[str, Any]
Parts = dict[str, Any]

OFTEN_PCT = 15  # of those observed: an item that fails often
LEAST_SOFT_PCT = 60  # Source: requirements D02


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """Which rows are shown; None: all."""

    section: str | None = None
    owner: str | None = None
    only_changed: bool = False
    only_failing: bool = False

    @classmethod
    def from_request(cls, arguments: Mapping[str, str]) -> Self:
        """Read the filter from an address."""
        return cls(
            plain(arguments.get("section")),
            plain(arguments.get("owner")),
            arguments.get("changed") == "1",
            arguments.get("failing") == "1",
        )

    @property
    def query(self) -> dict[str, str]:
        """The filter as it stands in an address."""
        found = {"section": self.section, "owner": self.owner}
        found["changed"] = "1" if self.only_changed else None
        found["failing"] = "1" if self.only_failing else None
        return {key: value for key, value in found.items() if value}


def matrix_part(
    document: Document,
    base: Document,
    vocabulary: Vocabulary,
    wanted: MatrixFilter,
    health: Mapping[str, ItemHealth],
) -> Parts:
    """Return columns and the rows that pass the filter, by section."""
    tiers, traits = tuple(vocabulary.tiers), tuple(vocabulary.traits)
    matrix = tier_matrix(document, tiers, traits, base)
    rows = [row for _section, found in matrix.sections for row in found]
    sections = []
    for section, found in matrix.sections:
        if wanted.section in (None, section["id"]):
            shown = [
                _row(row, vocabulary, health.get(row.item_id, ItemHealth()))
                for row in found
                if _passes(row, wanted, health)
            ]
            if shown:
                sections.append({"name": in_language(section), "rows": shown})
    return {
        "tiers": [words.word_name(vocabulary.tiers, tier) for tier in matrix.tiers],
        "traits": [words.word_name(vocabulary.traits, each) for each in matrix.traits],
        "sections": sections,
        "total": len(rows),
        "changed": sum(row.is_changed for row in rows),
        "section_choices": [(s["id"], in_language(s)) for s, _rows in matrix.sections],
        "owner_choices": [
            (key, in_language(word.name))
            for key, word in vocabulary.tags["owner"].items()
            if any(row.document["owner"] == key for row in rows)
        ],
    }


def split_part(document: Document, vocabulary: Vocabulary) -> Parts:
    """Return how the weight is shared out: hard and soft, causes, RATER; percent."""
    matrix = tier_matrix(document, tuple(vocabulary.tiers), ())
    items = [row.document for _section, rows in matrix.sections for row in rows]
    total = sum(item["weight"] for item in items) or 1
    soft = 100 * sum(i["weight"] for i in items if i["quality"] == "soft") / total
    return {
        "soft_pct": round(soft),
        "is_little_soft": document["source"] in ("mystery", "open_inspection")
        and soft < LEAST_SOFT_PCT,
        "causes": _shares(items, "cause", vocabulary, total),
        "rater": _shares(items, "rater", vocabulary, total),
    }


def _shares(
    items: list[Document], tag: str, vocabulary: Vocabulary, total: int
) -> list[Parts]:
    weights: Counter[str] = Counter()
    for item in items:
        weights[item[tag]] += item["weight"]
    return [
        {
            "id": key,
            "name": in_language(word.name),
            "pct": round(100 * weights[key] / total),
        }
        for key, word in vocabulary.tags[tag].items()
        if weights[key]
    ]


def _passes(
    row: MatrixRow, wanted: MatrixFilter, health: Mapping[str, ItemHealth]
) -> bool:
    if wanted.owner not in (None, row.document["owner"]):
        return False
    if wanted.only_changed and not row.is_changed:
        return False
    failed = health.get(row.item_id, ItemHealth()).failed_pct
    return not wanted.only_failing or (failed or 0) >= OFTEN_PCT


def _row(row: MatrixRow, vocabulary: Vocabulary, health: ItemHealth) -> Parts:
    failed = health.failed_pct
    return {
        "failed": "" if failed is None else f"{failed:.0f}%",
        "id": row.item_id,
        "name": in_language(row.document),
        "weight": row.document["weight"],
        "is_critical": row.document.get("critical", False),
        "cells": [
            *(_cell(each, vocabulary) for each in row.tiers),
            *(_cell(each, vocabulary) for each in row.traits),
        ],
        "first_trait": len(row.tiers),
        "more": row.more_lines,
        "is_changed": row.is_changed,
    }


def _cell(cell: Cell, vocabulary: Vocabulary) -> Parts:
    return {
        "at": cell.at,
        "column": words.column_name(cell.at, vocabulary),
        "says": words.cell_text(cell, vocabulary),
        "is_changed": cell.is_changed,
        "parts": [
            {
                "requirement": word,
                "sign": words.requirement_sign(word),
                "tiers": "".join(
                    words.word_name(vocabulary.tiers, tier)[0] for tier in tiers
                ),
            }
            for word, tiers in cell.parts
        ],
    }
