"""The rows of an import that could not be taken, as a file to correct and bring again.

The columns are those of the original, between two more: which row it was, and what is
wrong. Every telephone number is masked, as in all that leaves the product.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from auditapp.domain.customer_import import REASON, ROW
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.spreadsheet_cells import as_cell, as_said

LONGEST_CELL = 32_000  # characters; Excel takes 32,767
COLUMN_WIDTH = 18


class FaultFile:
    """A CSV file (UTF-8 with its mark, for Excel) that grows row by row."""

    def __init__(self, path: Path, heading: Sequence[str], language: str) -> None:
        self.path = path
        self.count = 0
        self._width = len(heading)
        self._file = path.open("w", encoding="utf-8-sig", errors="replace", newline="")
        self._writer = csv.writer(self._file)
        row, reason = ROW.in_language(language), REASON.in_language(language)
        self._writer.writerow([row, *map(_safe, heading), reason])

    def add(self, number: int, cells: Sequence[str], reasons: Sequence[str]) -> None:
        """Write down a row and everything that is wrong with it."""
        padded = [*cells, *[""] * (self._width - len(cells))]
        reason = without_numbers("；".join(reasons))
        self._writer.writerow([number, *map(_safe, padded), as_cell(reason)])
        self.count += 1

    def close(self) -> None:
        """Write the rest; nothing can be added any more."""
        self._file.close()


def write_fault_workbook(faults: Path, target: Path) -> None:
    """Write a file of faults as a workbook; texts stay texts, never formulas."""
    options = {"constant_memory": True, "strings_to_formulas": False}
    with (
        faults.open(encoding="utf-8-sig", newline="") as file,
        xlsxwriter.Workbook(target, options) as workbook,
    ):
        bold = workbook.add_format({"bold": True, "bottom": 1})
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(csv.reader(file)):
            if number == 0:
                sheet.set_column(1, len(row) - 1, COLUMN_WIDTH)
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, None if number else bold)


def _safe(cell: str) -> object:
    return as_cell(without_numbers(as_said(cell))[:LONGEST_CELL])
