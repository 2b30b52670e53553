"""The sheet of options: those of single items, and sets that several items share."""

from dataclasses import dataclass, field
from typing import Any

from auditapp.domain.text import Text
from auditapp.gateways.standard_files.reading import ReadRow, ReadSheet


@dataclass(frozen=True, slots=True)
class OptionRows:
    """Options by item and by set; None: the file has no sheet of options."""

    items: dict[str, list[ReadRow]] | None
    sets: dict[str, list[dict[str, Any]]] | None
    set_rows: dict[str, list[ReadRow]] = field(default_factory=dict)


def read_options(sheet: ReadSheet) -> OptionRows:
    """Return the options; a row without an owner belongs to the one above."""
    items: dict[str, list[ReadRow]] = {}
    sets: dict[str, list[ReadRow]] = {}
    last = ("", "")
    for row in sheet.read():
        owner = str(row.values.pop("item", "")), str(row.values.pop("set", ""))
        last = owner if any(owner) else last
        if all(last) or not any(last):
            row.faults["item"] = _ONE_OWNER
        if last[1]:
            sets.setdefault(last[1], []).append(row)
        else:
            items.setdefault(last[0], []).append(row)
    found = {name: [row.values for row in rows] for name, rows in sets.items()}
    return OptionRows(items, found, sets)


_ONE_OWNER = Text(
    "请写这个选项属于哪个项目，或者哪个选项组，只写一个。",
    "Say which item or which option set the option belongs to; only one of the two.",
)
