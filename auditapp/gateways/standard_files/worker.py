"""The child that turns one workbook into JSON and ends.

Run by ``rows`` with hard limits. Arguments: the workbook, the file to write: a list of
``[sheet, rows]``, a cell being text, a number, true, false or null; empty rows and
cells at the end are left out. Standard output says in JSON, in both languages, why
nothing was read.
"""

import json
import re
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from auditapp.gateways.sheet_worker import REFUSED, limit
from auditapp.gateways.sheets import (
    NO_WORKBOOK,
    TOO_LARGE,
    WORKBOOK_PART,
    UnreadableSheetError,
    measure,
)

LARGEST_FILE_BYTES = 8 * 2**20
# programs write formats far beyond the data; what is laid out is bounded all the same
REACH = 20_000, 1024
MOST_SHEETS = 60
_OLE = b"\xd0\xcf\x11\xe0"
_ODS, _HEAD_BYTES = b"opendocument.spreadsheet", 200
# a cell with something in it; programs format empty ones to the end of a sheet
_FILLED = re.compile(
    rb"<(?:\w+:)?c\b[^<>]*?\br=[\"']([A-Za-z]{1,7})([0-9]{1,10})[\"'][^<>]*(?<!/)>"
)
MOST_TEXT = 16 * 2**20  # characters


def main() -> None:
    """Read every sheet."""
    limit()
    source, target = map(Path, sys.argv[1:3])
    try:
        said = json.dumps(read_sheets(source.read_bytes()), ensure_ascii=False)
    except UnreadableSheetError as error:
        print(json.dumps(error.problems[0].text.as_dict()))  # noqa: T201
        sys.exit(REFUSED)
    target.write_text(said, encoding="utf-8", errors="replace")


def read_sheets(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Return every sheet's name and rows, the first row and column being row 1 and A.

    Raises:
        UnreadableSheetError: It is no workbook, or too large.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise UnreadableSheetError(TOO_LARGE)
    try:
        if not content.startswith(_OLE):  # .xls has 65,536 rows at most
            is_ods = _ODS in content[:_HEAD_BYTES]
            part = "content.xml" if is_ods else WORKBOOK_PART
            measure(
                content, has_memory_limit=True, reach=REACH, part=part, cell=_FILLED
            )
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            names = workbook.sheet_names[:MOST_SHEETS]
            sheets = [(name, _rows(workbook.get_sheet_by_name(name))) for name in names]
    except (UnreadableSheetError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise UnreadableSheetError(NO_WORKBOOK) from error
    length = sum(len(str(c)) for _, rows in sheets for row in rows for c in row)
    if length > MOST_TEXT:
        raise UnreadableSheetError(TOO_LARGE)
    return sheets


def _rows(sheet: Any) -> list[list[Any]]:  # noqa: ANN401 - the library is untyped
    if not sheet.height:
        return []
    start = sheet.start or (0, 0)
    # the reader leaves out what is empty above and beside the data
    rows: list[list[Any]] = [[] for _ in range(start[0])]
    for row in sheet.to_python(skip_empty_area=True):
        cells = [None] * start[1] + [_value(cell) for cell in row]
        while cells and cells[-1] in (None, ""):
            cells.pop()
        rows.append(cells)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _value(cell: object) -> object:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return None if cell == "" else cell


if __name__ == "__main__":
    main()
