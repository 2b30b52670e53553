"""A place in a checklist document, and how to speak about it."""

from dataclasses import dataclass

from auditapp.domain.errors import Problem
from auditapp.domain.text import Text


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in the document; ``owner`` names the item or section it belongs to."""

    pointer: str
    owner: Text
    key: str = ""

    def at(self, *steps: object) -> "Spot":
        """Return a spot further inside; its key is the last step that is a word."""
        pointer, key = self.pointer, self.key
        for step in steps:
            pointer += "/" + str(step).replace("~", "~0").replace("/", "~1")
            key = key if isinstance(step, int) else str(step)
        return Spot(pointer, self.owner, key)

    def owned_by(self, zh: str, en: str) -> "Spot":
        """Return the same place, spoken of under another name."""
        return Spot(self.pointer, Text(zh, en), self.key)

    def problem(self, code: str, zh: str, en: str) -> Problem:
        """Return what is wrong here, the owner's name in front."""
        text = Text(f"{self.owner.zh}：{zh}", f"{self.owner.en}: {en}")
        return Problem(self.pointer, code, text)
