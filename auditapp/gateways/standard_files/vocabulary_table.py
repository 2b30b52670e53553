"""The words that a checklist may use, as a sheet to look them up."""

from auditapp.domain.text import Text
from auditapp.gateways.standard_files.columns import Column
from auditapp.gateways.standard_files.model import Document
from auditapp.gateways.standard_files.names import NameBook
from auditapp.gateways.standard_files.notations import Choice, TextList, Words, to_cell
from auditapp.gateways.standard_files.table import Table

VOCABULARY_KINDS = {
    "tiers": Text("等级", "Tier"),
    "traits": Text("特征", "Trait"),
    "today": Text("今天", "Today"),
    "scenario": Text("业务场景", "Scenario"),
    "events": Text("计时按钮", "Clock button"),
    "stages": Text("阶段", "Stage"),
    "quality": Text("软硬质量", "Hard or soft"),
    "group": Text("软质量分组", "Soft group"),
    "rater": Text("RATER", "RATER"),
    "cause": Text("归因", "Cause"),
    "skill": Text("能力", "Ability"),
    "contact": Text("接触方式", "Contact"),
    "owner": Text("责任部门", "Owner"),
}
VOCABULARY_COLUMNS = (
    Column("kind", Text("种类", "Kind"), Choice(NameBook(VOCABULARY_KINDS)), 14),
    Column("word", Text("编号", "Id"), Words(), 18),
    Column("zh", Text("中文", "Chinese"), Words(), 24),
    Column("en", Text("英文", "English"), Words(), 30),
    Column("group", Text("分组", "Group"), Words(), 12),
    Column("excludes", Text("不能同时成立", "Never together with"), TextList(), 18),
    Column("means_zh", Text("中文含义", "Chinese meaning"), Words(), 30),
    Column("means_en", Text("英文含义", "English meaning"), Words(), 30),
    Column("holds_zh", Text("成立时怎么说（中文）", "Holds, in Chinese"), Words(), 24),
    Column("holds_en", Text("成立时怎么说（英文）", "Holds, in English"), Words(), 30),
    Column(
        "fails_zh", Text("不成立时怎么说（中文）", "Fails, in Chinese"), Words(), 24
    ),
    Column(
        "fails_en", Text("不成立时怎么说（英文）", "Fails, in English"), Words(), 30
    ),
)


def vocabulary_table(vocabulary: Document, language: str) -> Table:
    """Return the words that the checklist may use, kind by kind."""
    rows = []
    for kind in VOCABULARY_KINDS:
        for word, entry in vocabulary.get(kind, {}).items():
            row = {"kind": kind, "word": word, **entry}
            rows.append(
                tuple(
                    to_cell(column.notation, row[column.key], language)
                    if column.key in row
                    else None
                    for column in VOCABULARY_COLUMNS
                )
            )
    return Table("vocabulary", VOCABULARY_COLUMNS, tuple(rows))
