"""Whether one field of an organisation file is written soundly."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from auditapp.domain.errors import Problem
from auditapp.domain.organisation import (
    CHOICE,
    DECIMAL,
    FLAG,
    HOURS,
    IDENTIFIER,
    LONGEST_TEXT,
    TEXT,
    WHOLE,
    WORDS,
    Field,
)
from auditapp.domain.organisation_texts import problem, shown

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)
_HOURS = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_PHONE = re.compile(r"\+[\d ()-]+", re.ASCII)
# also their full-width forms, which spreadsheets fold. Source: OWASP CSV injection
_FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"
_FARTHEST_NORTH = 90

Finding = tuple[str, dict[str, Any]]


def field_problems(field: Field, value: object, pointer: str) -> Iterator[Problem]:
    """Yield what is wrong with the value of a field; ``None`` means not written."""
    if value is None or value == "":
        if field.is_needed:
            yield problem(pointer, "missing", field=field.label)
        return
    for code, facts in _CHECKS[field.kind](field, value):
        yield problem(
            pointer, code, **{"field": field.label, "value": shown(value)} | facts
        )


def _text(_field: Field, value: object) -> Iterator[Finding]:
    if not isinstance(value, str):
        yield "not-text", {}
        return
    if len(value) > LONGEST_TEXT:
        yield "text-too-long", {"limit": LONGEST_TEXT}
    if any(not each.isprintable() for each in value):
        yield "odd-characters", {}
    if value.lstrip()[:1] in _FORMULA_STARTS and not _PHONE.fullmatch(value):
        yield "formula", {"value": value.lstrip()[:1]}


def _identifier(_field: Field, value: object) -> Iterator[Finding]:
    if not isinstance(value, str):
        yield "not-text", {}
    elif not _IDENTIFIER.fullmatch(value):
        yield "bad-identifier", {}


def _words(field: Field, value: object) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield "not-a-list", {}
        return
    for word in value:
        for code, facts in _identifier(field, word):
            yield code, {"value": shown(word)} | facts
    doubled = {str(word) for word in value if value.count(word) > 1}
    for word in sorted(doubled):
        yield "doubled-word", {"value": shown(word)}


def _number(field: Field, value: object) -> Iterator[Finding]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):  # type: ignore[arg-type]
        yield "not-a-number", {}
    elif field.kind == WHOLE and value != int(value):  # type: ignore[call-overload]
        yield "not-whole", {}
    elif not field.low <= value <= field.high:  # type: ignore[operator]
        is_swapped = field.name == "lat" and value > _FARTHEST_NORTH  # type: ignore[operator]
        code = "swapped-position" if is_swapped else "out-of-range"
        yield code, {"low": field.low, "high": field.high}


def _hours(_field: Field, value: object) -> Iterator[Finding]:
    is_span = isinstance(value, str) and _HOURS.fullmatch(value)
    if not is_span or value[:5] >= value[6:]:  # type: ignore[index]
        yield "bad-hours", {}


def _flag(_field: Field, value: object) -> Iterator[Finding]:
    if not isinstance(value, bool):
        yield "not-a-flag", {}


_CHECKS: dict[int, Callable[[Field, object], Iterator[Finding]]] = {
    IDENTIFIER: _identifier,
    CHOICE: _identifier,
    TEXT: _text,
    WORDS: _words,
    WHOLE: _number,
    DECIMAL: _number,
    HOURS: _hours,
    FLAG: _flag,
}
