"""How conditions and what follows from them are written in one cell."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from auditapp.domain.text import Text
from auditapp.gateways.standard_files.cell_parts import (
    Cell,
    as_text,
    band_of,
    lines_of,
    split_pair,
)
from auditapp.gateways.standard_files.names import CellFaultError, NameBook, shown

_ALSO = re.compile(r"[&＆、]")
_NOT = re.compile(r"(?:not\s+|非\s*|不是\s*)")


def condition_text(condition: Any, book: NameBook, language: str) -> str:  # noqa: ANN401
    """Write a condition: ``Rainy & not Small hall``; a list of one in brackets."""
    words = [condition] if isinstance(condition, str) else condition
    said = " & ".join(_word_text(word, book, language) for word in words)
    is_lone = not isinstance(condition, str) and len(words) == 1
    return f"[{said}]" if is_lone else said


def condition_of(text: str, book: NameBook) -> str | list[str]:
    """Read a condition.

    Raises:
        CellFaultError: A word is not known.
    """
    words = [_word_of(each, book) for each in _ALSO.split(text.strip("[] "))]
    is_lone = len(words) == 1 and not text.startswith("[")
    return words[0] if is_lone else words


def _word_text(word: str, book: NameBook, language: str) -> str:
    bare = word.removeprefix("not ")
    said = book.say(bare, language)
    if bare == word:
        return said
    return f"not {said}" if language.startswith("en") else f"非{said}"


def _word_of(text: str, book: NameBook) -> str:
    text = text.strip()
    found = book.find(text)
    if found is not None:
        return found
    negation = _NOT.match(text)
    if negation:
        return f"not {book.word(text[negation.end() :])}"
    return book.word(text)


class Rules:
    """Lines of ``Rainy & Small hall = Optional``."""

    def __init__(self, conditions: NameBook, outcomes: NameBook) -> None:
        self.conditions = conditions
        self.outcomes = outcomes

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return one line for each rule."""
        return "\n".join(
            f"{condition_text(rule['if'], self.conditions, language)} = "
            f"{self.outcomes.say(rule['set'], language)}"
            for rule in value
        )

    def read(self, cell: Cell) -> list[dict[str, Any]]:
        """Return the rules in their order; the last one that holds wins."""
        rules = []
        for line in lines_of(cell):
            condition, outcome = split_pair(line, -1)
            found = condition_of(condition, self.conditions)
            rules.append({"if": found, "set": self.outcomes.word(outcome)})
        return rules


class BandRules:
    """Lines of ``Small hall: 30 = 100, 60 = 70``."""

    def __init__(self, conditions: NameBook) -> None:
        self.conditions = conditions

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return one line for each rule."""
        lines = []
        for rule in value:
            condition = condition_text(rule["if"], self.conditions, language)
            bands = ", ".join(f"{b['up_to']} = {b['score']}" for b in rule["bands"])
            lines.append(f"{condition}: {bands}")
        return "\n".join(lines)

    def read(self, cell: Cell) -> list[dict[str, Any]]:
        """Return the rules in their order."""
        rules = []
        for line in lines_of(cell):
            parts = re.split("[:：]", line, maxsplit=1)
            if len(parts) == 1:
                raise CellFaultError(
                    Text(
                        f"“{shown(line)}”要写成“条件: 30 = 100, 60 = 70”。",
                        f"“{shown(line)}” must be written as “condition: 30 = 100”.",
                    )
                )
            bands = [band_of(each) for each in re.split("[,，]", parts[1])]
            found = condition_of(parts[0].strip(), self.conditions)
            rules.append({"if": found, "bands": bands})
        return rules


class Timer:
    """``Enter → Greeted``: two buttons of the journey clock."""

    def __init__(self, events: NameBook) -> None:
        self.events = events

    def write(self, value: Mapping[str, str], language: str) -> Cell:
        """Return both buttons."""
        names = (self.events.say(value[key], language) for key in ("from", "to"))
        return " → ".join(names)

    def read(self, cell: Cell) -> dict[str, str]:
        """Return both buttons."""
        parts: Sequence[str] = re.split(r"→|->|—>|\||｜", as_text(cell))
        if len(parts) != 2:  # noqa: PLR2004
            raise CellFaultError(
                Text(
                    f"“{shown(cell)}”要写成“从 → 到”，两个计时按钮。",
                    f"“{shown(cell)}” must be written as “from → to”, two buttons.",
                )
            )
        start, end = (self.events.word(part) for part in parts)
        return {"from": start, "to": end}
