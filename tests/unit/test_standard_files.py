"""A checklist survives every kind of file, and other programs' habits."""

import io
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from auditapp.domain.errors import InvalidError
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.checklist_files import (
    CHECKLIST_DIR,
    checklist_paths,
    load_yaml,
)
from auditapp.gateways.sheets import UnreadableSheetError
from auditapp.gateways.standard_files.files import KINDS, XLSFORM, open_file, write_file
from auditapp.gateways.standard_files.house_yaml import with_text_keys
from auditapp.gateways.standard_files.model import Origin
from auditapp.gateways.standard_files.sheets_in import read_workbook_tables
from auditapp.gateways.standard_files.worker import read_sheets
from auditapp.gateways.standard_files.xlsform_in import read_xlsform
from auditapp.gateways.standard_files.xlsform_rows import find_form

SHIPPED = [path.stem for path in checklist_paths()]
FROM = Origin("telecom_hall_mystery", "2026.11", "a-draft", 7)


@cache
def vocabulary():
    return load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document


@cache
def words():
    return Vocabulary.from_document(vocabulary())


def shipped(name="telecom_hall_mystery"):
    return with_text_keys(load_yaml(CHECKLIST_DIR / f"{name}.yaml").document)


def written(document, kind="xlsx", language="zh", origin=FROM):
    return write_file(kind, document, vocabulary(), origin, language)[0]


def read(content, base=None):
    """Read a file in this process; how the child is run has its own test."""
    base = base if base is not None else {}
    if content.startswith(b"PK"):
        sheets = dict(read_sheets(content))
        form = find_form(sheets)
        if form is not None:
            return read_xlsform(form, words(), base)
        return read_workbook_tables(sheets, words(), base)
    return open_file(content).read(words(), base)


