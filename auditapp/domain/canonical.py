"""One sequence of bytes for one JSON value, so that a digest can name it."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from json import JSONEncoder
from json.encoder import encode_basestring
from typing import Any

# ECMAScript writes plain digits from 1e-6 up to, not including, 1e21
_FIRST_PLAIN_POINT, _LAST_PLAIN_POINT = -5, 21
_PLAIN = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_PLAIN_KINDS = frozenset({str, bool, type(None)})
_WORDS = {None: "null", True: "true", False: "false"}
_WHOLE_DOUBLES = 1 << 53  # whole numbers up to here are exactly doubles


def canonical_json(value: object) -> bytes:
    """Return the value's canonical JSON in UTF-8.

    Raises:
        ValueError: A number is not finite or not exactly a double, a string holds half
            of a surrogate pair, or a key is no string.
        TypeError: The value is no JSON.

    Source: RFC 8785.
    """
    text = _PLAIN.encode(value) if _is_plain(value) else _text(value)
    return text.encode("utf-8")


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _is_plain(value: object) -> bool:
    """Tell whether the library writes a value, many times faster, as the RFC says."""
    left: list[Any] = [value]
    while left:
        each = left.pop()
        kind = type(each)
        if kind is dict:
            if not _has_plain_keys(each):
                return False
            left.extend(each.values())
        elif kind is list:
            left.extend(each)
        elif kind is int:
            if not -_WHOLE_DOUBLES <= each <= _WHOLE_DOUBLES:
                return False
        elif kind not in _PLAIN_KINDS:
            return False
    return True


def _has_plain_keys(mapping: dict[Any, Any]) -> bool:
    try:
        return "".join(mapping).isascii()
    except TypeError:  # a key is no string
        return False


def _text(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        members = [f"{encode_basestring(k)}:{_text(value[k])}" for k in _ordered(value)]
        return "{" + ",".join(members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ",".join(map(_text, value)) + "]"
    message = f"{type(value).__name__} is not JSON"
    raise TypeError(message)


def _ordered(mapping: Mapping[object, object]) -> list[str]:
    """Sort keys by UTF-16 code units, which differs from code points above U+FFFF."""
    keys = []
    for key in mapping:
        if not isinstance(key, str):
            message = f"key {key!r} is not a string"
            raise ValueError(message)  # noqa: TRY004 - the value is wrong, not the call
        keys.append(key)
    if all(map(str.isascii, keys)):  # code units and code points agree
        return sorted(keys)
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))


def _number(value: float) -> str:
    if isinstance(value, int) and -_WHOLE_DOUBLES <= value <= _WHOLE_DOUBLES:
        return str(value)
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
