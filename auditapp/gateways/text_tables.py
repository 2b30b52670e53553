"""Tables as text from outside: CSV in whatever encoding and with whatever separator.

Read as a stream; a row that cannot be read is told and the next one is read. Memory is
bounded by the longest record, never by the file.
"""

import codecs
import csv
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text

HEAD_BYTES = 256 * 1024
SCAN_BYTES = 1024 * 1024
LONGEST_LINE = 64 * 1024  # characters
MOST_LINES = 50  # of one record; more are a quote that was never closed
LONGEST_RECORD = 128 * 1024
MOST_COLUMNS = 200
SAMPLE_RECORDS = 25
SEPARATORS = (",", "\t", ";", "，", "；", "|")
DAMAGED = "\ufffd"
MOST_DAMAGED_SHARE = 0.01
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

csv.field_size_limit(2 * LONGEST_RECORD)  # we stop a record before


class UnreadableTableError(InvalidError):
    """The file is no table that can be read; the sentence says what to do."""

    code = "unreadable-table"

    def __init__(self, text: Text) -> None:
        super().__init__([Problem("/file", self.code, text)])


_EMPTY = Text("文件是空的。", "The file is empty.")
_NO_TEXT = Text(
    "这不是能读的表格文件。请存成CSV（UTF-8或GB18030）或Excel工作簿（.xlsx）。",
    "This is no table that can be read. Save it as CSV (UTF-8 or GB18030) or as an"
    " Excel workbook (.xlsx).",
)
_TOO_WIDE = Text(
    f"表格超过{MOST_COLUMNS}列，请只留要导入的列。",
    f"The table has more than {MOST_COLUMNS} columns. Leave only those to import.",
)


@dataclass(frozen=True, slots=True)
class TextLayout:
    """How a table is written down."""

    encoding: str
    separator: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row; ``number`` is what a spreadsheet calls it, ``fault`` why it is broken.

    ``offset`` is how many bytes of the file were read so far, about.
    """

    number: int
    cells: list[str]
    fault: str | None
    offset: int


def find_layout(path: Path) -> TextLayout:
    """Tell encoding and separator of a file.

    Raises:
        UnreadableTableError: It is empty, no text, or too wide.
    """
    encoding = _find_encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(HEAD_BYTES)
    if not sample.strip():
        raise UnreadableTableError(_EMPTY)
    if sample.count(DAMAGED) > MOST_DAMAGED_SHARE * len(sample) + 1:
        raise UnreadableTableError(_NO_TEXT)
    layout = TextLayout(encoding, _find_separator(sample))
    for record in _first(path, layout):
        if len(record.cells) > MOST_COLUMNS:
            raise UnreadableTableError(_TOO_WIDE)
    return layout


def read_records(path: Path, layout: TextLayout) -> Iterator[Record]:
    """Yield every row of a table, the first being number 1; empty ones too."""
    with (
        path.open("rb") as raw,
        TextIOWrapper(raw, layout.encoding, errors="replace", newline="") as file,
    ):
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=layout.separator)
        number = 0
        while True:
            number += 1
            fault: str | None = None
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (_RunawayError, csv.Error):
                cells, fault = [], "open-quote"
            if lines.was_cut:
                fault = "long-line"
            elif lines.has_ended_inside:
                fault = "open-quote"
            if fault:
                cells = lines.give_back().rstrip("\r\n").split(layout.separator)
            yield Record(number, cells[: MOST_COLUMNS + 1], fault, raw.tell())


class _RunawayError(Exception):
    """A record goes on for longer than any does."""


class _Lines:
    """The lines of a file, and those of the record that is being read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self._length = 0
        self.was_cut = self.has_ended_inside = False

    def begin(self) -> None:
        """Say that a new record begins."""
        self._record, self._length = [], 0
        self.was_cut = self.has_ended_inside = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._record) >= MOST_LINES or self._length > LONGEST_RECORD:
            raise _RunawayError
        line = self._again.popleft() if self._again else self._read()
        if not line:
            self.has_ended_inside = bool(self._record)
            raise StopIteration
        self._record.append(line)
        self._length += len(line)
        return line

    def give_back(self) -> str:
        """Return the record's first line; those after it are read again."""
        first, *rest = self._record
        self._again.extendleft(reversed(rest))
        return first

    def _read(self) -> str:
        line = self._file.readline(LONGEST_LINE)
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            self.was_cut = True
            while (rest := self._file.readline(LONGEST_LINE)) and not rest.endswith(
                ("\n", "\r")
            ):
                pass
        return line


def _find_encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise UnreadableTableError(_EMPTY)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        raise UnreadableTableError(_NO_TEXT)
    broken = _first_broken_piece(path)
    if broken is None:
        return "utf-8"
    damage = {
        encoding: broken.decode(encoding, "replace").count(DAMAGED)
        for encoding in ("gb18030", "utf-8")
    }
    return min(damage, key=damage.__getitem__)


def _first_broken_piece(path: Path) -> bytes | None:
    """Return the piece of the file that is not UTF-8, None when all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while piece := file.read(SCAN_BYTES):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return piece
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return b"\xff"
    return None


def _find_separator(sample: str) -> str:
    """Return what cuts the first rows into the most columns, equally many in each."""
    ranked = []
    for separator in SEPARATORS:
        reader = csv.reader(sample.splitlines(keepends=True), delimiter=separator)
        widths: Counter[int] = Counter()
        try:
            for row, _ in zip(reader, range(SAMPLE_RECORDS), strict=False):
                if any(row):
                    widths[len(row)] += 1
        except csv.Error:
            continue
        wide = {width: count for width, count in widths.items() if width > 1}
        width = max(wide, key=lambda each: (wide[each], each), default=1)
        ranked.append((wide.get(width, 0), width, separator))
    best = max(ranked, key=lambda each: each[:2], default=(0, 1, ","))
    return best[2] if best[1] > 1 else ","


def _first(path: Path, layout: TextLayout) -> Iterator[Record]:
    for record in read_records(path, layout):
        if record.number > SAMPLE_RECORDS:
            return
        yield record
