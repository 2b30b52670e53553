"""The small sheets of our workbook: the head, the words, what the file is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditapp.domain.errors import Problem
from auditapp.domain.text import Text
from auditapp.gateways.standard_files.columns import Column, Columns
from auditapp.gateways.standard_files.model import (
    CellAt,
    Document,
    Note,
    Origin,
    Place,
)
from auditapp.gateways.standard_files.names import CellFaultError, shown
from auditapp.gateways.standard_files.notations import Words, from_cell
from auditapp.gateways.standard_files.reading import KEY, find_sheet, is_empty
from auditapp.gateways.standard_files.rows import Rows
from auditapp.gateways.standard_files.sheet_titles import find_title
from auditapp.gateways.standard_files.tables import default_columns
from auditapp.gateways.standard_files.vocabulary_table import VOCABULARY_COLUMNS

_NESTED = ("defaults", "contact_rules")
_SEPARATE = ("sections", "option_sets")


@dataclass(slots=True)
class Head:
    """The keys of a checklist that are not its sections, and where they stand."""

    document: Document
    faults: list[Problem] = field(default_factory=list)
    left_out: list[Note] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)


def read_head(sheets: Mapping[str, Rows], columns: Columns, base: Document) -> Head:
    """Return the head; a line that is not there leaves its key alone."""
    head = Head({k: v for k, v in base.items() if k not in _SEPARATE})
    title = find_title(sheets, "checklist")
    if title is None:
        return head
    known = {
        _plain(word): column
        for column in (*columns.head, *default_columns(columns))
        for word in (column.label.zh, column.label.en, column.key)
    }
    for nested in _NESTED:
        if isinstance(head.document.get(nested), dict):
            head.document[nested] = dict(head.document[nested])
    for number, row in enumerate(sheets[title], start=1):
        if row and not is_empty(row[0]):
            _line(head, known, title, number, row)
    return head


def _line(
    head: Head, known: Mapping[str, Column], title: str, number: int, row: list[Any]
) -> None:
    name = str(row[0]).strip()
    column = known.get(_plain(name))
    if name.startswith(KEY):
        key = name.removeprefix(KEY)
        column = Column(key, Text(key, key), Words())
    if column is None:
        if number > 1:
            head.left_out.append(_unknown(title, number, name))
        return
    outer, _, inner = column.key.partition(".")
    target = head.document
    if inner:
        held = head.document.get(outer)
        target = head.document[outer] = held if isinstance(held, dict) else {}
    pointer = f"/{outer}/{inner}" if inner else f"/{outer}"
    head.places[pointer] = CellAt(title, number, "B", name)
    head.places.setdefault(f"/{outer}", head.places[pointer])
    cell = row[1] if len(row) > 1 else None
    target.pop(inner or outer, None)
    if cell is None or is_empty(cell):
        return
    try:
        target[inner or outer] = from_cell(column.notation, cell)
    except CellFaultError as fault:
        head.faults.append(Problem(pointer, "bad-cell", fault.text))


def read_origin(sheets: Mapping[str, Rows]) -> Origin:
    """Return what the file says it was made from."""
    title = find_title(sheets, "file")
    said = {
        str(row[0]): str(row[1])
        for row in sheets.get(title or "", [])
        if len(row) > 1 and row[0] is not None
    }
    revision = said.get("revision", "")
    return Origin(
        said.get("checklist", ""),
        said.get("version", ""),
        said.get("draft", ""),
        int(revision) if revision.isdecimal() and len(revision) < 10 else 0,  # noqa: PLR2004
    )


def read_words(sheets: Mapping[str, Rows]) -> Document | None:
    """Return the vocabulary as the file has it; None when it has none."""
    title = find_title(sheets, "vocabulary")
    sheet = (
        find_sheet(title, sheets[title], VOCABULARY_COLUMNS, least=4) if title else None
    )
    if sheet is None:
        return None
    words: Document = {}
    for row in sheet.read():
        kind, word = row.values.pop("kind", None), row.values.pop("word", None)
        if kind and word:
            words.setdefault(kind, {})[word] = row.values
    return words


def _unknown(title: str, number: int, name: str) -> Note:
    said = shown(name)
    return Note(
        Text(f"不认识“{said}”，没有读。", f"“{said}” is not known; it was not read."),
        CellAt(title, number, "A"),
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold().replace("：", ":")
