"""The columns of a checklist's sheets: one table for writing, reading and notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary, Words
from auditapp.gateways.standard_files.fixed_words import (
    ALL,
    KINDS,
    OCCASIONS,
    REQUIREMENTS,
    SCREENS,
    SOURCES,
    STATUSES,
)
from auditapp.gateways.standard_files.names import NameBook
from auditapp.gateways.standard_files.notations import (
    Anchors,
    Bands,
    Choice,
    Flag,
    Notation,
    Number,
    NumberList,
    Pairs,
    ScoreOrSkip,
    TextList,
)
from auditapp.gateways.standard_files.notations import Words as FreeText
from auditapp.gateways.standard_files.rule_notations import BandRules, Rules, Timer

TIER = "applies."  # and the tier: one column for each


@dataclass(frozen=True, slots=True)
class Column:
    """One key of a document and its column.

    ``width`` counts characters; ``note`` says how the cell is written.
    """

    key: str
    label: Text
    notation: Notation
    width: int = 12
    note: Text | None = None

    @property
    def book(self) -> NameBook | None:
        """The words to choose from, where there are some."""
        return self.notation.book if isinstance(self.notation, Choice) else None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of every sheet, in the words of one vocabulary."""

    head: tuple[Column, ...]
    sections: tuple[Column, ...]
    items: tuple[Column, ...]
    tiers: tuple[Column, ...]
    options: tuple[Column, ...]
    books: Mapping[str, NameBook]


_BANDS = Text(
    "“15 = 100 | 30 = 80”：15以内得100分，30以内得80分，再多得0分",
    "“15 = 100 | 30 = 80”: up to 15 scores 100, up to 30 scores 80, above that 0",
)
_RULES = Text(
    "每行一条“条件 & 条件 = 必查、可选或不问”，条件前写“非”表示不成立，"
    "最后成立的一条算数",
    "one rule a line, “condition & condition = Required, Optional or Not asked”, “not”"
    " before a condition turns it round; the last one that holds wins",
)
_BAND_RULES = Text(
    "每行一条“条件: 30 = 100, 60 = 70”",
    "one rule a line, “condition: 30 = 100, 60 = 70”",
)
_ASK_IF = Text(
    "每行一条“前面项目的编号 = 答案”，数字可写“>600”",
    "one line each, “id of an earlier item = answer”; numbers as “>600”",
)
_ANCHORS = Text("三行：“1 = …”“3 = …”“5 = …”", "three lines: “1 = …”, “3 = …”, “5 = …”")
_OPTIONS = Text(
    "选项组的名称；自己的选项写在“选项”页",
    "the name of an option set; options of its own stand on the sheet “Options”",
)
_TIMER = Text("从哪个按钮 → 到哪个按钮", "from which button → to which")


def columns_of(vocabulary: Vocabulary) -> Columns:
    """Return all columns, with the words of a vocabulary."""
    books = _books(vocabulary)
    text, whole = FreeText(), Number()
    items = _items(books, text, whole)
    tiers = tuple(
        Column(
            TIER + tier,
            Text(f"等级：{word.name.zh}", f"Tier: {word.name.en}"),
            Choice(books["requirement"]),
            11,
        )
        for tier, word in vocabulary.tiers.items()
    )
    sections = (
        Column("id", Text("编号", "Id"), text, 18),
        Column("zh", Text("中文名", "Chinese name"), text, 28),
        Column("en", Text("英文名", "English name"), text, 36),
        _choice("stage", "阶段", "Stage", books),
        _choice("answer_at", "在哪里答", "Answered where", books),
        Column("defaults", Text("默认值", "Defaults"), Pairs(), 20),
    )
    return Columns(
        _head(books, text, whole), sections, items, tiers, _options(books), books
    )


def _books(vocabulary: Vocabulary) -> dict[str, NameBook]:
    def names(words: Words) -> dict[str, Text]:
        return {key: word.name for key, word in words.items()}

    return {
        **{tag: NameBook(names(words)) for tag, words in vocabulary.tags.items()},
        "stage": NameBook(names(vocabulary.stages)),
        "events": NameBook(names(vocabulary.events)),
        "condition": NameBook(names(vocabulary.condition_words())),
        "kind": NameBook(KINDS),
        "answer_at": NameBook(SCREENS),
        "photo": NameBook(OCCASIONS),
        "note": NameBook(OCCASIONS),
        "requirement": NameBook({**REQUIREMENTS, "all": ALL}),
        "source": NameBook(SOURCES),
        "status": NameBook(STATUSES),
    }


def _choice(
    key: str, zh: str, en: str, books: Mapping[str, NameBook], width: int = 14
) -> Column:
    return Column(key, Text(zh, en), Choice(books[key]), width)


