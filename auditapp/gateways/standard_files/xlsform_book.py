"""The three sheets of an XLSForm as a workbook, and what its columns are called."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from auditapp.domain.spreadsheet_cells import as_cell

Row = dict[str, Any]
OURS = "auditapp_"
ZH, EN = "中文 (zh)", "English (en)"

_FIRST = {
    "survey": ("type", "name", f"label::{ZH}", f"label::{EN}", f"hint::{ZH}",
               f"hint::{EN}", "required", "relevant", "constraint", "calculation"),
    "choices": ("list_name", "name", f"label::{ZH}", f"label::{EN}"),
    "settings": (),
}  # fmt: skip


def write_form(survey: Sequence[Row], choices: Sequence[Row], settings: Row) -> bytes:
    """Return the three sheets as XLSX; texts stay texts, never formulas."""
    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    sheets = {
        "survey": survey,
        "choices": choices,
        "settings": [settings],
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        bold = workbook.add_format({"bold": True, "bg_color": "#E6EEF0", "bottom": 1})
        quoted = workbook.add_format({"quote_prefix": 1})
        for title, rows in sheets.items():
            sheet = workbook.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            names = list(dict.fromkeys((*_FIRST[title], *(k for r in rows for k in r))))
            for index, name in enumerate(names):
                sheet.write_string(0, index, name, bold)
                sheet.set_column(index, index, 36 if "::" in name else 18)
            for number, row in enumerate(rows, start=1):
                for index, name in enumerate(names):
                    _write(sheet, (number, index), row.get(name, ""), quoted)
    return file.getvalue()


def _write(sheet: Any, at: tuple[int, int], value: Any, quoted: Any) -> None:  # noqa: ANN401
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(*at, value)
    elif value != "":
        is_risky = as_cell(value) != value
        sheet.write_string(*at, str(value), quoted if is_risky else None)
