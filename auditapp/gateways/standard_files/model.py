"""What is read from a file of the standard, and where each part of it stood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditapp.domain.errors import Problem
from auditapp.domain.text import Text

Document = dict[str, Any]
FORMAT = 1  # of our workbooks; older ones stay readable


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file was exported from; "" and 0 where it does not say."""

    checklist: str = ""
    version: str = ""
    draft: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class CellAt:
    """A cell of a workbook: row from 1, ``column`` its letters, "" for the row."""

    sheet: str
    row: int
    column: str = ""
    title: str = ""

    def text(self) -> Text:
        """Say where: sheet, row, column with its title."""
        zh, en = f"“{self.sheet}”页", f"Sheet “{self.sheet}”"
        if self.row:
            zh, en = f"{zh}第{self.row}行", f"{en}, row {self.row}"
        if self.column:
            named = f"“{self.title}”" if self.title else ""
            zh += f"{self.column}列{named}"
            en += f", column {self.column}{' ' + named if named else ''}"
        return Text(zh, en)


@dataclass(frozen=True, slots=True)
class LineAt:
    """A line of a text file, counted from 1."""

    line: int

    def text(self) -> Text:
        """Say where."""
        return Text(f"第{self.line}行", f"Line {self.line}")


Place = CellAt | LineAt


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a file or a format does not keep; ``place`` None: in general."""

    text: Text
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ReadStandard:
    """A document read from a file.

    ``faults`` are cells that say nothing; ``left_out`` what has no meaning here or got
    a default; ``places`` is keyed by JSON pointer. ``vocabulary`` None: the file has
    none.
    """

    document: Document
    origin: Origin = Origin()
    faults: tuple[Problem, ...] = ()
    left_out: tuple[Note, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    vocabulary: Document | None = None
    is_foreign: bool = False

    def place_of(self, pointer: str) -> Place | None:
        """Return where a pointer, or the nearest part around it, stands."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer)
