"""What a cell answers to a question: by id, key, Chinese or English wording."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from auditapp.domain.customer_import import FIVE, TEN
from auditapp.domain.import_faults import UnreadableCellError
from auditapp.domain.phone_number import without_numbers

LONGEST_WORDS = 2000
MOST_REMEMBERED = 5000
DAMAGED = "\ufffd"
_NUMBER = re.compile(
    r"([+-]?\d{1,9}(?:\.\d{1,6})?)\s*(?:分|星|颗星|points?|stars?)?", re.IGNORECASE
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_YES = frozenset({"yes", "y", "1", "true", "是", "有", "对"})
_NO = frozenset({"no", "n", "0", "false", "否", "没有", "不是"})
_SCALE = range(1, 6)
_SHOWN_ANSWERS = 6

Reader = Callable[[str], Any]


class Remembering(dict[str, Any]):
    """Reads each text once: a column of answers has few different ones."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:  # noqa: ANN401 (whatever ``read`` returns)
        value = self._read(text)
        if len(self) < MOST_REMEMBERED:
            self[text] = value
        return value


def answer_reader(item: Mapping[str, Any], rating_scale: int) -> Reader:
    """Return what reads the answers to an item; raises ``UnreadableCellError``.

    ``rating_scale`` says how far the file's ratings go where the item asks for 1 to 10.
    """
    match item["kind"]:
        case "choice":
            return _choice_reader(item)
        case "scale":
            return _scale_reader(item)
        case "yes_no":
            return _read_yes_no
        case "number":
            is_stretched = rating_scale == FIVE and item.get("max") == TEN
            return _number_reader(item, is_stretched=is_stretched)
        case "timing_seconds":
            return lambda text: read_number(text, 0, 14_400)
        case _:
            return read_words


def read_number(text: str, low: float, high: float) -> int | float:
    """Return a number within limits; ``8分`` and full-width digits are numbers too."""
    found = _NUMBER.fullmatch(_folded(text))
    if not found:
        raise UnreadableCellError(code="not-a-number", value=text)
    value = float(found[1])
    if not low <= value <= high:
        facts = {"value": text, "low": f"{low:g}", "high": f"{high:g}"}
        raise UnreadableCellError(code="out-of-range", **facts)
    return int(value) if value.is_integer() else value


def read_words(text: str) -> str:
    """Return free text as it may be kept: numbers masked, nothing unprintable."""
    if len(text) > LONGEST_WORDS:
        raise UnreadableCellError(code="long-text", limit=str(LONGEST_WORDS))
    if DAMAGED in text:
        raise UnreadableCellError(code="damaged-text", value=text)
    return without_numbers(_CONTROLS.sub(" ", text)).strip()


def read_short(text: str, longest: int, code: str) -> str:
    """Return an id or a name: one line, not longer than ``longest``."""
    if DAMAGED in text:
        raise UnreadableCellError(code="damaged-text", value=text)
    flat = " ".join(_CONTROLS.sub(" ", text).split())
    if len(flat) > longest:
        raise UnreadableCellError(code=code, limit=str(longest))
    return flat


def _choice_reader(item: Mapping[str, Any]) -> Reader:
    known: dict[str, str] = {}
    for option in item["options"]:
        for said in (option["id"], option.get("key"), option["zh"], option["en"]):
            if said:
                known.setdefault(_folded(str(said)), option["id"])
    names = " / ".join(option["zh"] for option in item["options"][:_SHOWN_ANSWERS])
    return _table_reader(known, names)


def _scale_reader(item: Mapping[str, Any]) -> Reader:
    known: dict[str, Any] = {str(value): value for value in _SCALE}
    for value, anchor in item.get("anchors", {}).items():
        for said in (anchor.get("zh"), anchor.get("en")):
            if said:
                known.setdefault(_folded(said), int(value))
    look_up = _table_reader(known, "1–5")

    def read(text: str) -> Any:  # noqa: ANN401
        found = _NUMBER.fullmatch(_folded(text))
        number = float(found[1]) if found else None
        return int(number) if number in _SCALE else look_up(text)  # type: ignore[arg-type]

    return read


def _table_reader(known: Mapping[str, Any], names: str) -> Reader:
    def read(text: str) -> Any:  # noqa: ANN401
        folded = _folded(text)
        if folded not in known:
            raise UnreadableCellError(code="not-an-answer", value=text, known=names)
        return known[folded]

    return read


def _number_reader(item: Mapping[str, Any], *, is_stretched: bool) -> Reader:
    low, high = item.get("min", 0), item.get("max", 10**9)
    if is_stretched:
        return lambda text: 2 * read_number(text, 1, FIVE)
    return lambda text: read_number(text, low, high)


def _read_yes_no(text: str) -> str:
    folded = _folded(text)
    if folded in _YES or folded in _NO:
        return "yes" if folded in _YES else "no"
    raise UnreadableCellError(code="not-an-answer", value=text, known="是 / 否")


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text[:300]).casefold().split())
