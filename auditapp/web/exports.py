"""Lists as CSV files that stream, and that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Iterator

from flask import Response, stream_with_context

from auditapp.domain.spreadsheet_cells import as_cell

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
