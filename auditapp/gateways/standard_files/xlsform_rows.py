"""The sheets of an XLSForm, whoever made it: rows by the names of their columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditapp.gateways.sheets import column_letters
from auditapp.gateways.standard_files.cell_parts import as_text
from auditapp.gateways.standard_files.model import CellAt
from auditapp.gateways.standard_files.reading import is_empty
from auditapp.gateways.standard_files.rows import Rows

ZH, EN, OTHER = "zh", "en", "other"
_CJK = re.compile(r"[\u4e00-\u9fff]")
_TRANSLATED = ("label", "hint")
_SAME = {
    "list name": "list_name", "value": "name", "caption": "label", "tag": "name",
    "relevance": "relevant", "calculate": "calculation", "command": "type",
    "bind::relevant": "relevant", "bind::constraint": "constraint",
    "bind::required": "required", "bind::calculate": "calculation",
}  # fmt: skip


@dataclass(slots=True)
class FormRow:
    """One row: cells by their columns, label and hint by language."""

    sheet: str
    number: int
    cells: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)

    def at(self, column: str = "") -> CellAt:
        """Return the place of a cell, of the row where it has none."""
        letters = self.letters.get(column, "")
        return CellAt(self.sheet, self.number, letters, column if letters else "")

    def get(self, column: str) -> str:
        """Return a cell's text, "" for an empty one."""
        return self.cells.get(column, "")

    def said(self, kind: str) -> dict[str, str]:
        """Return a label or hint in zh, en, or other."""
        return self.texts.get(kind, {})


@dataclass(slots=True)
class FormSheet:
    """One sheet with its columns, by their plain names."""

    title: str
    columns: set[str]
    rows: list[FormRow]


def find_form(sheets: Mapping[str, Rows]) -> dict[str, FormSheet] | None:
    """Return the sheets of an XLSForm by plain name; None when it is none."""
    titles = {title.strip().casefold(): title for title in sheets}
    if "survey" not in titles:
        return None
    settings = _read(titles.get("settings", ""), sheets, "")
    default = settings.rows[0].get("default_language") if settings.rows else ""
    return {
        "survey": _read(titles["survey"], sheets, default),
        "choices": _read(titles.get("choices", ""), sheets, default),
        "settings": settings,
    }


def _read(title: str, sheets: Mapping[str, Rows], default: str) -> FormSheet:
    rows = sheets.get(title, [])
    header = next((at for at, row in enumerate(rows) if row), None)
    if header is None:
        return FormSheet(title, set(), [])
    columns = [_column(cell) for cell in rows[header]]
    found = [
        _row(title, number, columns, cells, default)
        for number, cells in enumerate(rows[header + 1 :], start=header + 2)
    ]
    filled = [row for row in found if row.cells or row.texts]
    return FormSheet(title, {name for name, _ in columns if name}, filled)


def _column(cell: object) -> tuple[str, str]:
    """Return a column's plain name and the language of its texts."""
    if not isinstance(cell, str):
        return "", ""
    name, _, language = re.sub(r"\s*::?\s*", "::", cell.strip(), count=1).partition(
        "::"
    )
    plain = name.strip().casefold()
    plain = _SAME.get(plain, plain)
    if plain in _TRANSLATED:
        return plain, language.strip()
    whole = f"{plain}::{language.strip().casefold()}" if language else plain
    return _SAME.get(whole, whole), ""


def _row(
    title: str,
    number: int,
    columns: Sequence[tuple[str, str]],
    cells: Sequence[Any],
    default: str,
) -> FormRow:
    row = FormRow(title, number)
    for index, (name, language) in enumerate(columns):
        cell = cells[index] if index < len(cells) else None
        row.letters.setdefault(name, column_letters(index))
        if not name or is_empty(cell) or cell is None:
            continue
        text = as_text(cell).replace("\r\n", "\n")
        if name in _TRANSLATED:
            found = _language(language or default, text, is_said=bool(language))
            row.texts.setdefault(name, {}).setdefault(found, text)
        else:
            row.cells.setdefault(name, text)
    return row


def _language(said: str, text: str, *, is_said: bool) -> str:
    """Return zh, en or other: by the column's name, else by the text itself."""
    plain = said.casefold()
    if "(zh" in plain or plain.startswith(("zh", "chinese", "中文", "汉语", "简体")):
        return ZH
    if "(en" in plain or plain in ("en", "default") or plain.startswith("english"):
        return ZH if plain == "default" and _CJK.search(text) else EN
    if is_said or said:
        return OTHER
    return ZH if _CJK.search(text) else EN
