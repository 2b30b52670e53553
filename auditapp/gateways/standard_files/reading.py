"""One sheet of a workbook, read by its header whatever the order of its columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditapp.domain.text import Text
from auditapp.gateways.sheets import column_letters
from auditapp.gateways.standard_files.columns import Column
from auditapp.gateways.standard_files.model import CellAt, Note
from auditapp.gateways.standard_files.names import CellFaultError, shown
from auditapp.gateways.standard_files.notations import Words, from_cell
from auditapp.gateways.standard_files.rows import Rows

KEY = "key:"
_HEADER_WITHIN = 10  # rows; people put titles above a table


@dataclass(slots=True)
class ReadRow:
    """One row: its values by key, the cell of every known column, what is wrong."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, CellAt] = field(default_factory=dict)
    faults: dict[str, Text] = field(default_factory=dict)


@dataclass(slots=True)
class ReadSheet:
    """A sheet whose header was found; ``keys`` are the columns that it has."""

    title: str
    rows: Rows
    header: int  # counted from 0
    columns: dict[int, Column]
    left_out: list[Note]

    @property
    def keys(self) -> set[str]:
        """The keys of the columns that are there."""
        return {column.key for column in self.columns.values()}

    def read(self) -> Iterator[ReadRow]:
        """Yield the rows with anything in a known column."""
        for number, cells in enumerate(self.rows[self.header + 1 :], self.header + 2):
            row = self._row(number, cells)
            if row.values or row.faults:
                yield row

    def _row(self, number: int, cells: Sequence[Any]) -> ReadRow:
        row = ReadRow(number)
        for index, column in self.columns.items():
            title = str(self.rows[self.header][index]).strip()
            letters = column_letters(index)
            row.cells[column.key] = CellAt(self.title, number, letters, title)
            cell = cells[index] if index < len(cells) else None
            if cell is None or is_empty(cell):
                continue
            try:
                row.values[column.key] = from_cell(column.notation, cell)
            except CellFaultError as fault:
                row.faults[column.key] = fault.text
        return row


def find_sheet(
    title: str, rows: Rows, columns: Sequence[Column], least: int = 2
) -> ReadSheet | None:
    """Return the sheet with its header; None when no row names enough columns."""
    known = {
        _plain(word): column
        for column in columns
        for word in (column.label.en, column.label.zh, column.key)
    }
    best: dict[int, Column] = {}
    header = 0
    for number, row in enumerate(rows[:_HEADER_WITHIN]):
        found = _columns(row, known)
        if len(found) > len(best):
            best, header = found, number
    if len(best) < least:
        return None
    left_out = _left_out(title, rows, header, best)
    return ReadSheet(title, rows, header, best, left_out)


def is_empty(cell: object) -> bool:
    """Tell whether a cell has nothing in it but spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _columns(row: Sequence[Any], known: dict[str, Column]) -> dict[int, Column]:
    found: dict[int, Column] = {}
    taken: set[str] = set()
    for index, cell in enumerate(row):
        if not isinstance(cell, str):
            continue
        column = known.get(_plain(cell))
        if column is None and cell.startswith(KEY):
            name = cell.removeprefix(KEY).strip()
            column = Column(name, Text(cell, cell), Words())
        if column is not None and column.key not in taken:
            found[index] = column
            taken.add(column.key)
    return found


def _left_out(
    title: str, rows: Rows, header: int, columns: dict[int, Column]
) -> list[Note]:
    notes = []
    for index, cell in enumerate(rows[header]):
        if index in columns or is_empty(cell):
            continue
        said = shown(cell)
        notes.append(
            Note(
                Text(
                    f"不认识这一列“{said}”，或者它出现了两次，没有读。",
                    f"The column “{said}” is not known, or stands there twice; it was"
                    " not read.",
                ),
                CellAt(title, header + 1, column_letters(index)),
            )
        )
    return notes


def _plain(text: str) -> str:
    return " ".join(text.rstrip("*＊ ").split()).casefold().replace("：", ":")
