"""Customers' mobile numbers: one way to write each, and how they may be shown."""

import re

# Source: ITU-T E.164; mobile numbers of the mainland are 11 digits from 13 to 19
_MAINLAND = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.ASCII)
_ABROAD = re.compile(r"(?:\+|00)([1-9]\d{6,14})", re.ASCII)
_FILLING = re.compile(r"[\s\-()．.（）–—]+")
_WIDE = str.maketrans("０１２３４５６７８９＋", "0123456789+")
_HAS_DIGITS = re.compile(r"\d[\d\s-]{5,}")
# a mainland number, also with gaps; digits beside it would make it something longer
_INSIDE = re.compile(
    r"(?<!\d)(?:\+?86[\s-]?|0086[\s-]?)?[1１][\s-]?[3-9３-９](?:[\s-]?\d){9}(?!\d)"
)
_SHOWN_FIRST, _SHOWN_LAST = 3, 4


def read_phone_number(text: str) -> str | None:
    """Return a number as ``+8613800001234``; None when it is not one."""
    plain = _FILLING.sub("", text.translate(_WIDE))
    mainland = _MAINLAND.fullmatch(plain)
    if mainland:
        return f"+86{mainland[1]}"
    abroad = _ABROAD.fullmatch(plain)
    return f"+{abroad[1]}" if abroad and not abroad[1].startswith("86") else None


def masked(number: str) -> str:
    """Return what may be shown of a number: ``138****1234``."""
    local = number.removeprefix("+86").removeprefix("+")
    return f"{local[:_SHOWN_FIRST]}****{local[-_SHOWN_LAST:]}"


def masked_name(surname: str) -> str:
    """Return what may be shown of a name: ``王**``."""
    return f"{surname}**"


def dialled(number: str) -> str:
    """Return a number as one dials it in the country: ``13800001234``."""
    return number.removeprefix("+86")


def without_numbers(text: str) -> str:
    """Return a text with every mobile number in it masked, however it is spaced."""
    if not _HAS_DIGITS.search(text):
        return text
    return _INSIDE.sub(_mask_inside, text)


def _mask_inside(found: re.Match[str]) -> str:
    number = read_phone_number(found[0])
    return masked(number) if number else found[0]
