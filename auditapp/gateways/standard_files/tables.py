"""A checklist's document as tables: one row for each item, section and option."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.domain.text import Text
from auditapp.gateways.standard_files.cell_parts import Cell
from auditapp.gateways.standard_files.columns import (
    TIER,
    Column,
    Columns,
    sheet_names,
)
from auditapp.gateways.standard_files.model import FORMAT, Document, Origin
from auditapp.gateways.standard_files.names import NameBook
from auditapp.gateways.standard_files.notations import (
    JSON,
    Choice,
    Words,
    to_cell,
)
from auditapp.gateways.standard_files.table import Table
from auditapp.gateways.standard_files.vocabulary_table import vocabulary_table

# columns that only some checklists need; a sheet without one leaves its key alone
_SELDOM = {
    "sms_zh", "sms_en", "answer_zh", "answer_en", "replaces", "sample", "bands_when",
    "timer", "defaults",
}  # fmt: skip
KEY = "key:"  # before a key that no column is known for; its cell is JSON
DEFAULT = "defaults."
DEFAULT_LABEL = Text("默认：", "Default: ")
SECTION = Text("环节", "Section")


def tables_of(
    document: Document, vocabulary: Document, columns: Columns, language: str
) -> list[Table]:
    """Return the tables of a document; every value is in one of them."""
    writer = _Writer(columns, language)
    return [
        writer.items(document),
        writer.sections(document),
        writer.options(document),
        writer.head(document),
        vocabulary_table(vocabulary, language),
    ]


def items_columns(
    columns: Columns, sections: Sequence[Mapping[str, Any]]
) -> tuple[Column, ...]:
    """Return every column of the sheet of items, the section's and tiers' too."""
    books = NameBook(
        {s["id"]: Text(s.get("zh", ""), s.get("en", "")) for s in sections}
    )
    section = Column("section", SECTION, Choice(books), 16)
    at = [column.key for column in columns.items].index("overrides")
    return (section, *columns.items[:at], *columns.tiers, *columns.items[at:])


def default_columns(columns: Columns) -> tuple[Column, ...]:
    """Return the rows that the defaults of items may have on the sheet of the head."""
    applies = Column(
        "applies", Text("等级", "Tiers"), Choice(columns.books["requirement"])
    )
    return tuple(
        Column(
            DEFAULT + column.key,
            Text(
                DEFAULT_LABEL.zh + column.label.zh, DEFAULT_LABEL.en + column.label.en
            ),
            column.notation,
        )
        for column in (*columns.items, applies)
    )


def file_rows(origin: Origin) -> list[tuple[str, str]]:
    """Return what a workbook says about itself."""
    return [
        ("format", str(FORMAT)),
        ("checklist", origin.checklist),
        ("version", origin.version),
        ("draft", origin.draft),
        ("revision", str(origin.revision)),
    ]


@dataclass(frozen=True, slots=True)
class _Writer:
    columns: Columns
    language: str

    def items(self, document: Document) -> Table:
        sections = document["sections"]
        columns = items_columns(self.columns, sections)
        rows = [
            {"section": section["id"], **self._item(item)}
            for section in sections
            for item in section["items"]
        ]
        return self._table("items", columns, rows)

    def sections(self, document: Document) -> Table:
        rows = [
            {key: value for key, value in section.items() if key != "items"}
            for section in document["sections"]
        ]
        return self._table("sections", self.columns.sections, rows)

    def options(self, document: Document) -> Table:
        rows = [
            {"item": item["id"], **option}
            for section in document["sections"]
            for item in section["items"]
            if self._has_rows(item.get("options"))
            for option in item["options"]
        ]
        sets = document.get("option_sets")
        if self._has_sets(sets):
            rows += [
                {"set": name, **option}
                for name, options in (sets or {}).items()
                for option in options
            ]
        return self._table("options", self.columns.options, rows)

    def head(self, document: Document) -> Table:
        columns = (
            Column("key", Text("名称", "What"), Words(), 30),
            Column("value", Text("内容", "Value"), Words(), 70),
        )
        return Table("checklist", columns, tuple(self._head(document)))

    def _head(self, document: Document) -> Iterator[tuple[Cell | None, ...]]:
        known = {column.key: column for column in self.columns.head}
        flat = {
            key: value
            for key, value in document.items()
            if key not in ("sections", "defaults", "contact_rules", "option_sets")
        }
        yield from self._lines(known, flat)
        # the empty lines are there to be filled in
        wanted = ("pass_mark", "critical_cap", "min_coverage")
        for key in (each for each in wanted if each not in flat):
            yield known[key].label.in_language(self.language), None
        defaults = {each.key: each for each in default_columns(self.columns)}
        yield from self._nested("defaults", document, defaults)
        yield from self._nested("contact_rules", document, known)
        if "option_sets" in document and not self._has_sets(document["option_sets"]):
            yield KEY + "option_sets", _json(document["option_sets"])

    def _nested(
        self, name: str, document: Document, known: Mapping[str, Column]
    ) -> Iterator[tuple[Cell | None, ...]]:
        if name not in document:
            return
        inner = document[name]
        flat = (
            {f"{name}.{key}": value for key, value in inner.items()}
            if isinstance(inner, Mapping)
            else {}
        )
        if flat and flat.keys() <= known.keys():
            yield from self._lines(known, flat)
        else:
            yield KEY + name, _json(inner)

    def _lines(
        self, known: Mapping[str, Column], values: Mapping[str, Any]
    ) -> Iterator[tuple[Cell | None, ...]]:
        for key in (
            *(k for k in known if k in values),
            *(values.keys() - known.keys()),
        ):
            if key in known:
                label = known[key].label.in_language(self.language)
                yield label, to_cell(known[key].notation, values[key], self.language)
            else:
                yield KEY + key, _json(values[key])

    def _item(self, item: Document) -> dict[str, Any]:
        row = dict(item)
        if self._has_rows(row.get("options")):
            del row["options"]
        applies = row.get("applies")
        tiers = [column.key.removeprefix(TIER) for column in self.columns.tiers]
        words = self.columns.books["requirement"].names
        if applies == "all":
            row |= {TIER + tier: "all" for tier in tiers}
            del row["applies"]
        elif isinstance(applies, Mapping) and _is_plain(applies, tiers, words):
            row |= {TIER + tier: word for tier, word in applies.items()}
            del row["applies"]
        return row

    def _has_rows(self, options: object) -> bool:
        known = {column.key for column in self.columns.options[2:]}
        return (
            isinstance(options, list)
            and bool(options)
            and all(isinstance(o, Mapping) and o and o.keys() <= known for o in options)
        )

    def _has_sets(self, sets: object) -> bool:
        return (
            isinstance(sets, Mapping)
            and bool(sets)
            and all(
                name == name.strip() and name and self._has_rows(options)
                for name, options in sets.items()
            )
        )

    def _table(
        self, name: str, columns: tuple[Column, ...], rows: list[dict[str, Any]]
    ) -> Table:
        used = {key for row in rows for key in row}
        known = {column.key for column in columns}
        shown = [c for c in columns if c.key in used or c.key not in _SELDOM]
        extra = sorted(used - known)
        cells = [
            (
                *(self._cell(column, row) for column in shown),
                *(_json(row[key]) if key in row else None for key in extra),
            )
            for row in rows
        ]
        shown += [
            Column(KEY + key, Text(KEY + key, KEY + key), Words()) for key in extra
        ]
        return Table(name, tuple(shown), tuple(cells))

    def _cell(self, column: Column, row: Mapping[str, Any]) -> Cell | None:
        if column.key not in row:
            return None
        return to_cell(column.notation, row[column.key], self.language)


def sheet_title(name: str, language: str) -> str:
    """Return what a sheet is called."""
    return sheet_names()[name].in_language(language)


def _json(value: Any) -> str:  # noqa: ANN401
    return JSON + json.dumps(value, ensure_ascii=False)


def _is_plain(
    applies: Mapping[str, Any], tiers: Sequence[str], words: Mapping[str, Text]
) -> bool:
    """Tell whether a cell for each tier says it all."""
    return (
        bool(applies)
        and applies.keys() <= set(tiers)
        and all(word in words and word != "all" for word in applies.values())
    )
