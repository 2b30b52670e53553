"""How one value of a checklist is written in one cell, and read back.

Whatever a notation cannot say exactly is written as ``json:`` and its JSON, so that no
value is ever lost.
"""

import json
from typing import Any, Protocol

from auditapp.domain.text import Text
from auditapp.gateways.standard_files.cell_parts import (
    Cell,
    as_number,
    as_text,
    atom,
    atom_of,
    band_of,
    lines_of,
    split_pair,
)
from auditapp.gateways.standard_files.names import (
    CellFaultError,
    NameBook,
    shown,
)

JSON = "json:"
LONGEST_CELL = 32_767  # characters; Excel holds no more
_FLAGS = {
    **dict.fromkeys(("是", "yes", "true", "y", "1", "对", "✓"), True),
    **dict.fromkeys(("否", "no", "false", "n", "0", "不", "✗"), False),
}


class Notation(Protocol):
    """Writes values into cells of a column and reads them back."""

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return the cell of a value; anything when it does not fit."""

    def read(self, cell: Cell) -> Any:  # noqa: ANN401
        """Return the value of a cell, or raise ``CellFaultError``."""


def to_cell(notation: Notation, value: Any, language: str) -> Cell:  # noqa: ANN401
    """Return the cell of any JSON value; reading it gives exactly that value."""
    try:
        cell = notation.write(value, language)
        if _same(from_cell(notation, cell), value) and cell != "":
            return cell
    except (CellFaultError, TypeError, ValueError, KeyError, AttributeError):
        pass
    return JSON + json.dumps(value, ensure_ascii=False)


def from_cell(notation: Notation, cell: Cell) -> Any:  # noqa: ANN401
    """Return a cell's value.

    Raises:
        CellFaultError: The cell says nothing that the column knows.
    """
    if isinstance(cell, str) and cell.startswith(JSON):
        try:
            return json.loads(cell.removeprefix(JSON))
        except (ValueError, RecursionError) as error:
            zh, en = (
                "json: 后面的内容不是有效的JSON。",
                "what follows json: is no JSON.",
            )
            raise CellFaultError(Text(zh, en)) from error
    return notation.read(cell)


def _same(one: object, other: object) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


class Words:
    """Free text as it stands, spaces around it and all."""

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return the text."""
        del language
        is_fit = isinstance(value, str) and value == value.strip()
        return value if is_fit and "\r" not in value else ""

    def read(self, cell: Cell) -> str:
        """Return the text; a number is one that a program made of digits."""
        if isinstance(cell, bool):
            return "true" if cell else "false"
        return (
            cell.replace("\r\n", "\n").strip() if isinstance(cell, str) else (str(cell))
        )


class Number:
    """A number; ``is_whole`` refuses fractions."""

    def __init__(self, *, is_whole: bool = True) -> None:
        self.is_whole = is_whole

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return the number itself."""
        del language
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return value if is_number else ""

    def read(self, cell: Cell) -> int | float:
        """Return the number, also of digits typed as text."""
        return as_number(cell, is_whole=self.is_whole)


class ScoreOrSkip(Number):
    """Points of an option, or the word that leaves the question out."""

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return the points, or the word."""
        if value == "skip":
            return "skip" if language.startswith("en") else "不计分"
        return super().write(value, language)

    def read(self, cell: Cell) -> Any:  # noqa: ANN401
        """Return the points, or ``skip``."""
        return "skip" if cell in ("skip", "不计分") else super().read(cell)


class Flag:
    """Yes or no."""

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return 是 or 否, yes or no."""
        if not isinstance(value, bool):
            return ""
        return ("yes", "no")[not value] if language.startswith("en") else "否是"[value]

    def read(self, cell: Cell) -> bool:
        """Return what a word or a tick means."""
        found = _FLAGS.get(str(as_text(cell)).lower())
        if found is None:
            raise CellFaultError(
                Text(
                    f"“{shown(cell)}”要写“是”或“否”。",
                    f"“{shown(cell)}” must be “yes” or “no”.",
                )
            )
        return found


class Choice:
    """One word of a book."""

    def __init__(self, book: NameBook) -> None:
        self.book = book

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return the word's name."""
        return self.book.say(value, language)

    def read(self, cell: Cell) -> str:
        """Return the word."""
        return self.book.word(as_text(cell))


class TextList:
    """Texts with | between them."""

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return the texts in a line."""
        del language
        return " | ".join(value)

    def read(self, cell: Cell) -> list[str]:
        """Return the texts, none of them empty."""
        return lines_of(cell)


class NumberList:
    """Numbers with | between them."""

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return the numbers in a line."""
        del language
        return " | ".join(map(str, value))

    def read(self, cell: Cell) -> list[int | float]:
        """Return the numbers."""
        return [as_number(line, is_whole=False) for line in lines_of(cell)]


class Bands:
    """``15 = 100 | 30 = 80``: up to 15 scores 100."""

    separator = " | "

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return the bands in a line."""
        del language
        bands = (f"{band['up_to']} = {band['score']}" for band in value)
        return self.separator.join(bands)

    def read(self, cell: Cell) -> list[dict[str, Any]]:
        """Return the bands."""
        return [band_of(line) for line in lines_of(cell)]


class Pairs:
    """Lines of ``name = value``; a value is a word, a number or ``[a, b]``."""

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return one line for each name."""
        del language
        return "\n".join(f"{key} = {atom(each)}" for key, each in value.items())

    def read(self, cell: Cell) -> dict[str, Any]:
        """Return the values by their names."""
        pairs = {}
        for line in lines_of(cell):
            key, wanted = split_pair(line, 0)
            pairs[key] = atom_of(wanted)
        return pairs


class Anchors:
    """Lines of ``1 = what step 1 looks like``."""

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return one line for each step."""
        del language
        return "\n".join(f"{step} = {text}" for step, text in value.items())

    def read(self, cell: Cell) -> dict[str, str]:
        """Return the texts by their steps."""
        return dict(split_pair(line, 0) for line in lines_of(cell))
