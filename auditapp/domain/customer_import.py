"""What the columns of an imported file can mean, guessed from their heading.

A file of callbacks or feedback has a hall, a day, and answers: those of the questions
that are in force, or one ready score. ``ROW`` and ``REASON`` are the two columns that a
file of faults has more; a corrected one is read as the file it came from.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from auditapp.domain.errors import Problem
from auditapp.domain.text import Text

ID, HALL, DAY, BUSINESS = "id", "hall", "day", "business"
PHONE, SCORE, NOTHING = "phone", "score", ""
ROW = Text("原文件行号", "Row in the file")
REASON = Text("要改什么", "What to correct")
TEN, FIVE = 10, 5  # how far ratings may go

# headings that people and programs give to a column, parted by spaces
_WORDS: dict[str, str] = {
    ID: (
        "编号 流水号 业务流水 业务流水号 工单号 订单号 受理单号 回访编号 评价编号"
        " 唯一标识 id transaction-id transaction-number number no"
    ),
    HALL: (
        "营业厅 营业厅编号 营业厅编码 营业厅代码 营业厅名称 营业厅名 厅 厅店 厅编号"
        " 厅名 厅名称 厅店名称 网点 网点名称 网点编号 门店"
        " hall hall-id hall-name hall-number store branch outlet site"
    ),
    DAY: (
        "日期 办理日期 业务日期 受理日期 交易日期 办结日期 到厅日期 服务日期"
        " 办理时间 业务时间 受理时间 交易时间 办结时间 时间"
        " date day time transaction-date visit-date service-date date-of-visit"
    ),
    BUSINESS: (
        "业务 业务类型 业务名称 业务种类 办理业务 办理业务类型 服务类型"
        " business business-type service service-type transaction-type scenario"
    ),
    PHONE: (
        "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 客户号码"
        " 客户手机 客户手机号 客户电话 号码"
        " phone phone-number mobile mobile-number tel msisdn"
    ),
    SCORE: (
        "得分 总得分 百分制 百分制得分 综合得分 满意度得分 score points total-score"
    ),
}
_RATING_WORDS = (
    "评分 打分 分数 评价分 满意度 满意度评分 总分 总体评价 总体评分 总体满意度"
    " rating stars overall overall-rating satisfaction"
)
_REASON_WORDS = (
    "原因 不满意原因 不满原因 主要原因 归因 问题归类 reason cause main-reason"
)
_COMMENT_WORDS = (
    "意见 建议 意见建议 客户意见 留言 评语 评价内容 文字评价 客户原话"
    " comment comments remarks feedback words text"
)
_LABELS: dict[str, Text] = {
    ID: Text("编号", "Id"),
    HALL: Text("营业厅", "Hall"),
    DAY: Text("办理日期", "Day of the visit"),
    BUSINESS: Text("业务", "Business"),
    PHONE: Text("手机号", "Mobile number"),
    SCORE: Text("百分制得分", "Ready score, 0–100"),
}
_BRACKETS = re.compile(r"[(\[（【〔].*?[)\]）】〕]")
_FILLING = re.compile(r"[\s_\-*:：/、,，.?？!！\"“”']+")
_HEADING_ROWS = 10
_SHORTEST_PART = 2


@dataclass(frozen=True, slots=True)
class ImportField:
    """One thing that a column can be; ``words`` are headings that name it."""

    name: str
    label: Text
    words: tuple[str, ...]


def import_fields(script: Mapping[str, Any]) -> list[ImportField]:
    """Return every field of a source's file; answers are named by their item's id."""
    fixed = [
        ImportField(name, _LABELS[name], tuple(words.split()))
        for name, words in _WORDS.items()
    ]
    rating = main_question(script)
    taken: set[str] = set()
    answers = []
    for item in script["items"]:
        more = _more_words(item, rating, taken)
        answers.append(
            ImportField(item["id"], _label(item), (*_names(item), *more.split()))
        )
    return fixed + answers


def main_question(script: Mapping[str, Any]) -> str:
    """Return the id of the question that asks for one number for everything."""
    items = script["items"]
    numbers = [item for item in items if item["kind"] == "number"] or items
    found: str = max(numbers, key=lambda item: item["weight"])["id"]
    return found


def suggest_columns(
    heading: Sequence[str], fields: Sequence[ImportField], kept: Mapping[str, str]
) -> list[str]:
    """Return a field's name for each column, ``""`` where none is meant.

    ``kept`` are remembered choices by heading; they win over what words suggest.
    """
    known = {field.name for field in fields}
    chosen = [NOTHING] * len(heading)
    for index, title in enumerate(heading):
        name = kept.get(plain_heading(title), NOTHING)
        if name in known and name not in chosen:
            chosen[index] = name
    for is_match in (_is_same, _is_part):
        for index, title in enumerate(map(plain_heading, heading)):
            if chosen[index] or title in kept or title in _OURS:
                continue
            names = (f.name for f in fields if is_match(title, f))
            chosen[index] = next((n for n in names if n not in chosen), NOTHING)
    return chosen


def mapping_problems(
    columns: Sequence[str], script: Mapping[str, Any]
) -> list[Problem]:
    """Return what keeps these columns from being imported."""
    weights = {item["id"]: item["weight"] for item in script["items"]}
    problems = []
    if HALL not in columns:
        text = Text("请指出哪一列是营业厅。", "Say which column is the hall.")
        problems.append(Problem("/hall", "no-hall-column", text))
    if DAY not in columns:
        text = Text("请指出哪一列是办理日期。", "Say which column is the day.")
        problems.append(Problem("/day", "no-day-column", text))
    if SCORE not in columns and not any(weights.get(name) for name in columns):
        text = Text(
            "请指出哪一列是评分，或者别的能计分的答案。",
            "Say which column is the rating, or another answer that gives a score.",
        )
        problems.append(Problem("/score", "no-score-column", text))
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    if doubled:
        text = Text(
            "有两列选了同一个意思，请只留一列。",
            "Two columns mean the same; leave it to one of them.",
        )
        problems.append(Problem("/columns", "doubled-column", text))
    return problems


def find_heading(rows: Sequence[Sequence[str]], fields: Sequence[ImportField]) -> int:
    """Return which of the first rows is the heading: a title may stand above it."""
    counts = [
        sum(bool(name) for name in suggest_columns(row, fields, {}))
        for row in rows[:_HEADING_ROWS]
    ]
    best = max(counts, default=0)
    if best >= _SHORTEST_PART:
        return counts.index(best)
    filled = (i for i, row in enumerate(rows) if any(cell.strip() for cell in row))
    return next(filled, 0)


def heading_digest(heading: Iterable[str]) -> str:
    """Return by which name a heading's mapping is remembered, in any order."""
    titles = {plain_heading(title) for title in heading} - _OURS - {""}
    return sha256("\n".join(sorted(titles)).encode()).hexdigest()


