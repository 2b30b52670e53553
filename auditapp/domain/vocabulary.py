"""The words that checklists, halls and visits share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from auditapp.domain.text import Text

TAGS = ("quality", "group", "rater", "cause", "skill", "contact", "owner")

# Whom a word without clauses of its own speaks about; a Chinese clause about the hall
# goes without its subject, because several may follow one “本厅”
_SUBJECTS = {
    "tiers": Text("", "the hall"),
    "traits": Text("", "the hall"),
    "scenario": Text("这次", "this visit"),
    "today": Text("今天", "today"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its name, and how to say that it holds or does not hold.

    ``holds`` and ``fails`` are clauses about the hall (“地处高原”, “the hall is on the
    high plateau”; Chinese without its subject), the visit or the day. ``excludes``
    names words of the same kind that can never hold together with this one.
    """

    word_id: str
    name: Text
    holds: Text
    fails: Text
    means: Text | None = None
    excludes: frozenset[str] = frozenset()


Words = Mapping[str, Word]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word by kind, each mapping in the order of the file.

    ``tags`` holds the words that sort items: quality, group, rater, cause, skill,
    contact, owner.
    """

    version: str
    tiers: Words
    traits: Words
    today: Words
    scenarios: Words
    events: Words
    stages: Words
    tags: Mapping[str, Words]

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read the vocabulary file.

        Raises:
            KeyError: A kind of word, or a word's Chinese or English, is missing.
        """
        return cls(
            version=document["version"],
            tiers=_words(document, "tiers"),
            traits=_words(document, "traits"),
            today=_words(document, "today"),
            scenarios=_words(document, "scenario"),
            events=_words(document, "events"),
            stages=_words(document, "stages"),
            tags={tag: _words(document, tag) for tag in TAGS},
        )

    def condition_words(self) -> dict[str, Word]:
        """Return every word a condition may use, as it is written there."""
        return {
            **self.traits,
            **{f"tier.{key}": word for key, word in self.tiers.items()},
            **{f"today.{key}": word for key, word in self.today.items()},
            **{f"scenario.{key}": word for key, word in self.scenarios.items()},
        }


def _words(document: Mapping[str, Any], kind: str) -> dict[str, Word]:
    return {key: _word(key, entry, kind) for key, entry in document[kind].items()}


def _word(word_id: str, entry: Mapping[str, Any], kind: str) -> Word:
    name = Text(entry["zh"], entry["en"])
    subject = _SUBJECTS.get(kind, Text("", "it"))
    return Word(
        word_id,
        name,
        holds=_pair(entry, "holds")
        or Text(f"{subject.zh}属于“{name.zh}”", f"{subject.en} is “{name.en}”"),
        fails=_pair(entry, "fails")
        or Text(f"{subject.zh}不属于“{name.zh}”", f"{subject.en} is not “{name.en}”"),
        means=_pair(entry, "means"),
        excludes=frozenset(entry.get("excludes", ())),
    )


def _pair(entry: Mapping[str, Any], key: str) -> Text | None:
    if f"{key}_zh" not in entry:
        return None
    return Text(entry[f"{key}_zh"], entry[f"{key}_en"])
