"""Options of a choice as lines: ``met = 100 | 做到 | Met``."""

import re
from collections.abc import Sequence
from typing import Any

from auditapp.domain.text import Text
from auditapp.gateways.standard_files.cell_parts import Cell, as_text
from auditapp.gateways.standard_files.names import CellFaultError, shown
from auditapp.gateways.standard_files.notations import ScoreOrSkip

_MORE = ("key", "cause")


class OptionLines:
    """One line an option: its id, its points, both wordings; then ``key=``, ``cause=``.

    A single word is the name of an option set.
    """

    def write(self, value: Any, language: str) -> Cell:  # noqa: ANN401
        """Return a line for each option, or the set's name."""
        if isinstance(value, str):
            return value
        return "\n".join(self._line(option, language) for option in value)

    def read(self, cell: Cell) -> str | list[dict[str, Any]]:
        """Return the options in their order, or the name of a set."""
        text = as_text(cell)
        if re.fullmatch(r"[a-z][a-z0-9_]*", text):
            return text
        return [self._option(line) for line in text.splitlines() if line.strip()]

    def _line(self, option: dict[str, Any], language: str) -> str:
        points = ScoreOrSkip().write(option["score"], language)
        more = [f"{key}={option[key]}" for key in _MORE if key in option]
        parts = [f"{option['id']} = {points}", option["zh"], option["en"], *more]
        return " | ".join(parts)

    def _option(self, line: str) -> dict[str, Any]:
        first, *rest = (part.strip() for part in re.split(r"[|｜]", line))
        name, *points = (p.strip() for p in re.split("[=＝]", first, maxsplit=1))
        if not points or len(rest) < 2:  # noqa: PLR2004 (both wordings)
            raise CellFaultError(_fault(line))
        option = {
            "id": name,
            "zh": rest[0],
            "en": rest[1],
            "score": ScoreOrSkip().read(_number(points[0])),
        }
        return option | self._more(line, rest[2:])

    @staticmethod
    def _more(line: str, parts: Sequence[str]) -> dict[str, str]:
        pairs = [part.split("=", 1) for part in parts]
        if any(len(pair) < 2 or pair[0] not in _MORE for pair in pairs):  # noqa: PLR2004
            raise CellFaultError(_fault(line))
        return {key: value.strip() for key, value in pairs}


def _number(points: str) -> Cell:
    return int(points) if points.isdecimal() else points


def _fault(line: str) -> Text:
    return Text(
        f"“{shown(line)}”要写成“编号 = 分数 | 中文 | 英文”。",
        f"“{shown(line)}” must be written as “id = points | Chinese | English”.",
    )
