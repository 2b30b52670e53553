"""The child that turns one workbook into rows of text and ends.

Run by ``auditapp.gateways.response_files`` with hard limits: the reader holds a whole
sheet in memory. Arguments: the workbook, the CSV to write (UTF-8, commas). Standard
output says in JSON which sheet was read, or in both languages why none was.
"""

import csv
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from auditapp.gateways.sheets import (
    LARGEST_FILE_BYTES,
    NO_WORKBOOK,
    TOO_LARGE,
    UnreadableSheetError,
    measure,
)

MEMORY_BYTES = 1536 * 1024 * 1024
CPU_SECONDS = 60
LARGEST_TEXT_BYTES = 512 * 1024 * 1024
REFUSED = 3


def main() -> None:
    """Read the first sheet that people see and that has something in it."""
    limit()
    source, target = map(Path, sys.argv[1:3])
    try:
        said = convert(source.read_bytes(), target)
    except UnreadableSheetError as error:
        print(json.dumps(error.problems[0].text.as_dict()))  # noqa: T201
        sys.exit(REFUSED)
    print(json.dumps(said))  # noqa: T201


def convert(content: bytes, target: Path) -> dict[str, Any]:
    """Write the rows as CSV; return the sheet's name and those that were left out.

    Raises:
        UnreadableSheetError: It is no workbook, too large, or has nothing in it.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise UnreadableSheetError(TOO_LARGE)
    try:
        measure(content, has_memory_limit=True)
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            names = [
                sheet.name
                for sheet in workbook.sheets_metadata
                if sheet.visible is SheetVisibleEnum.Visible
            ]
            for name in names:
                sheet = workbook.get_sheet_by_name(name)
                if sheet.height:
                    write_rows(sheet, target)
                    others = [other for other in names if other != name]
                    return {"sheet": name, "others": others}
    except (UnreadableSheetError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise UnreadableSheetError(NO_WORKBOOK) from error
    raise UnreadableSheetError(NO_WORKBOOK)


def write_rows(sheet: CalamineSheet, target: Path) -> None:
    """Write a sheet as CSV, its first row and column being row 1 and A."""
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows(rows_of(sheet))


def rows_of(sheet: CalamineSheet) -> Iterator[list[str]]:
    """Yield the rows as text, the empty ones above and beside the data too."""
    beside = [""] * (sheet.start or (0, 0))[1]  # the reader leaves these out
    for row in sheet.iter_rows():
        yield beside + [as_text(value) for value in row]


def as_text(value: object) -> str:
    """Return a cell as it is written in CSV; days as ``2026-10-05``."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date | timedelta):
        return str(value)
    return "" if value is None else str(value)


def limit() -> None:
    """Set the limits; the kernel ends a child that runs away."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_TEXT_BYTES, LARGEST_TEXT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
