"""Dates as people and programs in China write them; what could be two days is none."""

import re
from datetime import date, timedelta

from auditapp.domain.import_faults import UnreadableCellError

EARLIEST_YEAR = 2000
_NUMBERS = re.compile(
    r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*[日号]?(?:[\sT].*|上午.*|下午.*|\d{1,2}[:时点].*)?",
    re.ASCII | re.DOTALL,
)
_IN_A_YEAR = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?(?:\s.*)?", re.ASCII)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s?\d{4}|\s?\d{6})?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_NAMED = re.compile(
    r"(?:([a-z]{3,9})\.?[\s-]+(\d{1,2}),?|(\d{1,2})[\s-]+([a-z]{3,9})\.?,?)[\s-]+(\d{4})"
    r"(?:\s.*)?",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov")
_WIDE = str.maketrans("０１２３４５６７８９／．－：　", "0123456789/.-: ")
# Excel counts from 1900-01-01 = 1 and believes in 1900-02-29. Source: ECMA-376, 18.17.4
_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_SERIAL = (date(EARLIEST_YEAR, 1, 1) - _SERIAL_ZERO).days
_YEAR_DIGITS, _LAST_MONTH = 4, 12


def read_day(text: str, today: date) -> date:
    """Return the day that a cell names; a time beside it is left out.

    ``10月5日`` is the last one that was; ``5/10/2026`` could be two days.

    Raises:
        UnreadableCellError: It is no date, could be two, or was not yet.
    """
    plain = text.translate(_WIDE).strip()
    day = _spelled(plain) or _counted(plain) or _without_year(plain, today)
    if day is None:
        raise UnreadableCellError(code="no-date", value=text)
    if day > today:
        raise UnreadableCellError(code="future-date", value=text)
    if day.year < EARLIEST_YEAR:
        raise UnreadableCellError(code="old-date", value=text)
    return day


def _spelled(plain: str) -> date | None:
    found = _NUMBERS.fullmatch(plain)
    if found:
        first, middle, last = found.groups()
        if len(first) == _YEAR_DIGITS:
            return _day(plain, first, middle, last)
        if len(last) == _YEAR_DIGITS:
            return _year_last(plain, first, middle, last)
        raise UnreadableCellError(code="unclear-date", value=plain)
    found = _NAMED.fullmatch(plain)
    if not found:
        return None
    name = (found[1] or found[4]).lower()[:3]
    months = (*_MONTHS, "dec")
    if name not in months:
        return None
    return _day(plain, found[5], str(months.index(name) + 1), found[2] or found[3])


def _year_last(plain: str, first: str, second: str, year: str) -> date:
    """Read day and month by what can be no month."""
    if int(first) <= _LAST_MONTH and int(second) <= _LAST_MONTH and first != second:
        raise UnreadableCellError(code="unclear-date", value=plain)
    day, month = (first, second) if int(first) > _LAST_MONTH else (second, first)
    return _day(plain, year, month, day)


def _counted(plain: str) -> date | None:
    found = _DIGITS.fullmatch(plain)
    if found:
        return _day(plain, *found.groups())
    found = _SERIAL.fullmatch(plain)
    if found and int(found[1]) >= _FIRST_SERIAL:
        return _SERIAL_ZERO + timedelta(days=int(found[1]))
    return None


def _without_year(plain: str, today: date) -> date | None:
    found = _IN_A_YEAR.fullmatch(plain)
    if not found:
        return None
    day = _day(plain, str(today.year), *found.groups())
    return day if day <= today else _day(plain, str(today.year - 1), *found.groups())


def _day(plain: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise UnreadableCellError(code="impossible-date", value=plain) from error
