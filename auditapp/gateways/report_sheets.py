"""A month's report as a workbook: one sheet a section, real numbers, native charts.

Whatever is text stays text: nothing that a person wrote becomes a formula or a link.
"""

from dataclasses import replace
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from auditapp.domain.month_report import (
    WORDS,
    Cell,
    CellKind,
    ChartKind,
    MonthReport,
    ReportColumn,
    ReportSection,
    shown_columns,
)
from auditapp.domain.rounding import MILLI_PER_POINT
from auditapp.domain.text import Text

PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDTHS = {CellKind.TEXT: 40, CellKind.WORD: 18, CellKind.MONTH: 12}
USUAL_WIDTH = 14
A4 = 9  # as Excel numbers paper
LOW, HIGH = "Low", "High"  # ends of a range: in the table, not drawn as bars
CHART_SIZE = {"width": 760, "height": 380}
FORMATS = {
    CellKind.POINTS: "0.0",
    CellKind.LOST: "0.00",
    CellKind.PERCENT: "0%",
    CellKind.COUNT: "0",
}
COVER = Text("封面", "Cover")
_LONGEST_NAME = 31  # of a sheet, says Excel
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def write_report(report: MonthReport, locale: str) -> bytes:
    """Return the workbook of a report in one language."""
    file = BytesIO()
    with Workbook(file, PLAIN) as workbook:
        printer = _Printer(workbook, locale)
        printer.cover(report)
        for section in report.sections:
            printer.section(section)
    return file.getvalue()


class _Printer:
    """Writes sheets into one workbook."""

    def __init__(self, workbook: Workbook, locale: str) -> None:
        self.workbook, self.locale = workbook, locale
        self.bold = workbook.add_format({"bold": True})
        self.head = workbook.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.title = workbook.add_format({"bold": True, "font_size": 18})
        self.formats = {
            kind: workbook.add_format({"num_format": pattern})
            for kind, pattern in FORMATS.items()
        }
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.formats[CellKind.TEXT] = wrapped

    def cover(self, report: MonthReport) -> None:
        """Write whose month it is, the scores and the facts."""
        sheet = self.workbook.add_worksheet(self._say(COVER))
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 34)
        sheet.write_string(0, 0, self._say(report.title), self.title)
        sheet.write_string(1, 0, report.month)
        row = 3
        if report.score is not None:
            score = report.score
            for name, milli in (
                (Text("正式得分", "Official score"), score.official_milli),
                (Text("校正得分", "Adjusted score"), score.adjusted_milli),
                (Text("90%区间下限", "90 % range, low"), score.low_milli),
                (Text("90%区间上限", "90 % range, high"), score.high_milli),
            ):
                sheet.write_string(row, 0, self._say(name), self.bold)
                self._write(sheet, row, 1, milli, CellKind.POINTS)
                row += 1
        for name, value in report.facts:
            sheet.write_string(row, 0, self._say(name), self.bold)
            sheet.write_string(row, 1, self._say(value))
            row += 1

    def section(self, section: ReportSection) -> None:
        """Write a section's table with a filter, and its chart beside it."""
        name = self._say(section.heading).translate(_FORBIDDEN)[:_LONGEST_NAME]
        sheet = self.workbook.add_worksheet(name)
        section = _without_empty(section)
        for at, column in enumerate(section.columns):
            sheet.set_column(at, at, WIDTHS.get(column.kind, USUAL_WIDTH))
            sheet.write_string(0, at, self._say(column.name), self.head)
        for number, row in enumerate(section.rows, start=1):
            for at, value in enumerate(row):
                self._write(sheet, number, at, value, section.columns[at].kind)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        if not section.rows:
            return
        sheet.autofilter(0, 0, len(section.rows), len(section.columns) - 1)
        if section.chart is ChartKind.HEAT:
            last = len(section.rows), len(section.columns) - 1
            sheet.conditional_format(1, 1, *last, {"type": "3_color_scale"})
        elif section.chart is not None:
            chart = self._chart(section, name)
            sheet.insert_chart(
                1, len(section.columns) + 1, chart, {"object_position": 3}
            )

    def _chart(self, section: ReportSection, sheet: str) -> Chart:
        kinds: dict[ChartKind | None, dict[str, str]] = {
            ChartKind.TREND: {"type": "line"},
            ChartKind.SPLIT: {"type": "column"},
        }
        chart = self.workbook.add_chart(kinds.get(section.chart, {"type": "bar"}))
        for at in _drawn_columns(section):
            last = len(section.rows)
            chart.add_series(
                {
                    "name": [sheet, 0, at],
                    "categories": [sheet, 1, 0, last, 0],
                    "values": [sheet, 1, at, last, at],
                    **_look(section.columns[at], section.chart, at),
                }
            )
        chart.set_title({"name": self._say(section.heading)})
        chart.set_size(CHART_SIZE)
        chart.set_legend({"position": "bottom"})
        chart.show_na_as_empty_cell()
        if section.chart not in kinds:
            chart.set_y_axis({"reverse": True})  # the first row on top
        if section.chart is ChartKind.TREND:
            chart.set_y_axis({"min": 40, "max": 100})
        return chart

    def _write(
        self, sheet: Worksheet, row: int, at: int, value: Cell, kind: CellKind
    ) -> None:
        if value is None:
            return
        if isinstance(value, int):
            sheet.write_number(row, at, _number(value, kind), self.formats[kind])
        else:
            sheet.write_string(row, at, self._say(value), self.formats.get(kind))

    def _say(self, text: Text | str) -> str:
        return text.in_language(self.locale) if isinstance(text, Text) else text


def _without_empty(section: ReportSection) -> ReportSection:
    shown = shown_columns(section)
    return replace(
        section,
        columns=tuple(section.columns[at] for at in shown),
        rows=tuple(tuple(row[at] for at in shown) for row in section.rows),
    )


def _number(value: int, kind: CellKind) -> float:
    match kind:
        case CellKind.POINTS | CellKind.LOST:
            return value / MILLI_PER_POINT
        case CellKind.PERCENT:
            return value / 100
        case _:
            return value


def _drawn_columns(section: ReportSection) -> list[int]:
    numbers = [
        at for at, column in enumerate(section.columns) if column.kind not in WORDS
    ]
    match section.chart:
        case ChartKind.TREND:
            return numbers
        case ChartKind.SPLIT:
            return [
                at for at in numbers if section.columns[at].kind is CellKind.PERCENT
            ]
        case ChartKind.PROFILE:
            ranges = {LOW, HIGH}
            return [at for at in numbers if section.columns[at].name.en not in ranges]
        case _:
            return numbers[:1]


def _look(column: ReportColumn, chart: ChartKind | None, at: int) -> dict[str, Any]:
    if chart is not ChartKind.TREND:
        return {}
    if at == 1:
        return {"line": {"width": 2.5}}
    is_official = column.name.en == "Official"
    if is_official:
        return {"line": {"none": True}, "marker": {"type": "circle", "size": 6}}
    return {"line": {"width": 1, "dash_type": "dash"}}
