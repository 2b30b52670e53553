"""Tiers and traits of halls as a workbook to edit, and back from any table."""

from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from auditapp.domain.place_sheet import Row
from auditapp.domain.spreadsheet_cells import as_cell
from auditapp.gateways.response_files import examine_file
from auditapp.gateways.text_tables import read_records

LARGEST_FILE_BYTES = 8 * 2**20
_FROZEN_COLUMNS = 2


def write_place_workbook(
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    lists: Sequence[Sequence[str]],
) -> bytes:
    """Return a table as XLSX; ``lists`` are what a column's cells choose from."""
    file = BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {"in_memory": True, **plain}) as workbook:
        bold = {"bold": True, "bg_color": "#E6EEF0", "bottom": 1, "text_wrap": True}
        header, text = (
            workbook.add_format(bold),
            workbook.add_format({"num_format": "@"}),
        )
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, _FROZEN_COLUMNS)
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, header)
            sheet.set_column(column, column, 22 if column < _FROZEN_COLUMNS else 12)
            if lists[column]:
                rule = {"validate": "list", "source": list(lists[column])}
                sheet.data_validation(1, column, len(rows), column, rule)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, str(as_cell(cell)), text)
        sheet.autofilter(0, 0, len(rows), len(titles) - 1)
    return file.getvalue()


def read_table(content: bytes, most_rows: int) -> list[Row]:
    """Return the rows of a CSV file or workbook, at most some.

    Raises:
        InvalidError: It is no table that can be read; the problem says what to do.
        UnavailableError: Too many workbooks are being read just now.
    """
    with TemporaryDirectory(prefix="places") as folder:
        path, rows = Path(folder) / "file", Path(folder) / "rows"
        path.write_bytes(content)
        found = examine_file(path, rows)
        source = rows if rows.exists() else path
        records = islice(read_records(source, found.layout), most_rows)
        return [(record.number, record.cells) for record in records]
