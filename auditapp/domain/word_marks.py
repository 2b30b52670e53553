"""Which words of a text another version changes: by word, in Chinese by character."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKENS = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
LONGEST = 2_000  # characters; longer texts are marked as one


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``is_changed`` when the other version does not have it."""

    text: str
    is_changed: bool


Pieces = tuple[Piece, ...]


def word_marks(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces that put together are the texts again."""
    if max(len(before), len(after)) > LONGEST:
        return _pieces([(before, True)]), _pieces([(after, True)])
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    one, other = [], []
    for tag, i1, i2, j1, j2 in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        one.append(("".join(old[i1:i2]), tag != "equal"))
        other.append(("".join(new[j1:j2]), tag != "equal"))
    return _pieces(one), _pieces(other)


def _pieces(found: list[tuple[str, bool]]) -> Pieces:
    return tuple(Piece(text, is_changed) for text, is_changed in found if text)