def said(document):
    """Return what tells 5 from 5.0 and true from 1."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False)


def edited(content, change, sheet="项目"):
    book = load_workbook(io.BytesIO(content))
    table = book[sheet]
    change(table, {cell.value: cell.column for cell in table[1]})
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_checklist_comes_back_as_it_was(name, kind, language):
    document = shipped(name)
    found = read(written(document, kind, language))
    assert said(found.document) == said(document)
    assert found.faults == ()
    assert found.left_out == ()
    assert (found.origin.draft, found.origin.revision) == ("a-draft", 7)


def test_the_vocabulary_comes_along_and_back():
    found = read(written(shipped()))
    kinds = {k: v for k, v in vocabulary().items() if isinstance(v, dict)}
    assert found.vocabulary == kinds


def test_the_child_reads_what_this_process_reads():
    content = written(shipped("sms_feedback"))
    opened = open_file(content)
    assert opened.read(words(), {}).document == shipped("sms_feedback")
    with pytest.raises(UnreadableSheetError):
        open_file(b"PK\x03\x04 nothing")


def test_yaml_has_one_order_whatever_order_it_came_in():
    document = shipped()
    backwards = json.loads(
        json.dumps(document), object_pairs_hook=lambda pairs: dict(reversed(pairs))
    )
    assert written(backwards, "yaml") == written(document, "yaml")
    first = written(document, "yaml").decode().splitlines()
    assert first[2:4] == ["schema: 1", "id: telecom_hall_mystery"]


text = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"),
    min_size=1,
    max_size=30,
)
tricky = st.sampled_from(  # what spreadsheets, YAML and ODK take for something else
    ["=1+1", "@x", "- 1", "yes", "2026-11-01", "1.0", "null", "a | b", "a=b", "json:x",
     " 空格 ", "'引'", '"a"', "${x}", "_x0041_", "#1", "[a]", "5", "是", "1e3",
     "\u2028"]
)  # fmt: skip
scalar = st.one_of(
    text, tricky, st.integers(-10, 10**9), st.booleans(), st.just(0.5), st.none()
)
anything = st.recursive(
    scalar,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)
    ),
    max_leaves=6,
)
condition = st.one_of(
    st.sampled_from(["rainy", "not hot", "tier.small", "today.peak"]),
    st.lists(st.sampled_from(["rainy", "not arid", "scenario.device"]), min_size=1),
)
rule = st.fixed_dictionaries(
    {"if": condition, "set": st.sampled_from(["required", "optional"])}
)
band = st.fixed_dictionaries(
    {"up_to": st.one_of(st.integers(0, 900), st.just(1.5)), "score": st.integers(0, 9)}
)
edits = st.one_of(
    st.tuples(
        st.sampled_from(["zh", "en", "guide_zh", "short_en", "id2", "owner"]),
        st.one_of(text, tricky),
    ),
    st.tuples(st.just("overrides"), st.lists(rule, max_size=4)),
    st.tuples(st.just("bands"), st.lists(band, max_size=4)),
    st.tuples(
        st.just("ask_if"), st.dictionaries(text, st.one_of(scalar, st.lists(scalar)))
    ),
    st.tuples(
        st.sampled_from(["applies", "options", "timer", "weight", "kind", "new_key"]),
        anything,
    ),
)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 9), edits), min_size=1, max_size=6))
def test_no_edit_is_lost_in_a_workbook_or_in_yaml(changes):
    document = shipped("customer_callback")
    items = [item for section in document["sections"] for item in section["items"]]
    for index, (key, value) in changes:
        items[index % len(items)][key] = value
    for kind in ("xlsx", "yaml"):
        assert said(read(written(document, kind)).document) == said(document), kind


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["pass_mark", "defaults", "closing_zh", "x"]),
                       anything))  # fmt: skip
def test_no_edit_of_the_head_is_lost(changes):
    document = shipped("sms_feedback") | changes
    for kind in ("xlsx", "yaml"):
        assert said(read(written(document, kind)).document) == said(document), kind


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 65),
            st.sampled_from(["zh", "en", "guide_zh", "guide_en", "sms_zh"]),
            st.one_of(text, tricky).filter(str.strip),
        ),
        max_size=5,
    )
)
def test_texts_survive_an_xlsform(changes):
    document = shipped()
    items = [item for section in document["sections"] for item in section["items"]]
    for index, key, value in changes:
        items[index][key] = value.strip()
        if key.startswith("guide"):
            items[index].setdefault("guide_zh", "说明")
            items[index].setdefault("guide_en", "guide")
    assert said(read(written(document, XLSFORM)).document) == said(document)


def test_no_text_becomes_a_formula():
    document = shipped()
    document["sections"][0]["items"][0]["zh"] = "=1+1"
    for kind in ("xlsx", XLSFORM):
        book = load_workbook(io.BytesIO(written(document, kind)))
        types = {cell.data_type for sheet in book for row in sheet for cell in row}
        assert "f" not in types


def test_columns_may_be_moved_left_out_and_added_and_numbers_be_text():
    document = shipped()
    content = written(document)
    book = load_workbook(io.BytesIO(content))
    table = book["项目"]
    titles = {cell.value: cell.column for cell in table[1]}
    other = Workbook()
    sheet = other.active
    sheet.title = "项目"
    sheet.append(["这是我们改过的表"])
    sheet.append(["权重 ", "备注说明", "编号", "中文题目"])
    for row in range(2, table.max_row + 1):
        weight, item, zh = (
            table.cell(row, titles[title]).value
            for title in ("权重", "编号", "中文题目")
        )
        typed = "" if weight is None else f"{weight} "
        sheet.append([typed, "我的备注", item, f"{zh} "])
    sheet.append(["", "  ", None])
    file = io.BytesIO()
    other.save(file)
    found = read(file.getvalue(), base=document)
    assert said(found.document) == said(document)
    assert found.faults == ()
    [note] = found.left_out
    assert "备注说明" in note.text.zh
    assert note.place.text().en == "Sheet “项目”, row 2, column B"


def test_a_row_left_out_removes_the_item_and_a_new_row_adds_one():
    document = shipped()

    def change(table, titles):
        table.delete_rows(2)
        row = table.max_row + 1
        for title, value in (
            ("环节", "总体感受"), ("编号", "ovr_new"), ("中文题目", "新题"),
            ("英文题目", "New"), ("权重", 2.0), ("题型", "yes or no"), ("关键", "否"),
            ("软硬质量", "soft"), ("RATER", "Empathy"), ("等级：旗舰厅", "必查"),
        ):  # fmt: skip
            table.cell(row, titles[title]).value = value

    found = read(edited(written(document), change), base=document)
    assert found.faults == ()
    items = [i for s in found.document["sections"] for i in s["items"]]
    assert len(items) == 66
    assert "ext_open" not in [item["id"] for item in items]
    assert items[-1] == {
        "id": "ovr_new", "zh": "新题", "en": "New", "weight": 2, "kind": "yes_no",
        "critical": False, "quality": "soft", "rater": "empathy",
        "applies": {"flagship": "required"},
    }  # fmt: skip


def test_every_cell_of_an_item_has_a_place():
    found = read(written(shipped(), language="en"))
    place = found.place_of("/sections/2/items/4/overrides/0/if")
    assert place.text().en == "Sheet “Items”, row 16, column N “Rules by place”"
    assert place.text().zh == "“Items”页第16行N列“Rules by place”"
    assert found.place_of("/sections/2/items/4/nothing").row == 16
    assert found.place_of("/pass_mark").text().en.startswith("Sheet “Checklist”, row")


def test_what_a_cell_says_wrongly_is_named_in_both_languages():
    def change(table, titles):
        table.cell(2, titles["分档"]).value = "15:100"
        table.cell(3, titles["关键"]).value = "也许"
        table.cell(4, titles["计时"]).value = "进厅"
        table.cell(5, titles["题型"]).value = "是非题"
        table.cell(6, titles["环节"]).value = "厅后"

    document = shipped()
    found = read(edited(written(document), change), base=document)
    texts = [fault.text for fault in found.faults]
    assert len(texts) == 5
    assert all(text.zh and text.en for text in texts)
    assert "“是非题”不在可选的词里，是不是“是否题”？" in [text.zh for text in texts]


def test_a_workbook_of_something_else_is_refused_with_the_way_out():
    other = Workbook()
    other.active.append(["姓名", "电话"])
    file = io.BytesIO()
    other.save(file)
    with pytest.raises(InvalidError) as caught:
        read(file.getvalue())
    assert "从导出的文件改起" in caught.value.problems[0].text.zh


def test_a_text_too_long_for_a_cell_is_refused_and_yaml_holds_it():
    document = shipped("sms_feedback")
    document["sections"][0]["items"][0]["guide_zh"] = "长" * 33_000
    with pytest.raises(InvalidError):
        written(document)
    assert read(written(document, "yaml")).document == document
