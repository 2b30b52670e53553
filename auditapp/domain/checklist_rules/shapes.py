"""What a single value must look like; no rule here knows another key."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from unicodedata import category

from auditapp.domain.checklist_rules.spot import Spot
from auditapp.domain.checklist_rules.untranslated import is_untranslated
from auditapp.domain.errors import Problem
from auditapp.domain.text import Text

Check = Callable[[Spot, object], Iterator[Problem]]

_ID = re.compile(r"[a-z][a-z0-9_]{2,39}")
_SHOWN_CHARACTERS = 40
_LONGEST_NUMBER_BITS = 256
_FEW_WORDS = 12
_LARGEST_NUMBER = 1_000_000_000
# control characters and halves of surrogate pairs, which no form can hold
_UNWRITTEN = ("Cc", "Cs")


def shown(value: object) -> str:
    """Return a value as a sentence may quote it, cut when long."""
    if not isinstance(value, str | int | float | None):
        return "…"
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER_BITS:
        return "…"
    said = str(value)
    short = said[:_SHOWN_CHARACTERS]
    return said if said == short else short + "…"


def text(spot: Spot, value: object) -> Iterator[Problem]:
    """Ask for a text that says something."""
    if isinstance(value, str) and value.strip():
        if any(category(c) in _UNWRITTEN for c in value.replace("\n", "")):
            yield spot.problem(
                "bad-character",
                f"“{spot.key}”里有看不见的控制字符，请删去重写。",
                f"“{spot.key}” holds invisible control characters; type it again.",
            )
        elif is_untranslated(value):
            yield spot.problem(
                "untranslated",
                f"“{spot.key}”还没有翻译，译好后去掉开头的标记。",
                f"“{spot.key}” is not translated yet; write it and remove the mark in"
                " front.",
            )
        return
    if isinstance(value, bool):
        yield spot.problem(
            "unquoted",
            f"“{spot.key}”里的yes、no、on、off没有加引号，被当成了真假值；请写成"
            '"yes"、"no"这样。',
            f"“{spot.key}” holds yes, no, on or off without quotes, which is read as "
            'true or false; write "yes" or "no".',
        )
    elif isinstance(value, int | float):
        yield spot.problem(
            "unquoted",
            f"“{spot.key}”应是文字，{shown(value)}要加引号。",
            f"“{spot.key}” must be text; put {shown(value)} in quotes.",
        )
    else:
        yield spot.problem(
            "not-text",
            f"“{spot.key}”要写一句文字。",
            f"“{spot.key}” needs a text.",
        )


def identifier(spot: Spot, value: object) -> Iterator[Problem]:
    """Ask for an id: small letters, digits and ``_``, 3 to 40, a letter first."""
    wrong = list(text(spot, value))
    yield from wrong
    if not wrong and not _ID.fullmatch(str(value)):
        yield spot.problem(
            "bad-id",
            f"编号“{shown(value)}”只能用小写字母、数字和下划线，字母开头，3至40个字符。",
            f"the id “{shown(value)}” may only have small letters, digits and _, a "
            "letter first, 3 to 40 characters.",
        )


def truth(spot: Spot, value: object) -> Iterator[Problem]:
    """Ask for true or false."""
    if not isinstance(value, bool):
        yield spot.problem(
            "not-true-or-false",
            f"“{spot.key}”只能是true或false。",
            f"“{spot.key}” must be true or false.",
        )


def whole(least: int, most: int) -> Check:
    """Ask for a whole number in a range, both ends included."""

    def check(spot: Spot, value: object) -> Iterator[Problem]:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if is_whole and value in range(least, most + 1):
            return
        yield spot.problem(
            "out-of-range",
            f"“{spot.key}”要写{least}至{most}的整数，不是“{shown(value)}”。",
            f"“{spot.key}” must be a whole number from {least} to {most}, not "
            f"“{shown(value)}”.",
        )

    return check


def number(spot: Spot, value: object) -> Iterator[Problem]:
    """Ask for a number, a fraction too, from zero to what any form can hold."""
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 0 <= value <= _LARGEST_NUMBER
    ):
        return
    yield spot.problem(
        "not-a-number",
        f"“{spot.key}”要写0至{_LARGEST_NUMBER}的数，不是“{shown(value)}”。",
        f"“{spot.key}” must be a number from 0 to {_LARGEST_NUMBER}, not "
        f"“{shown(value)}”.",
    )


def one_of(words: Iterable[str]) -> Check:
    """Ask for one of some words."""
    known = tuple(words)

    def check(spot: Spot, value: object) -> Iterator[Problem]:
        if isinstance(value, str) and value in known:
            return
        yield spot.problem(
            "unknown-word",
            f"“{spot.key}”里没有“{shown(value)}”这个词{_perhaps(value, known).zh}",
            f"“{spot.key}” knows no word “{shown(value)}”{_perhaps(value, known).en}",
        )

    return check


def list_of(check: Check) -> Check:
    """Ask for a list that is not empty, each entry as ``check`` wants it."""

    def check_list(spot: Spot, value: object) -> Iterator[Problem]:
        if not isinstance(value, list) or not value:
            yield spot.problem(
                "not-a-list",
                f"“{spot.key}”要写成列表，至少一行。",
                f"“{spot.key}” must be a list of at least one line.",
            )
            return
        for index, entry in enumerate(value):
            yield from check(spot.at(index), entry)

    return check_list


def mapping_of(check: Check) -> Check:
    """Ask for names, each with a value as ``check`` wants it."""

    def check_mapping(spot: Spot, value: object) -> Iterator[Problem]:
        if not isinstance(value, Mapping) or not value:
            yield _no_mapping(spot)
            return
        for key, entry in value.items():
            yield from check(spot.at(str(key)), entry)

    return check_mapping


def record(keys: Mapping[str, Check], required: Collection[str] = ()) -> Check:
    """Ask for named values: known keys only, the required ones all there."""

    def check_record(spot: Spot, value: object) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield _no_mapping(spot)
            return
        for key, entry in value.items():
            check = keys.get(key) if isinstance(key, str) else None
            if check is None:
                yield _unknown_key(spot.at(str(key)), keys)
            else:
                yield from check(spot.at(key), entry)
        yield from missing(spot, value, required)

    return check_record


def missing(
    spot: Spot, value: Mapping[str, object], required: Collection[str]
) -> Iterator[Problem]:
    """Name every required key that is not there; a language by its own name."""
    for key in required:
        if key in value:
            continue
        zh, en = _LANGUAGES.get(key, (f"“{key}”", f"“{key}”"))
        code = "missing-language" if key in _LANGUAGES else "missing"
        yield spot.problem(code, f"缺少{zh}，请补上。", f"{en} is missing; add it.")


_LANGUAGES = {
    "zh": ("中文（zh）", "the Chinese text (zh)"),
    "en": ("英文（en）", "the English text (en)"),
}


def _no_mapping(spot: Spot) -> Problem:
    return spot.problem(
        "not-keys",
        f"“{spot.key or '内容'}”要写成“名称: 值”的形式。",
        f"“{spot.key or 'the content'}” must be written as “name: value”.",
    )


def _unknown_key(spot: Spot, keys: Iterable[str]) -> Problem:
    known = tuple(keys)
    return spot.problem(
        "unknown-key",
        f"没有“{shown(spot.key)}”这个项目{_perhaps(spot.key, known).zh}",
        f"there is no key “{shown(spot.key)}”{_perhaps(spot.key, known).en}",
    )


def _perhaps(value: object, known: tuple[str, ...]) -> Text:
    """End a sentence about an unknown word with the way out."""
    close = get_close_matches(shown(value), known, n=1)
    if close:
        return Text(f"，是不是“{close[0]}”？", f"; did you mean “{close[0]}”?")
    if len(known) <= _FEW_WORDS:
        return Text(f"，可以用：{'、'.join(known)}。", f"; use {', '.join(known)}.")
    return Text("，请删去或改正。", "; correct or remove it.")
