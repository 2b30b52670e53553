"""What an XLSForm had that a checklist has not, gathered by kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from auditapp.domain.errors import Problem
from auditapp.domain.text import Text
from auditapp.gateways.standard_files.model import CellAt, Note, Place

_SHOWN = 8


@dataclass(slots=True)
class Findings:
    """Rows by what was left out of them, and cells that stand against reading."""

    by_kind: dict[Text, list[CellAt]] = field(default_factory=dict)
    faults: list[Problem] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def leave_out(self, text: Text, at: CellAt) -> None:
        """Remember a row that something of is left out."""
        self.by_kind.setdefault(text, []).append(at)

    def refuse(self, at: CellAt, zh: str, en: str, pointer: str = "") -> None:
        """Remember a cell that cannot be read."""
        pointer = pointer or f"/form/{at.sheet}/{at.row}/{at.column}"
        self.places.setdefault(pointer, at)
        self.faults.append(Problem(pointer, "bad-cell", Text(zh, en)))

    def notes(self) -> Iterator[Note]:
        """Yield one note for each kind, with its rows."""
        for text, places in self.by_kind.items():
            rows = list(dict.fromkeys(place.row for place in places))
            if not rows[0]:
                yield Note(text)
                continue
            more_zh = f"等{len(rows)}行" if len(rows) > _SHOWN else ""
            more_en = f" … {len(rows)} rows in all" if len(rows) > _SHOWN else ""
            listed = ", ".join(map(str, rows[:_SHOWN]))
            zh = f"{text.zh}（{places[0].sheet}页第{listed}行{more_zh}）。"
            en = f"{text.en} ({places[0].sheet}, row {listed}{more_en})."
            yield Note(Text(zh, en), places[0] if len(rows) == 1 else None)
