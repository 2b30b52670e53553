"""Names of an XLSForm as ids that live here: small letters, digits, 3 to 40."""

import re
from dataclasses import dataclass, field

_LONGEST, _SHORTEST = 40, 3


@dataclass(slots=True)
class Ids:
    """Gives each name an id of its own and remembers it."""

    taken: set[str] = field(default_factory=set)
    by_name: dict[str, str] = field(default_factory=dict)

    def give(self, name: str) -> str:
        """Return a new id for a name, the name itself where it can be one."""
        plain = re.sub(r"[^a-z0-9_]+", "_", name.casefold()).strip("_")
        if not plain or not plain[0].isalpha():
            plain = f"q_{plain}".rstrip("_")
        if len(plain) < _SHORTEST:
            plain = f"q_{plain}"
        plain = plain[:_LONGEST]
        found, number = plain, 2
        while found in self.taken:
            tail = f"_{number}"
            found, number = plain[: _LONGEST - len(tail)] + tail, number + 1
        self.taken.add(found)
        self.by_name.setdefault(name, found)
        return found
