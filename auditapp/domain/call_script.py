"""The words of a call and the way through its questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from auditapp.domain.answer_values import fault_of, is_blank
from auditapp.domain.callback import CallingRules
from auditapp.domain.form import is_asked
from auditapp.domain.text import Text

NOT_SAID = None  # the question was put and the customer did not say
MOST_KEYS = 10  # 1 … 9 and 0
_YES_NO = (("yes", Text("是", "Yes")), ("no", Text("否", "No")))
_SENTENCE_ENDS = "。.!！?？"
_NOTHING = Text("", "")

Answers = Mapping[str, Any]
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a key gives."""

    key: str
    value: str
    text: Text


@dataclass(frozen=True, slots=True)
class CallSheet:
    """A published call script: what is said, what is asked, whom one may call."""

    version: str
    form: Mapping[str, Any]
    rules: CallingRules
    opening: Text
    refusal: Text
    closing: Text

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], form: Mapping[str, Any]
    ) -> Self:
        """Read the checked document of a checklist and its form."""
        return cls(
            version=document["version"],
            form=form,
            rules=CallingRules.from_document(document.get("contact_rules", {})),
            opening=_pair(document, "opening"),
            refusal=_pair(document, "refusal"),
            closing=_pair(document, "closing"),
        )

    def asked(self, answers: Answers) -> list[Item]:
        """Return the questions that these answers call for, in their order."""
        known = {key: {"value": value} for key, value in answers.items()}
        return [item for item in self.form["items"] if is_asked(item, known)]

    def next_item(self, answers: Answers) -> Item | None:
        """Return the first question that was not put yet; None at the end."""
        return next((i for i in self.asked(answers) if i["id"] not in answers), None)

    def find_item(self, item_id: str, answers: Answers) -> Item | None:
        """Return a question that these answers call for."""
        return next((i for i in self.asked(answers) if i["id"] == item_id), None)

    def item_before(self, item_id: str | None, answers: Answers) -> Item | None:
        """Return the question before one, or the last for None; None at the start."""
        asked = self.asked(answers)
        ids = [item["id"] for item in asked]
        place = ids.index(item_id) if item_id in ids else len(ids)
        return asked[place - 1] if place else None

    def said(self, answers: Answers) -> dict[str, Any]:
        """Return what counts: answers to questions that are asked and were answered."""
        ids = [item["id"] for item in self.asked(answers)]
        return {key: answers[key] for key in ids if answers.get(key) is not NOT_SAID}


def choices_of(item: Item) -> list[Choice]:
    """Return the answers that number keys give; empty where one types."""
    match item["kind"]:
        case "yes_no":
            pairs = list(_YES_NO)
        case "choice":
            pairs = [(each["id"], _text(each)) for each in item["options"]]
        case "scale":
            anchors = item.get("anchors", {})
            pairs = [
                (step, _text(anchors[step]) if step in anchors else _NOTHING)
                for step in map(str, range(1, 6))
            ]
        case "number" if "min" in item and "max" in item:
            pairs = [(str(n), _NOTHING) for n in range(item["min"], item["max"] + 1)]
        case _:
            pairs = []
    if len(pairs) > MOST_KEYS:
        return []
    return [
        Choice(_key_of(item, place, value), value, text)
        for place, (value, text) in enumerate(pairs, start=1)
    ]


def read_answer(item: Item, raw: str) -> tuple[bool, Any]:
    """Return whether a typed or chosen answer is sound, and its value.

    Nothing typed is an answer too: the customer did not say.
    """
    if is_blank(raw):
        return True, NOT_SAID
    value: Any = raw.replace("\x00", "").strip()  # no database keeps a NUL
    if item["kind"] in {"scale", "number", "timing_seconds"}:
        if not value.isascii() or not value.isdecimal():
            return False, NOT_SAID
        value = int(value)
    return not fault_of(item, value), value


def words_said(script: CallSheet, answers: Answers) -> str | None:
    """Return the customer's own words, several questions' together; None for none."""
    said = script.said(answers)
    words = [
        said[item["id"]]
        for item in script.form["items"]
        if item["kind"] == "text" and item["id"] in said
    ]
    return "\n".join(words) or None


def fill(text: Text, facts: Mapping[str, Text]) -> Text:
    """Return a text with ``{agent}`` and the like said; nothing else is replaced."""
    zh, en = text.zh, text.en
    for name, said in facts.items():
        zh, en = zh.replace(f"{{{name}}}", said.zh), en.replace(f"{{{name}}}", said.en)
    return Text(zh, en)


def without_promise(text: Text) -> Text:
    """Leave out the sentences that speak of a promise where none was made."""
    return Text(_unpromising(text.zh, ""), _unpromising(text.en, " "))


def _unpromising(text: str, joint: str) -> str:
    sentences, start = [], 0
    for place, sign in enumerate(text, start=1):
        if sign in _SENTENCE_ENDS or place == len(text):
            sentences.append(text[start:place].strip())
            start = place
    return joint.join(each for each in sentences if "{promise_time}" not in each)


def _key_of(item: Item, place: int, value: str) -> str:
    """Return the key of an answer: a number's own digit, else its place; ten is 0."""
    is_own = item["kind"] == "number" and 0 < int(value) <= MOST_KEYS
    return str((int(value) if is_own else place) % MOST_KEYS)


def _pair(document: Mapping[str, Any], name: str) -> Text:
    return Text(document.get(f"{name}_zh", ""), document.get(f"{name}_en", ""))


def _text(pair: Mapping[str, str]) -> Text:
    return Text(pair["zh"], pair["en"])