def plain_heading(title: str) -> str:
    """Return a heading without what people add to it: ``评分（1-10）*`` is ``评分``."""
    text = unicodedata.normalize("NFKC", title[:200]).casefold()
    return _FILLING.sub("", _BRACKETS.sub("", text)) or _FILLING.sub("", text)


def _names(item: Mapping[str, Any]) -> tuple[str, ...]:
    texts = [item, item.get("short", {})]
    said = (text.get(language, "") for text in texts for language in ("zh", "en"))
    return (item["id"], *filter(None, said))


def _label(item: Mapping[str, Any]) -> Text:
    short = item.get("short") or item
    return Text(short["zh"], short["en"])


def _more_words(item: Mapping[str, Any], rating: str, taken: set[str]) -> str:
    """Return everyday words for the rating, the first reason and the first comment."""
    if item["id"] == rating:
        return _RATING_WORDS
    kind = item["kind"]
    words = {"text": _COMMENT_WORDS, "choice": _REASON_WORDS}.get(kind, "")
    if kind in taken or (kind == "choice" and item["weight"]):
        return ""
    taken.add(kind)
    return words


def _is_same(title: str, field: ImportField) -> bool:
    return bool(title) and title in _plain_words(field.words)


def _is_part(title: str, field: ImportField) -> bool:
    words = _plain_words(field.words)
    return any(
        len(word) >= _SHORTEST_PART and not word.isascii() and word in title
        for word in words
    )


@lru_cache(maxsize=256)
def _plain_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain_heading(word) for word in words)


_OURS = {plain_heading(name) for text in (ROW, REASON) for name in (text.zh, text.en)}
