"""What can be wrong with an organisation file, in words that name the way out."""

from auditapp.domain.errors import Problem
from auditapp.domain.text import Text


def problem(pointer: str, code: str, **facts: object) -> Problem:
    """Return the problem ``code`` at a place of the file; facts fill its sentence.

    A fact may be a ``Text``; each language takes its own half.
    """
    text = TEXTS[code]
    return Problem(
        pointer,
        code,
        Text(
            text.zh.format_map({k: _half(v, "zh") for k, v in facts.items()}),
            text.en.format_map({k: _half(v, "en") for k, v in facts.items()}),
        ),
    )


def shown(value: object) -> str:
    """Return what was written, cut short, for a sentence."""
    text = "".join(each if each.isprintable() else "?" for each in str(value))
    return text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004


def _half(value: object, language: str) -> object:
    return value.in_language(language) if isinstance(value, Text) else value


TEXTS = {
    "not-an-organisation": Text(
        "这不是组织架构文件：里面没有 regions、cities、halls 等部分。",
        "This is no organisation file: it has no regions, cities, halls and so on.",
    ),
    "unknown-part": Text(
        "不认识“{value}”这一部分。可以有：{known}。",
        "“{value}” is no part of an organisation. Known are: {known}.",
    ),
    "empty-part": Text(
        "{kind}一个也没有，至少要有一个。",
        "There are no {kind}; at least one is needed.",
    ),
    "one-company": Text(
        "企业只能有一个。", "There can be only one company in an installation."
    ),
    "not-an-entry": Text(
        "{kind}的这一条要写成“字段: 值”。",
        "Write this entry of {kind} as “field: value”.",
    ),
    "unknown-field": Text(
        "{kind}没有“{value}”这个字段。可以有：{known}。",
        "{kind} have no field “{value}”. Known are: {known}.",
    ),
    "missing": Text("缺少{field}，请补上。", "{field} is missing; please fill it in."),
    "not-text": Text(
        "{field}要写成文字；是数字的请加引号。",
        "{field} must be text; put quotes around digits.",
    ),
    "text-too-long": Text(
        "{field}最多{limit}个字。", "{field} may have at most {limit} characters."
    ),
    "odd-characters": Text(
        "{field}里有看不见的控制字符，请重新输入。",
        "{field} holds invisible control characters; please type it again.",
    ),
    "formula": Text(
        "{field}不能以“{value}”开头：表格软件会把它当公式。",
        "{field} must not begin with “{value}”: a spreadsheet would take it for a "
        "formula.",
    ),
    "bad-identifier": Text(
        "{field}“{value}”只能用英文字母、数字、_ 和 -，最多40个，以字母或数字开头。",
        "{field} “{value}” may hold letters, digits, _ and - only, at most 40, "
        "beginning with a letter or digit.",
    ),
    "not-a-list": Text(
        "{field}要写成列表，例如 [rainy, hot]。",
        "Write {field} as a list, such as [rainy, hot].",
    ),
    "doubled-word": Text(
        "{field}里“{value}”写了两遍。", "“{value}” stands twice in {field}."
    ),
    "not-a-number": Text(
        "{field}“{value}”不是数字。", "{field} “{value}” is not a number."
    ),
    "not-whole": Text(
        "{field}“{value}”要写成整数。", "{field} “{value}” must be a whole number."
    ),
    "out-of-range": Text(
        "{field}{value}不在{low}到{high}之间。",
        "{field} {value} is not between {low} and {high}.",
    ),
    "swapped-position": Text(
        "纬度{value}超过90度，像是经度：请核对经纬度是否写反。",
        "Latitude {value} is beyond 90 degrees; are latitude and longitude swapped?",
    ),
    "bad-hours": Text(
        "营业时间“{value}”要写成 08:30-18:00，开门早于关门。",
        "Write the opening hours “{value}” as 08:30-18:00, opening before closing.",
    ),
    "not-a-flag": Text(
        "{field}“{value}”请写“是”或“否”（true 或 false）。",
        "Write {field} “{value}” as yes or no (true or false).",
    ),
    "unknown-word": Text(
        "{field}“{value}”不在词汇表里。可以用：{known}。",
        "{field} “{value}” is not in the vocabulary. Known are: {known}.",
    ),
    "unknown-reference": Text(
        "{field}“{value}”不在这个文件里。",
        "{field} “{value}” is not in this file.",
    ),
    "doubled-key": Text(
        "{field}“{value}”已经在{place}用过，每个只能用一次。",
        "{field} “{value}” is already used by {place}; each may stand once.",
    ),
    "added-and-removed": Text(
        "特征“{value}”既增加又去掉，只留一处。",
        "The trait “{value}” is both added and removed; keep one.",
    ),
    "contradicting-traits": Text(
        "特征“{one}”和“{other}”不能同时成立（连同继承的一起算）。",
        "The traits “{one}” and “{other}” cannot hold together (inherited ones count).",
    ),
    "scope-missing": Text(
        "角色“{role}”必须填{field}。", "A person with the role “{role}” needs {field}."
    ),
    "scope-too-much": Text(
        "角色“{role}”不能填{field}。", "A person with the role “{role}” has no {field}."
    ),
}
