"""Columns of a CSV file, read in bounded pieces, with errors that name the place."""

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditapp.estimation.evidence import Floats
from auditapp.estimation.file_errors import FileError

BYTES_AT_ONCE = 1 << 17  # small enough to stay in the processor's cache
SLACK_POINTS = 0.001


@dataclass(frozen=True)
class Column:
    """How a column's cells are read, what they are called, and their bounds."""

    parse: Callable[[str], float]
    what: str
    lowest: float = 0
    highest: float = math.inf

    def accepts(self, text: str) -> bool:
        """Return whether one cell can be read."""
        try:
            return self.lowest <= self.parse(text) <= self.highest
        except (ValueError, KeyError):
            return False

    def read(self, texts: Sequence[str]) -> Floats:
        """Return cells as numbers; ValueError or KeyError if one cannot be read."""
        values = np.fromiter(map(self.parse, texts), np.float64, len(texts))
        if not np.all((values >= self.lowest) & (values <= self.highest)):
            raise ValueError(self.what)
        return values


LOST_POINTS = Column(float, "a number from 0 to 100", -SLACK_POINTS, 100 + SLACK_POINTS)


class _WholeNumbers(dict[str, float]):
    """Texts of whole numbers; each is parsed once, most come again and again."""

    def __missing__(self, text: str) -> float:
        self[text] = float(int(text))
        return self[text]


def counts() -> Column:
    """Return a column of whole numbers from 0."""
    return Column(_WholeNumbers().__getitem__, "a whole number from 0")


def one_of(codes: Mapping[str, int], what: str) -> Column:
    """Return a column of known words, as their codes."""
    return Column(codes.__getitem__, what)


class Codes(dict[str, int]):
    """Words in the order of their first appearance; a new one gets the next code."""

    def __missing__(self, word: str) -> int:
        if not word:
            raise KeyError(word)
        self[word] = len(self)
        return self[word]


def read_columns(
    path: Path, columns: Mapping[str, Column]
) -> Iterator[tuple[Floats, ...]]:
    """Yield the columns, some rows at a time, in the order asked for.

    An empty file has no rows. Raises FileError for anything unreadable.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            header = next(csv.reader([file.readline()]), [])
            places = _places(path.name, header, columns)
            while lines := file.readlines(BYTES_AT_ONCE):
                rows = [line for line in lines if line != "\n"]
                yield _converted(path, rows, (len(header), places), columns)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileError(path.name, str(error)) from error


def _places(name: str, header: list[str], columns: Mapping[str, Column]) -> list[int]:
    """Return where the columns stand; an empty file's are nowhere."""
    if not header:
        return [0] * len(columns)
    known = {title.strip(): place for place, title in enumerate(header)}
    missing = [column for column in columns if column not in known]
    if missing:
        raise FileError(name, f"the header lacks {', '.join(missing)}", 1)
    return [known[column] for column in columns]


def _converted(
    path: Path,
    lines: list[str],
    shape: tuple[int, list[int]],
    columns: Mapping[str, Column],
) -> tuple[Floats, ...]:
    """Return rows as typed columns; whatever fails is looked for row by row.

    ``shape`` is how many cells a row has and where the columns stand.
    """
    width, places = shape
    try:
        texts = _cells(lines, width)
        return tuple(
            column.read(texts[place :: width + 1])
            for place, column in zip(places, columns.values(), strict=True)
        )
    except (ValueError, KeyError) as error:
        raise _problem(path, columns) from error


def _cells(lines: list[str], width: int) -> list[str]:
    """Return the cells of all rows, a line end after each row but the last.

    Splitting everything at once is several times faster than row by row. Raises
    ValueError if a row has not ``width`` cells.
    """
    text = "".join(lines).rstrip("\n")
    if '"' in text:
        cells = [cell for row in csv.reader(lines) for cell in (*row, "\n")][:-1]
    else:
        cells = text.replace("\n", ",\n,").split(",") if text else []
    ends = cells[width :: width + 1]
    if (cells and (len(cells) + 1) % (width + 1)) or ends.count("\n") != len(ends):
        raise ValueError(width)
    return cells


def _problem(path: Path, columns: Mapping[str, Column]) -> FileError:
    """Return the first thing in a file that cannot be read."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        places = _places(path.name, header, columns)
        for row in filter(None, rows):
            if len(row) != len(header):
                problem = f"{len(row)} cells instead of {len(header)}"
                return FileError(path.name, problem, rows.line_num)
            for place, (title, column) in zip(places, columns.items(), strict=True):
                if not column.accepts(row[place]):
                    problem = f"{row[place]!r} is not {column.what}"
                    return FileError(path.name, problem, rows.line_num, title)
    return FileError(path.name, "cannot be read")
