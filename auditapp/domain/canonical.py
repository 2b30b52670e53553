"""One sequence of bytes for one JSON value, so that a digest can name it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

# ECMAScript writes plain digits from 1e-6 up to, not including, 1e21
_FIRST_PLAIN_POINT, _LAST_PLAIN_POINT = -5, 21


def canonical_json(value: object) -> bytes:
    """Return the value's canonical JSON in UTF-8.

    Raises:
        ValueError: A number is not finite or not exactly a double, a string holds half
            of a surrogate pair, or a key is no string.
        TypeError: The value is no JSON.

    Source: RFC 8785.
    """
    return _text(value).encode("utf-8")


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _text(value: object) -> str:
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(_member(k, value[k]) for k in _ordered(value)) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ",".join(map(_text, value)) + "]"
    message = f"{type(value).__name__} is not JSON"
    raise TypeError(message)


def _member(key: str, value: object) -> str:
    return f"{json.dumps(key, ensure_ascii=False)}:{_text(value)}"


def _ordered(mapping: Mapping[object, object]) -> list[str]:
    """Sort keys by UTF-16 code units, which differs from code points above U+FFFF."""
    keys = []
    for key in mapping:
        if not isinstance(key, str):
            message = f"key {key!r} is not a string"
            raise ValueError(message)  # noqa: TRY004 - the value is wrong, not the call
        keys.append(key)
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))


def _number(value: float) -> str:
    try:
        written = _double(float(value))
    except OverflowError as error:
        message = "number is not finite"
        raise ValueError(message) from error
    if isinstance(value, int) and written != str(value):
        message = "whole number is not exactly a double"
        raise ValueError(message)
    return written


def _double(value: float) -> str:
    """Write a double as ECMAScript's Number::toString does."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    shortest = Decimal(repr(abs(value))).normalize().as_tuple()
    if not isinstance(shortest.exponent, int):
        raise OverflowError
    digits = "".join(map(str, shortest.digits))
    point = len(digits) + shortest.exponent
    if not _FIRST_PLAIN_POINT <= point <= _LAST_PLAIN_POINT:
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}e{point - 1:+d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits.ljust(point, "0")
    return f"{sign}{digits[:point]}.{digits[point:]}"
