"""The pieces that notations are made of: numbers, lines, pairs, bands."""

import json
import re
from typing import Any

from auditapp.domain.text import Text
from auditapp.gateways.standard_files.names import CellFaultError, shown

Cell = str | int | float | bool
_LINES = re.compile(r"[|｜\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_PAIR = re.compile(r"[=＝]")


def as_text(cell: Cell) -> str:
    """Return a cell as text: 5 for 5.0, true for TRUE."""
    return str(cell).lower() if isinstance(cell, bool) else str(cell).strip()


def as_number(cell: Cell, *, is_whole: bool) -> int | float:
    """Return the number of a cell.

    Raises:
        CellFaultError: It is none.
    """
    text = as_text(cell).replace("＋", "+").replace("－", "-")
    number: int | float | None = None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        number = cell
    elif _NUMBER.fullmatch(text):
        number = float(text) if "." in text else int(text)
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if number is None or (is_whole and isinstance(number, float)):
        zh, en = ("整数", "a whole number") if is_whole else ("数", "a number")
        raise CellFaultError(
            Text(f"“{shown(cell)}”要写成{zh}。", f"“{shown(cell)}” must be {en}.")
        )
    return number


def lines_of(cell: Cell) -> list[str]:
    """Return the parts between | and line ends, the empty ones left out."""
    return [part.strip() for part in _LINES.split(as_text(cell)) if part.strip()]


def split_pair(line: str, at: int) -> tuple[str, str]:
    """Cut a line at its first (0) or last (-1) equals sign.

    Raises:
        CellFaultError: There is none.
    """
    signs = list(_PAIR.finditer(line))
    if not signs:
        raise CellFaultError(
            Text(
                f"“{shown(line)}”要写成“左 = 右”。",
                f"“{shown(line)}” must be written as “left = right”.",
            )
        )
    sign = signs[at]
    return line[: sign.start()].strip(), line[sign.end() :].strip()


def band_of(line: str) -> dict[str, Any]:
    """Return the band of ``15 = 100``."""
    limit, score = split_pair(line, 0)
    limit = limit.removeprefix("≤").removeprefix("<=")
    return {
        "up_to": as_number(limit, is_whole=False),
        "score": as_number(score, is_whole=True),
    }


def atom(value: Any) -> str:  # noqa: ANN401
    """Write a word, a number or a list of them, quoted where it must be."""
    if isinstance(value, list):
        return f"[{', '.join(map(atom, value))}]"
    if isinstance(value, str) and _is_bare(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def atom_of(text: str) -> Any:  # noqa: ANN401
    """Read what ``atom`` wrote, or what a person would write for it."""
    if text.startswith("["):
        inner = text.strip("[] ")
        return [atom_of(part.strip()) for part in re.split("[,，]", inner)]
    try:
        return json.loads(text)
    except ValueError:
        return text


def _is_bare(text: str) -> bool:
    is_plain = text == text.strip() and not re.search(r'[|｜\n=＝,，\[\]"]', text)
    if not text or not is_plain:
        # a limit such as <=7 holds the sign of a pair and is yet plain
        return bool(re.fullmatch(r"[<>]=?\d+(\.\d+)?", text))
    try:
        json.loads(text)
    except ValueError:
        return True
    return False
