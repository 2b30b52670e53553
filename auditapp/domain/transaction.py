"""Finished transactions as the company's system reports them: read, or refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.instants import parse_instant
from auditapp.domain.month import local_date, month_of
from auditapp.domain.phone_number import dialled, read_phone_number
from auditapp.domain.text import Text

MOST_TRANSACTIONS = 1_000
LONGEST_ID, LONGEST_BUSINESS, LONGEST_SURNAME, LONGEST_PHONE = 100, 60, 20, 40
CLOCKS_DIFFER = timedelta(minutes=5)
OLDEST = timedelta(days=366)
LANGUAGES = ("zh", "en")
_NEEDED = ("id", "hall", "business", "finished_at", "phone")
_NO_DIGIT = re.compile(r"\D")
_KNOWN = (*_NEEDED, "surname", "language")


@dataclass(frozen=True, slots=True)
class NewTransaction:
    """One sound transaction; ``pointer`` is where it stood in the batch."""

    pointer: str
    source_key: str
    hall_id: str
    business: str
    finished_at: datetime
    number: str  # +86…
    surname: str
    language: str

    @property
    def happened_on(self) -> date:
        """The date in the halls."""
        return local_date(self.finished_at)

    @property
    def month(self) -> str:
        """The month in the halls."""
        return month_of(self.finished_at)


def read_transactions(
    value: object, now: datetime
) -> tuple[list[NewTransaction], list[Problem]]:
    """Return the sound transactions of a batch and what is wrong with the others.

    Raises:
        InvalidError: It is no batch at all.
    """
    rows = batch_of(value, "transactions", MOST_TRANSACTIONS)
    sound, problems = [], []
    for number, row in enumerate(rows):
        pointer = f"/transactions/{number}"
        wrong = _problems(row, pointer, now)
        problems += wrong
        if not wrong:
            sound.append(_transaction(row, pointer))
    return sound, problems


def batch_of(value: object, name: str, most: int) -> list[Any]:
    """Return the list ``name`` of an object that holds nothing else.

    Raises:
        InvalidError: There is none, it is too long, or something stands beside it.
    """
    if not isinstance(value, Mapping) or not isinstance(value.get(name), list):
        text = Text(
            f"请发送带“{name}”列表的JSON对象。",
            f"Send a JSON object with the list “{name}”.",
        )
        raise InvalidError([Problem(f"/{name}", "no-batch", text)])
    unknown = [key for key in value if key != name]
    if unknown:
        raise InvalidError([unknown_key("", str(key)) for key in unknown])
    rows: list[Any] = value[name]
    if len(rows) > most:
        text = Text(f"一批最多{most}条。", f"A batch has at most {most} entries.")
        raise InvalidError([Problem(f"/{name}", "too-many", text)])
    return rows


def unknown_key(pointer: str, key: str) -> Problem:
    """Return that a key is none of ours; most often it is misspelt."""
    text = Text(
        "没有这个字段，请检查拼写。", "There is no such key; check its spelling."
    )
    return Problem(f"{pointer}/{escaped(key)}", "unknown-key", text)


def escaped(key: str) -> str:
    """Return a key as it stands in a JSON pointer. Source: RFC 6901."""
    return key[:LONGEST_ID].replace("~", "~0").replace("/", "~1")


def is_line(value: object, longest: int) -> bool:
    """Tell whether a value is a line of printable text, not blank and not too long."""
    return (
        isinstance(value, str)
        and 0 < len(value.strip()) <= len(value) <= longest
        and value.isprintable()
    )


def _problems(row: object, pointer: str, now: datetime) -> list[Problem]:
    if not isinstance(row, Mapping):
        text = Text("每条应是一个对象。", "Each entry is an object.")
        return [Problem(pointer, "no-object", text)]
    problems = [unknown_key(pointer, str(key)) for key in row if key not in _KNOWN]
    for name in _KNOWN:
        at = f"{pointer}/{name}"
        if name not in row or (row[name] is None and name not in _NEEDED):
            if name in _NEEDED:
                text = Text("缺少这一项。", "This is missing.")
                problems.append(Problem(at, "missing", text))
        elif wrong := _CHECKS[name](row[name], now):
            problems.append(Problem(at, *wrong))
    return problems or _own_number_elsewhere(row, pointer)


def _own_number_elsewhere(row: Mapping[str, Any], pointer: str) -> list[Problem]:
    """Refuse a row that tells its number where numbers are not sealed."""
    digits = dialled(read_phone_number(row["phone"]) or "").removeprefix("+")
    text = Text(
        "手机号码只能写在phone里，这里不能有。",
        "The number belongs in phone only, not here.",
    )
    return [
        Problem(f"{pointer}/{name}", "number-outside-phone", text)
        for name in ("id", "hall", "business", "surname")
        if digits in _NO_DIGIT.sub("", row.get(name) or "")
    ]


Wrong = tuple[str, Text] | None


def _line(longest: int) -> Callable[[object, datetime], Wrong]:
    def check(value: object, _now: datetime) -> Wrong:
        if is_line(value, longest):
            return None
        return "bad-text", Text(
            f"应是1到{longest}个可显示的字符。",
            f"Write 1 to {longest} printable characters.",
        )

    return check


def _phone(value: object, _now: datetime) -> Wrong:
    is_short = isinstance(value, str) and len(value) <= LONGEST_PHONE
    if is_short and read_phone_number(str(value)):
        return None
    # the number itself is never said again: answers are logged elsewhere
    return "bad-phone", Text(
        "不是手机号码。写成文本：11位数字，境外号码带+和国家码。",
        "Not a mobile number. Write it as text: 11 digits, or + and the country code.",
    )


def _finished_at(value: object, now: datetime) -> Wrong:
    instant = parse_instant(value)
    if instant is None:
        return "bad-time", Text(
            "时间写成2026-11-25T14:03:00+08:00，要带时区。",
            "Write a time as 2026-11-25T14:03:00+08:00, with its offset.",
        )
    if instant > now + CLOCKS_DIFFER:
        return "future", Text(
            "办结时间还没到，请检查时钟和时区。",
            "It is not finished yet: check the clock and the offset.",
        )
    if instant < now - OLDEST:
        return "too-old", Text("超过一年，不再接收。", "It is more than a year ago.")
    return None


def _language(value: object, _now: datetime) -> Wrong:
    if value in LANGUAGES:
        return None
    return "bad-language", Text("语言是zh或en。", "The language is zh or en.")


_CHECKS: dict[str, Callable[[object, datetime], Wrong]] = {
    "id": _line(LONGEST_ID),
    "hall": _line(LONGEST_ID),
    "business": _line(LONGEST_BUSINESS),
    "finished_at": _finished_at,
    "phone": _phone,
    "surname": _line(LONGEST_SURNAME),
    "language": _language,
}


def _transaction(row: Mapping[str, Any], pointer: str) -> NewTransaction:
    finished_at, number = (
        parse_instant(row["finished_at"]),
        read_phone_number(row["phone"]),
    )
    assert finished_at  # noqa: S101 (checked before)
    assert number  # noqa: S101 (checked before)
    return NewTransaction(
        pointer=pointer,
        source_key=row["id"],
        hall_id=row["hall"],
        business=row["business"],
        finished_at=finished_at,
        number=number,
        surname=row.get("surname") or "",
        language=row.get("language") or "zh",
    )
