"""What a row of an imported file says, in the habits of those who write it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.customer_import import (
    find_heading,
    heading_digest,
    import_fields,
    suggest_columns,
)
from auditapp.domain.customer_response import script_of
from auditapp.domain.import_days import read_day
from auditapp.domain.import_faults import (
    FAULTS,
    UnreadableCellError,
    fault_name,
    fault_text,
)
from auditapp.domain.import_rows import ImportGround, ImportPlan, ResponseReader
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.spreadsheet_cells import as_cell, as_said
from auditapp.gateways.checklist_files import load_checklist, load_vocabulary

TODAY = date(2026, 11, 25)
SMS = script_of(load_checklist("sms_feedback"), load_vocabulary())
HALLS = {"SX01": "SX01", "绍兴厅": "SX01", "中心厅": None}
HEADING = ["编号", "营业厅", "日期", "手机", "评分", "原因", "意见"]
PLAN = ImportPlan(
    ("id", "hall", "day", "phone", "sms_rating", "sms_reason", "sms_words"), 10
)


def reader(plan=PLAN, first_month="2026-01"):
    def script_in(month):
        return ("1", SMS) if month >= first_month else None

    return ResponseReader(plan, ImportGround(HALLS, {}, script_in, TODAY))


def faults_of(*cells):
    response, faults = reader().read(cells)
    assert response is None
    return [(fault.column, fault.code) for fault in faults]


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-05",
        "2026/10/5",
        "2026.10.5",
        "2026年10月5日",
        "2026 年 10 月 5 号",
        "10月5日",
        "20261005",
        "20261005143000",
        "46300",
        "46300.604",
        "2026-10-05 14:30:00",
        "2026-10-05T14:30:00+08:00",
        "2026年10月5日下午2:30",
        "5 Oct 2026",
        "Oct 5, 2026",
        "２０２６－１０－０５",
    ],
)
def test_a_day_is_read_in_every_habit(text):
    assert read_day(text, TODAY) == date(2026, 10, 5)


def test_a_day_without_a_year_is_the_last_one_that_was():
    assert read_day("12月5日", TODAY) == date(2025, 12, 5)
    assert read_day("25.10.2026", TODAY) == date(2026, 10, 25)
    assert read_day("10/25/2026", TODAY) == date(2026, 10, 25)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5/10/2026", "unclear-date"),
        ("26-10-5", "unclear-date"),
        ("2026-02-30", "impossible-date"),
        ("2026-11-26", "future-date"),
        ("1999-12-31", "old-date"),
        ("昨天", "no-date"),
        ("13800001111", "no-date"),
        ("5 Foo 2026", "no-date"),
    ],
)
def test_what_could_be_two_days_or_none_is_refused(text, code):
    with pytest.raises(UnreadableCellError) as told:
        read_day(text, TODAY)

    assert told.value.code == code


@given(st.text(max_size=30) | st.from_regex(r"[\d年月日/.\- :]{1,20}", fullmatch=True))
def test_no_text_breaks_the_reading_of_days_and_rows(text):
    row = [text] * len(PLAN.columns)
    response, faults = reader().read(row)
    assert response is None
    for fault in faults:
        assert fault_text(fault, HEADING, "zh")
        assert fault_text(fault, HEADING, "en")


def test_every_fault_of_a_row_is_named_at_its_column():
    assert faults_of("", "中心厅", "x", "010-123", "11", "不好", "") == [
        (1, "unclear-hall"),
        (2, "no-date"),
        (3, "bad-number"),
    ]
    assert faults_of("", "SX01", "2026-10-05", "1.38E+10", "11", "不好", "") == [
        (3, "shortened-number"),
        (4, "out-of-range"),
        (5, "not-an-answer"),
    ]
    assert faults_of("", "", "2026-10-05", "", "", "", "") == [(1, "missing")]
    assert faults_of("", "SX01", "2026-10-05") == [(None, "nothing-said")]
    assert faults_of(*"1234567", "8") == [(None, "extra-cells")]
    told = reader(first_month="2026-11").read(["", "SX01", "2026-10-05", "", "9"])[1]
    assert [fault.code for fault in told] == ["no-checklist"]


def test_every_fault_has_a_name_in_both_languages():
    for code in FAULTS:
        assert fault_name(code, "zh")
        assert fault_name(code, "en")


def test_a_row_says_what_the_company_writes_down():
    cells = ["7", "绍兴厅", "46300", "138****1111", "３分", "2", "'-慢，打13900002222"]
    response, faults = reader().read(cells)

    assert faults == []
    assert response.answers == {"sms_rating": 3, "sms_reason": "wait"}
    assert (response.hall_id, response.number) == ("SX01", None)
    assert response.words == "-慢，打139****2222"
    assert response.score.cause == "process"
    happy = reader().read(["", "SX01", "46300", "", "9", "等候太久", ""])[0]
    assert happy.answers == {"sms_rating": 9}  # was not to be asked


def test_a_heading_is_found_below_a_title_and_understood():
    rows = [
        ["十月短信评价"],
        [],
        ["序号", "业务流水号", "营业厅名称", "办理时间", "评分（1-10）*"],
    ]
    fields = import_fields(SMS)

    assert find_heading(rows, fields) == 2
    assert suggest_columns(rows[2], fields, {}) == [
        "",
        "id",
        "hall",
        "day",
        "sms_rating",
    ]
    assert suggest_columns(["Hall ID", "Date", "Rating", "Comment"], fields, {}) == [
        "hall",
        "day",
        "sms_rating",
        "sms_words",
    ]


def test_a_file_of_faults_has_the_heading_it_came_from():
    ours = ["原文件行号", *HEADING, "要改什么"]

    assert heading_digest(ours) == heading_digest(reversed(HEADING))
    assert suggest_columns(ours, import_fields(SMS), {})[1:-1] == list(PLAN.columns)


@given(st.text(max_size=20))
def test_a_cell_that_was_made_safe_is_read_as_it_was_said(text):
    assert as_said(as_cell(text)) == text or text.startswith("'")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13800001111找我", "打138****1111找我"),
        ("+86 138 0000 1111", "138****1111"),
        ("138-0000-1111和13900002222", "138****1111和139****2222"),
        ("流水2026100513800001111", "流水2026100513800001111"),
        ("10086", "10086"),
    ],
)
def test_numbers_in_texts_are_masked(text, shown):
    assert without_numbers(text) == shown
