"""What can be wrong with a row of an imported file, and how it is told."""

from dataclasses import dataclass, field

from auditapp.domain.phone_number import without_numbers
from auditapp.domain.text import Text

_LONGEST_SHOWN, _LONGEST_READ = 40, 400


class UnreadableCellError(Exception):
    """A cell does not say what its column should; ``code`` is a key of ``FAULTS``."""

    def __init__(self, *, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class ImportFault:
    """One thing wrong with a row; ``column`` counts from 0, None for the whole row."""

    column: int | None
    code: str
    facts: dict[str, str] = field(default_factory=dict)


FAULTS = {
    "missing": Text("没有填", "is empty"),
    "no-date": Text(
        "“{value}”看不出是哪一天，请写成2026-10-05",
        "“{value}” is no date; write 2026-10-05",
    ),
    "unclear-date": Text(
        "“{value}”可能是两个不同的日子，请写成2026-10-05",
        "“{value}” could be two different days; write 2026-10-05",
    ),
    "impossible-date": Text("“{value}”：没有这一天", "“{value}”: there is no such day"),
    "future-date": Text("“{value}”还没有到", "“{value}” lies in the future"),
    "old-date": Text("“{value}”早于2000年", "“{value}” is before the year 2000"),
    "unknown-hall": Text(
        "没有叫“{value}”的营业厅，请写厅编号",
        "no hall is called “{value}”; write its number",
    ),
    "unclear-hall": Text(
        "不止一家营业厅叫“{value}”，请写厅编号",
        "several halls are called “{value}”; write the hall's number",
    ),
    "no-checklist": Text(
        "“{value}”那个月没有生效的问卷",
        "no questions were in force in the month of “{value}”",
    ),
    "not-an-answer": Text(
        "“{value}”不是这道题的答案，可以写：{known}",
        "“{value}” is none of the answers; write one of: {known}",
    ),
    "not-a-number": Text("“{value}”不是数字", "“{value}” is no number"),
    "out-of-range": Text(
        "“{value}”不在{low}到{high}之间", "“{value}” is not from {low} to {high}"
    ),
    "not-asked-then": Text(
        "那个月的问卷没有这道题", "that month's questions do not have this one"
    ),
    "bad-number": Text(
        "不是手机号。改对，或者留空",
        "is no mobile number. Correct it or leave it empty",
    ),
    "shortened-number": Text(
        "号码被表格软件改成了科学记数，找不回来了。请改对，或者留空",
        "a spreadsheet has shortened the number. Write it again or leave it empty",
    ),
    "long-id": Text(
        "编号超过{limit}个字", "the number is longer than {limit} characters"
    ),
    "long-text": Text("超过{limit}个字", "is longer than {limit} characters"),
    "nothing-said": Text("没有一个能计分的答案", "has no answer that gives a score"),
    "extra-cells": Text(
        "比表头多出几格：“{value}”。内容里有分隔符时，请用双引号括起来",
        "has more cells than the heading: “{value}”. Put quotes around a text that"
        " holds the separator",
    ),
    "open-quote": Text(
        "双引号没有成对，这一行读不下去",
        "a quote is opened and never closed",
    ),
    "long-line": Text("这一行太长，读不了", "the line is too long to be read"),
    "damaged-text": Text(
        "“{value}”里有乱码，请改成正确的文字",
        "“{value}” holds damaged characters; write them again",
    ),
}


def cut(text: str) -> str:
    """Return as much of a text as a sentence can quote, numbers masked."""
    flat = without_numbers(" ".join(text[:_LONGEST_READ].split()))
    return flat if len(flat) <= _LONGEST_SHOWN else f"{flat[: _LONGEST_SHOWN - 1]}…"


def fault_text(fault: ImportFault, heading: list[str], language: str) -> str:
    """Say what is wrong with a row, with the column's name first."""
    pattern = FAULTS[fault.code].in_language(language)
    said = pattern.format_map({key: cut(value) for key, value in fault.facts.items()})
    if fault.column is None or fault.column >= len(heading):
        return said
    name = cut(heading[fault.column]) or "?"
    return f"{name}: {said}" if language.startswith("en") else f"{name}：{said}"


def fault_name(code: str, language: str) -> str:
    """Say a kind of fault without a row's own facts."""
    return _NAMES[code].in_language(language)


_NAMES = {
    "missing": Text("没有填", "Empty"),
    "no-date": Text("看不出是哪一天", "No date"),
    "unclear-date": Text("可能是两个日子", "Could be two days"),
    "impossible-date": Text("没有这一天", "No such day"),
    "future-date": Text("日子还没有到", "In the future"),
    "old-date": Text("早于2000年", "Before the year 2000"),
    "unknown-hall": Text("没有这家营业厅", "No such hall"),
    "unclear-hall": Text("厅名重复", "Several halls of that name"),
    "no-checklist": Text("那个月没有生效的问卷", "No questions in force then"),
    "not-an-answer": Text("不是这道题的答案", "None of the answers"),
    "not-a-number": Text("不是数字", "No number"),
    "out-of-range": Text("超出范围", "Out of range"),
    "not-asked-then": Text("那个月没有这道题", "Not asked in that month"),
    "bad-number": Text("不是手机号", "No mobile number"),
    "shortened-number": Text("号码成了科学记数", "Number shortened by a spreadsheet"),
    "long-id": Text("编号太长", "Id too long"),
    "long-text": Text("文字太长", "Text too long"),
    "nothing-said": Text("没有能计分的答案", "No answer that counts"),
    "extra-cells": Text("格子比表头多", "More cells than the heading"),
    "open-quote": Text("双引号没有成对", "A quote is not closed"),
    "long-line": Text("行太长", "Line too long"),
    "damaged-text": Text("有乱码", "Damaged characters"),
}
