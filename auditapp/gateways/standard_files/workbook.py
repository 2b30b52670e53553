"""A checklist as a workbook to edit: lists to choose from, frozen header, notes."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.spreadsheet_cells import as_cell
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.standard_files.columns import Column, columns_of
from auditapp.gateways.standard_files.model import Document, Origin
from auditapp.gateways.standard_files.notations import LONGEST_CELL, Flag
from auditapp.gateways.standard_files.table import Table
from auditapp.gateways.standard_files.tables import file_rows, sheet_title, tables_of

_MORE_ROWS = 200  # below the last one, where new items go
_LONGEST_LIST = 255  # characters; Excel refuses a longer list within a cell's rule
_LISTS = "lists"
_LISTS_TITLE = Text("列表", "Lists")


def write_workbook(
    document: Document, vocabulary: Document, origin: Origin, language: str
) -> bytes:
    """Return a checklist as XLSX; nothing is locked, and no text is ever a formula.

    Raises:
        InvalidError: A text is longer than a cell can be.
    """
    columns = columns_of(Vocabulary.from_document(vocabulary))
    tables = tables_of(document, vocabulary, columns, language)
    _check_lengths(tables)
    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        book = _Book(workbook, language)
        book.notes(tables)
        for table in tables:
            book.sheet(table)
        book.lists()
        book.about(origin)
    return file.getvalue()


class _Book:
    def __init__(self, workbook: Any, language: str) -> None:  # noqa: ANN401
        self.workbook = workbook
        self.language = language
        shade = {"bold": True, "bg_color": "#E6EEF0", "bottom": 1, "text_wrap": True}
        self.header = workbook.add_format({**shade, "valign": "top"})
        top = {"text_wrap": True, "valign": "top"}
        self.plain = workbook.add_format(top)
        self.text = workbook.add_format({**top, "num_format": "@"})
        self.quoted = workbook.add_format({**top, "num_format": "@", "quote_prefix": 1})
        self.listed: list[list[str]] = []

    def notes(self, tables: Sequence[Table]) -> None:
        """Say what each column is, on the first sheet."""
        titles = [
            Text("工作表", "Sheet"),
            Text("列", "Column"),
            Text("怎么写", "How to write it"),
        ]
        sheet = self.workbook.add_worksheet(sheet_title("notes", self.language))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 22)
        sheet.set_column(2, 2, 100)
        for column, title in enumerate(titles):
            sheet.write_string(0, column, self._say(title), self.header)
        row = 1
        for note in _GENERAL:
            sheet.write_string(row, 2, self._say(note), self.plain)
            row += 1
        for table in tables:
            for each in table.columns:
                if each.note:
                    named = sheet_title(table.name, self.language)
                    sheet.write_string(row, 0, named, self.plain)
                    sheet.write_string(row, 1, self._say(each.label), self.plain)
                    sheet.write_string(row, 2, self._say(each.note), self.plain)
                    row += 1

    def sheet(self, table: Table) -> None:
        """Write one table."""
        sheet = self.workbook.add_worksheet(sheet_title(table.name, self.language))
        sheet.freeze_panes(1, 2 if table.name == "items" else 1)
        if table.name == "items":
            sheet.activate()
        for index, column in enumerate(table.columns):
            sheet.write_string(0, index, self._say(column.label), self.header)
            sheet.set_column(index, index, column.width)
            self._rule(sheet, index, column, len(table.rows))
            for number, row in enumerate(table.rows, start=1):
                self._write(sheet, number, index, row[index])
        if table.rows and table.name != "checklist":
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)

    def lists(self) -> None:
        """Write what the cells choose from, where it is too long for their rule."""
        sheet = self.workbook.add_worksheet(self._say(_LISTS_TITLE))
        sheet.hide()
        for column, words in enumerate(self.listed):
            for row, word in enumerate(words):
                self._write(sheet, row, column, word)

    def about(self, origin: Origin) -> None:
        """Say what the file was made from, so that it merges when it comes back."""
        sheet = self.workbook.add_worksheet(sheet_title("file", self.language))
        sheet.hide()
        for row, (name, value) in enumerate(file_rows(origin)):
            sheet.write_string(row, 0, name, self.text)
            sheet.write_string(row, 1, value, self.text)

    def _rule(self, sheet: Any, index: int, column: Column, count: int) -> None:  # noqa: ANN401
        words = column.book.said(self.language) if column.book else []
        if isinstance(column.notation, Flag):
            words = ["yes", "no"] if self.language.startswith("en") else ["是", "否"]
        rule: dict[str, Any] = {"ignore_blank": True, "error_type": "warning"}
        if (
            words
            and len(",".join(words)) <= _LONGEST_LIST
            and "," not in "".join(words)
        ):
            rule |= {"validate": "list", "source": words}
        elif words:
            rule |= {"validate": "list", "source": self._range(words)}
        elif column.key == "weight":
            rule |= {"validate": "integer", "criteria": "between"}
            rule |= {"minimum": 0, "maximum": 5}
        else:
            return
        sheet.data_validation(1, index, count + _MORE_ROWS, index, rule)

    def _range(self, words: list[str]) -> str:
        if words not in self.listed:
            self.listed.append(words)
        letter = chr(65 + self.listed.index(words))
        title = self._say(_LISTS_TITLE)
        return f"='{title}'!${letter}$1:${letter}${len(words)}"

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> None:  # noqa: ANN401
        if isinstance(value, bool) or value is None:
            return
        if isinstance(value, int | float):
            sheet.write_number(row, column, value, self.plain)
            return
        is_risky = as_cell(value) != value
        sheet.write_string(row, column, value, self.quoted if is_risky else self.text)

    def _say(self, text: Text) -> str:
        return text.in_language(self.language)


_GENERAL = (
    Text(
        "一行是一个项目，从上到下就是走查的顺序；删一行就是删这个项目，加一行就是加项目。",
        "One row is one item, and their order is the order of the walk. Deleting a row"
        " removes the item, a new row adds one.",
    ),
    Text(
        "编号永远不改；新项目起一个新编号：小写字母、数字和下划线，3至40个字符。",
        "Ids never change. A new item gets a new one: small letters, digits and _, 3 to"
        " 40 characters.",
    ),
    Text(
        "没有的列不会改动：可以删掉不用的列，也可以换列的顺序。",
        "A column that is not there is left alone: delete those you do not need, or"
        " move them.",
    ),
    Text(
        "“词汇”页只供查阅，导入时不改词汇。",
        "The sheet “Vocabulary” is for reading; bringing the file back changes no"
        " word.",
    ),
)


def _check_lengths(tables: Sequence[Table]) -> None:
    problems = [
        Problem(
            "",
            "too-long-for-a-cell",
            Text(
                f"“{row[0]}”有一段文字超过{LONGEST_CELL}字，Excel放不下，请改用YAML。",
                f"A text of “{row[0]}” has more than {LONGEST_CELL} characters, which"
                " Excel cannot hold. Use YAML.",
            ),
        )
        for table in tables
        for row in table.rows
        for cell in row
        if isinstance(cell, str) and len(cell) > LONGEST_CELL
    ]
    if problems:
        raise InvalidError(problems)
