"""A month's report as a document, and as a workbook that a spreadsheet opens."""

from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.month_report import (
    CellKind,
    ChartKind,
    MonthReport,
    ReportColumn,
    ReportScope,
    ReportScore,
    ReportSection,
    share_rows,
    shown_columns,
)
from auditapp.domain.text import Text
from auditapp.gateways.report_sheets import write_report

NAME = ReportColumn(Text("名称", "Name"))
POINTS = ReportColumn(Text("得分", "Score"), CellKind.POINTS)
EVIL = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "http://x.example", "\t=1"]


def section(rows, columns=(NAME, POINTS), chart=None):
    heading = Text("一/部分: [x]", "A part/with: [x]")
    return ReportSection("part", heading, columns, tuple(rows), chart=chart)


def workbook(*sections, locale="en"):
    report = MonthReport(
        ReportScope.REGION,
        Text("北部大区", "North region"),
        "2026-10",
        ReportScore(70600, 76000, 71000, None),
        ((Text("状态", "State"), Text("已关账", "=closed")),),
        sections,
    )
    content = write_report(report, locale)
    return openpyxl.load_workbook(BytesIO(content))


@given(
    lost=st.lists(st.integers(0, 100_000), min_size=1, max_size=4).filter(any),
)
def test_shares_are_whole_percents_that_add_up_and_none_is_a_percent_off(lost):
    named = [(str(at), Text("原因", "Cause"), milli) for at, milli in enumerate(lost)]

    rows = share_rows(named, {"0": 10})

    assert sum(row[1] for row in rows) == 100
    for row, milli in zip(rows, lost, strict=True):
        assert abs(row[1] - 100 * milli / sum(lost)) < 1
    assert [row[3] for row in rows] == [10, *[None] * (len(lost) - 1)]


def test_nothing_lost_has_no_shares():
    assert share_rows([("a", Text("原因", "Cause"), 0)], {}) == ()


def test_a_column_without_any_figure_is_not_printed():
    columns = (NAME, POINTS, ReportColumn(Text("下限", "Low"), CellKind.POINTS))

    assert shown_columns(section([("a", 1, None), ("b", 2, None)], columns)) == [0, 1]
    (sheet,) = workbook(section([("a", 1, None)], columns)).worksheets[1:]
    assert [cell.value for cell in sheet[1]] == ["Name", "Score"]


@pytest.mark.parametrize("words", EVIL)
def test_what_people_wrote_stays_text_in_a_workbook(words):
    book = workbook(section([(words, 1), (Text(words, words), 2)]))

    cells = [book.worksheets[1].cell(row, 1) for row in (2, 3)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(words, "s")] * 2
    assert [cell.hyperlink for cell in cells] == [None, None]
    assert book.worksheets[0]["B8"].data_type == "s"


def test_numbers_are_numbers_with_their_format_and_the_head_has_a_filter():
    columns = (
        NAME,
        POINTS,
        ReportColumn(Text("占比", "Share"), CellKind.PERCENT),
        ReportColumn(Text("失分", "Lost"), CellKind.LOST),
    )
    sheet = workbook(section([("a", 70550, 33, 1234)], columns)).worksheets[1]

    cells = sheet[2][1:]
    assert [cell.value for cell in cells] == [70.55, 0.33, 1.234]
    assert [cell.number_format for cell in cells] == ["0.0", "0%", "0.00"]
    assert sheet.auto_filter.ref == "A1:D2"
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    ("chart", "columns", "series"),
    [
        (ChartKind.BARS, (NAME, POINTS), 1),
        (ChartKind.PROFILE, (NAME, POINTS, POINTS), 2),
        (ChartKind.TREND, (NAME, POINTS, POINTS, POINTS), 3),
    ],
)
def test_a_chart_is_native_and_reads_its_table(chart, columns, series):
    numbers = tuple(range(1, len(columns)))
    rows = [("a", *numbers), ("b", *numbers)]

    sheet = workbook(section(rows, columns, chart)).worksheets[1]

    (drawn,) = sheet._charts  # noqa: SLF001 (openpyxl has no other way)
    assert len(drawn.series) == series
    assert drawn.series[0].val.numRef.f.endswith("!$B$2:$B$3")


def test_a_heat_map_is_coloured_by_the_spreadsheet():
    sheet = workbook(section([("a", 1)], chart=ChartKind.HEAT)).worksheets[1]

    (rules,) = sheet.conditional_formatting
    assert rules.rules[0].type == "colorScale"


@pytest.mark.parametrize(("locale", "name"), [("zh_CN", "封面"), ("en", "Cover")])
def test_a_workbook_speaks_one_language(locale, name):
    book = workbook(section([]), locale=locale)

    assert book.sheetnames[0] == name
    assert book.worksheets[0]["A1"].value in ("北部大区", "North region")
