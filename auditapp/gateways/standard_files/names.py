"""Words as people write them in a cell: by id, or by name in either language."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from auditapp.domain.text import Text

# what a notation uses itself; a name that holds one is written by its id
_RESERVED = re.compile(r"[|｜&＆=＝:：;；,，\n\[\]\"]|^(not|非|不是)")
_FEW = 12


class CellFaultError(Exception):
    """A cell says nothing that its column knows; ``text`` is for the person."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class NameBook:
    """Some words and their names; read in either language, whatever the case."""

    def __init__(self, names: Mapping[str, Text]) -> None:
        self.names = names
        self._ids: dict[str, str] = {}
        said: dict[str, set[str]] = {}
        for word, name in names.items():
            for text in (name.zh, name.en):
                said.setdefault(_plain(text), set()).add(word)
        for text, words in said.items():
            if len(words) == 1:
                self._ids[text] = next(iter(words))
        self._ids |= {_plain(word): word for word in names}

    def say(self, word: str, language: str) -> str:
        """Return a word's name; its id where the name could be read otherwise."""
        if word not in self.names:
            return word
        name = self.names[word].in_language(language)
        is_sure = self._ids.get(_plain(name)) == word and not _RESERVED.search(name)
        return name if is_sure else word

    def said(self, language: str) -> list[str]:
        """Return every word as ``say`` says it."""
        return [self.say(word, language) for word in self.names]

    def find(self, text: str) -> str | None:
        """Return the word that is meant; None when there is none."""
        return self._ids.get(_plain(text))

    def word(self, text: str) -> str:
        """Return the word that is meant.

        Raises:
            CellFaultError: There is none.
        """
        found = self.find(text)
        if found is None:
            zh, en = self.perhaps(text)
            raise CellFaultError(
                Text(
                    f"“{shown(text)}”不在可选的词里{zh}",
                    f"“{shown(text)}” is none of the words to choose from{en}",
                )
            )
        return found

    def perhaps(self, text: str) -> tuple[str, str]:
        """End a sentence about an unknown word with the way out."""
        close = get_close_matches(_plain(text), self._ids, n=1)
        if close:
            name = self.names[self._ids[close[0]]]
            return f"，是不是“{name.zh}”？", f"; did you mean “{name.en}”?"
        if len(self.names) <= _FEW:
            return _listed(self.names.values())
        return "，请从下拉列表里选。", "; choose one from the list."


def shown(text: object) -> str:
    """Return a value as a sentence may quote it, cut when long."""
    said = " ".join(str(text).split())
    return said if len(said) <= 40 else said[:40] + "…"  # noqa: PLR2004


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _listed(names: Iterable[Text]) -> tuple[str, str]:
    known = list(names)
    return (
        f"，可以写：{'、'.join(name.zh for name in known)}。",
        f"; write {', '.join(name.en for name in known)}.",
    )
