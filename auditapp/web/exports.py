"""Lists as CSV files that stream, and that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Iterator

from flask import Response, stream_with_context

# what begins a formula in some spreadsheet, full-width forms too.
# Source: OWASP, CSV Injection
_FORMULA = tuple("=+-@|%＝＋－＠\t\r\n")
BYTE_ORDER_MARK = "\ufeff"  # or Excel reads Chinese as Latin


def csv_download(
    name: str, header: list[str], rows: Iterable[list[object]]
) -> Response:
    """Answer with a CSV file, row by row as the generator ``rows`` yields them."""

    def lines() -> Iterator[str]:
        yield BYTE_ORDER_MARK + csv_line(header)
        for row in rows:
            yield csv_line(row)

    response = Response(stream_with_context(lines()), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV (RFC 4180)."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([as_cell(cell) for cell in cells])
    return buffer.getvalue()


def as_cell(value: object) -> object:
    """Return a cell's value; a text that could be a formula gets a mark before it."""
    if not isinstance(value, str):
        return "" if value is None else value
    lines = value.splitlines() or [value]
    is_risky = any(line.lstrip().startswith(_FORMULA) for line in lines)
    return f"'{value}" if is_risky or value.startswith(_FORMULA) else value
