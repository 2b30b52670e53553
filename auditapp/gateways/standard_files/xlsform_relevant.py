"""Conditions of an XLSForm, as far as a checklist can hold them."""

import re
from typing import Any

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_COMPARED = re.compile(
    r"\$\{\s*([\w.\-]+)\s*\}\s*(>=|<=|=|>|<)\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+(?:\.\d+)?))"
)
_SELECTED = re.compile(
    r"selected\s*\(\s*\$\{\s*([\w.\-]+)\s*\}\s*,\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)"
)
_BOUND = re.compile(r"\.\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)")


def read_relevant(written: str) -> dict[str, Any] | None:
    """Return the answers that are asked for, by question; None: it says more."""
    asked: dict[str, Any] = {}
    for part in _AND.split(_bare(written)):
        found = _part(_bare(part))
        if found is None or found[0] in asked:
            return None
        asked[found[0]] = found[1]
    return asked


def read_constraint(written: str) -> dict[str, int | float] | None:
    """Return the least and the most that may be answered; None: it says more."""
    bounds: dict[str, int | float] = {}
    for part in _AND.split(_bare(written)):
        found = _BOUND.fullmatch(_bare(part))
        if found is None:
            return None
        sign, number = found[1], _number(found[2])
        # whole answers: more than 0 is 1 or more
        if sign in (">", "<") and isinstance(number, float):
            return None
        number += {">": 1, "<": -1}.get(sign, 0)
        bounds["min" if sign.startswith(">") else "max"] = number
    return bounds


def _part(part: str) -> tuple[str, Any] | None:
    chosen = _SELECTED.fullmatch(part)
    if chosen:
        return chosen[1], chosen[2] if chosen[2] is not None else chosen[3]
    found = _COMPARED.fullmatch(part)
    if found is None:
        return None
    text = found[3] if found[3] is not None else found[4]
    if found[2] == "=":
        return found[1], text if text is not None else _number(found[5])
    number = found[5] if found[5] is not None else text
    if not re.fullmatch(r"\d+(\.\d+)?", number or ""):
        return None
    return found[1], f"{found[2]}{number}"


def _number(digits: str) -> int | float:
    return float(digits) if "." in digits else int(digits)


def _bare(text: str) -> str:
    """Return a text without spaces and one pair of brackets around all of it."""
    text = text.strip()
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for at, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0 and at < len(text) - 1:
            return text
    return text[1:-1].strip()