def _items(
    books: Mapping[str, NameBook], text: FreeText, whole: Number
) -> tuple[Column, ...]:
    number = Number(is_whole=False)
    return (
        Column("id", Text("编号", "Id"), text, 20),
        Column("zh", Text("中文题目", "Chinese wording"), text, 44),
        Column("en", Text("英文题目", "English wording"), text, 44),
        Column("short_zh", Text("中文短名", "Chinese short name"), text, 10),
        Column("short_en", Text("英文短名", "English short name"), text, 14),
        Column("weight", Text("权重", "Weight"), whole, 7),
        _choice("kind", "题型", "Kind of answer", books),
        Column("critical", Text("关键", "Critical"), Flag(), 8),
        Column(
            "overrides",
            Text("各地规则", "Rules by place"),
            Rules(books["condition"], NameBook(REQUIREMENTS)),
            34,
            _RULES,
        ),
        Column("guide_zh", Text("中文说明", "Chinese guide"), text, 36),
        Column("guide_en", Text("英文说明", "English guide"), text, 36),
        _choice("quality", "软硬质量", "Hard or soft", books, 10),
        _choice("group", "软质量分组", "Soft group", books),
        _choice("rater", "RATER", "RATER", books),
        _choice("cause", "归因", "Cause", books),
        _choice("owner", "责任部门", "Owner", books, 16),
        _choice("skill", "能力", "Ability", books, 16),
        _choice("contact", "接触方式", "Contact", books, 10),
        _choice("stage", "阶段", "Stage", books),
        _choice("answer_at", "在哪里答", "Answered where", books, 10),
        _choice("photo", "照片", "Photo", books),
        _choice("note", "备注", "Remark", books),
        Column("bands", Text("分档", "Bands"), Bands(), 26, _BANDS),
        Column(
            "bands_when",
            Text("各地分档", "Bands by place"),
            BandRules(books["condition"]),
            34,
            _BAND_RULES,
        ),
        Column("timer", Text("计时", "Clock"), Timer(books["events"]), 20, _TIMER),
        Column("options", Text("选项组", "Option set"), text, 14, _OPTIONS),
        Column("min", Text("最小", "Least"), number, 8),
        Column("max", Text("最大", "Most"), number, 8),
        Column("sample", Text("抽样数", "Sample"), whole, 8),
        Column("ask_if", Text("在什么时候问", "Asked when"), Pairs(), 24, _ASK_IF),
        Column(
            "anchors_zh", Text("中文档位", "Chinese steps"), Anchors(), 28, _ANCHORS
        ),
        Column(
            "anchors_en", Text("英文档位", "English steps"), Anchors(), 28, _ANCHORS
        ),
        Column("answer_zh", Text("中文答案要点", "Chinese points"), text, 30),
        Column("answer_en", Text("英文答案要点", "English points"), text, 30),
        Column("sms_zh", Text("中文短信", "Chinese message"), text, 30),
        Column("sms_en", Text("英文短信", "English message"), text, 30),
        Column("replaces", Text("替换了", "Replaces"), text, 16),
    )


def _head(
    books: Mapping[str, NameBook], text: FreeText, whole: Number
) -> tuple[Column, ...]:
    return (
        Column("id", Text("检查表编号", "Id of the checklist"), text),
        Column("zh", Text("中文名", "Chinese name"), text),
        Column("en", Text("英文名", "English name"), text),
        Column("version", Text("版本", "Version"), text),
        _choice("status", "状态", "Status", books),
        _choice("source", "来源", "Source", books),
        Column("industry", Text("行业", "Industry"), text),
        Column("answered_by", Text("由谁作答", "Answered by"), text),
        Column("pass_mark", Text("合格线", "Pass mark"), whole),
        Column("critical_cap", Text("关键题封顶分", "Cap after a critical"), whole),
        Column("min_coverage", Text("最低完成率", "Least coverage"), whole),
        Column("opening_zh", Text("中文开场白", "Chinese opening"), text),
        Column("opening_en", Text("英文开场白", "English opening"), text),
        Column("refusal_zh", Text("中文拒访话术", "Chinese words to a refusal"), text),
        Column("refusal_en", Text("英文拒访话术", "English words to a refusal"), text),
        Column("closing_zh", Text("中文结束语", "Chinese closing"), text),
        Column("closing_en", Text("英文结束语", "English closing"), text),
        Column("thanks_sms_zh", Text("中文感谢短信", "Chinese thanks"), text),
        Column("thanks_sms_en", Text("英文感谢短信", "English thanks"), text),
        Column("schema", Text("格式", "Schema"), whole),
        *_contact_rules(whole),
    )


def _contact_rules(whole: Number) -> tuple[Column, ...]:
    numbers, texts = NumberList(), TextList()
    rules: tuple[tuple[str, str, str, Notation], ...] = (
        ("days_after_visit", "办理后几天", "Days after the visit", numbers),
        ("minutes_after", "办理后几分钟", "Minutes after", numbers),
        ("hours", "可联系的时间", "Hours", texts),
        ("rest_days", "间隔天数", "Days of rest", whole),
        ("attempts", "拨打次数", "Attempts", whole),
        ("reply_window_hours", "回复时限（小时）", "Hours to reply", whole),
        ("stop_words_zh", "退订词", "Stop words", texts),
    )
    return tuple(
        Column(f"contact_rules.{key}", Text(f"联系规则：{zh}", f"Contact: {en}"), each)
        for key, zh, en, each in rules
    )


def _options(books: Mapping[str, NameBook]) -> tuple[Column, ...]:
    text = FreeText()
    return (
        Column("item", Text("项目编号", "Item id"), text, 20),
        Column("set", Text("选项组", "Option set"), text, 16),
        Column("id", Text("选项编号", "Option id"), text, 16),
        Column("zh", Text("中文", "Chinese"), text, 36),
        Column("en", Text("英文", "English"), text, 36),
        Column("score", Text("得分", "Score"), ScoreOrSkip(), 8),
        _choice("cause", "归因", "Cause", books),
        Column("key", Text("按键", "Key"), text, 8),
    )


@lru_cache(maxsize=1)
def sheet_names() -> Mapping[str, Text]:
    """Return what each sheet is called, by its name in programs."""
    return {
        "notes": Text("说明", "Notes"),
        "items": Text("项目", "Items"),
        "sections": Text("环节", "Sections"),
        "options": Text("选项", "Options"),
        "checklist": Text("检查表", "Checklist"),
        "vocabulary": Text("词汇", "Vocabulary"),
        "file": Text("_file", "_file"),
    }
