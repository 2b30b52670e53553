"""Reading JSON from strangers: one meaning for one text, or none."""

import json
import math
import re
from typing import Any, NoReturn

from auditapp.domain.errors import DomainError
from auditapp.domain.text import Text

DEEPEST = 32

# possessive, and taking an open end too: linear whatever arrives
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NOT_A_BRACKET = bytes(byte for byte in range(256) if byte not in b"[]{}")
_OPENING = frozenset(b"[{")
_SURROGATE = re.compile(rb"\\u[dD]")


class MalformedError(DomainError):
    """What was sent is no JSON, or JSON that two readers would read differently."""

    code = "malformed-json"
    text = Text(
        "收到的不是有效的 JSON，什么都没有保存。",
        "What arrived is not sound JSON; nothing was stored.",
    )


def read_json(content: bytes) -> Any:  # noqa: ANN401
    """Return the value of a JSON text.

    Python by itself also takes NaN and Infinity, numbers too large for a double, other
    encodings, halves of surrogate pairs, and the last of several equal keys; and it
    falls over deep nesting.

    Raises:
        MalformedError: The text is none of RFC 8259 and I-JSON (RFC 7493), or nested
            deeper than ``DEEPEST``.
    """
    if _depth(content) > DEEPEST:
        raise MalformedError
    try:
        value = json.loads(
            content.decode("utf-8"),
            parse_constant=_refuse,
            parse_float=_finite,
            object_pairs_hook=_object,
        )
        if _SURROGATE.search(content):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except ValueError as error:  # also UnicodeError and what our hooks raise
        raise MalformedError from error
    return value


def _depth(content: bytes) -> int:
    depth = deepest = 0
    for bracket in _STRING.sub(b"", content).translate(None, _NOT_A_BRACKET):
        depth += 1 if bracket in _OPENING else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(digits)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        message = "a key stands twice"
        raise ValueError(message)
    return value
