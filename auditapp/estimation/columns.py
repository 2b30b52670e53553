"""Columns of a CSV file, read in bounded pieces, with errors that name the place."""

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from auditapp.estimation.evidence import Floats
from auditapp.estimation.file_errors import FileError

ROWS_AT_ONCE = 50_000
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


COUNT = Column(int, "a whole number from 0")
LOST_POINTS = Column(float, "a number from 0 to 100", -SLACK_POINTS, 100 + SLACK_POINTS)


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
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            places = _places(path.name, next(rows, None), columns)
            while chunk := list(islice(rows, ROWS_AT_ONCE)):
                yield _converted(path, [row for row in chunk if row], places, columns)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileError(path.name, str(error)) from error


def _places(
    name: str, header: list[str] | None, columns: Mapping[str, Column]
) -> list[int]:
    """Return where the columns stand; an empty file's are nowhere."""
    if header is None:
        return [0] * len(columns)
    known = {title.strip(): place for place, title in enumerate(header)}
    missing = [column for column in columns if column not in known]
    if missing:
        raise FileError(name, f"the header lacks {', '.join(missing)}", 1)
    return [known[column] for column in columns]


def _converted(
    path: Path, rows: list[list[str]], places: list[int], columns: Mapping[str, Column]
) -> tuple[Floats, ...]:
    """Return rows as typed columns; whatever fails is looked for row by row."""
    try:
        texts = list(zip(*rows, strict=True)) or [()] * (max(places) + 1)
        return tuple(
            column.read(texts[place])
            for place, column in zip(places, columns.values(), strict=True)
        )
    except (ValueError, KeyError, IndexError) as error:
        raise _problem(path, columns) from error


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
