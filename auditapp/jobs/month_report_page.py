"""The page that becomes a month report's PDF: its sections in one language, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale

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
from auditapp.domain.profile_chart import ProfileMean, draw_profile
from auditapp.domain.rounding import MILLI_PER_POINT, milli_to_tenths
from auditapp.domain.text import Text
from auditapp.domain.trend_chart import WIDE, TrendMonth, draw_trend
from auditapp.jobs.report_page import Voice, light_colours

_CSS = Path(__file__).parents[2] / "static/css"
HEAT_STEPS = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """A section with its drawing; ``most`` is the longest bar, ``steps`` a heat map's.

    ``at`` is the column that bars stand for.
    """

    section: ReportSection
    drawing: Any = None
    at: int | None = None
    most: int = 0
    steps: tuple[tuple[int | None, ...], ...] = ()

    @property
    def shown(self) -> list[int]:
        """The columns that are printed."""
        return shown_columns(self.section)


class MonthVoice(Voice):
    """How one language says the cells of a table."""

    def cell(self, value: Cell, column: ReportColumn) -> str:
        """Say a cell as its column wants it; a dash for what is not known."""
        if value is None:
            return "" if column.kind in WORDS else "–"
        if isinstance(value, Text):
            return value.in_language(self.locale)
        if isinstance(value, str):
            return self.month(value) if column.kind is CellKind.MONTH else value
        return self.figure(value, column.kind)

    def figure(self, value: int, kind: CellKind) -> str:
        """Say a whole number as points, points lost, percent or itself."""
        match kind:
            case CellKind.POINTS:
                return self.points(milli_to_tenths(value))
            case CellKind.LOST:
                return f"{value / MILLI_PER_POINT:.2f}"
            case CellKind.PERCENT:
                return f"{value}%"
            case _:
                return str(value)


def month_report_css() -> str:
    """Return the style: tokens, what print needs, what these reports add."""
    names = ("tokens.css", "report.css", "month_report.css")
    return "".join((_CSS / name).read_text() for name in names)


def month_report_html(report: MonthReport, locale: str, printed_at: datetime) -> str:
    """Return the page of a report in one language."""
    template = current_app.jinja_env.get_template("month_reports/report.html")
    voice = MonthVoice(locale)
    with force_locale(locale):
        return template.render(
            report=report,
            sections=[drawn(each, voice) for each in report.sections],
            kinds=CellKind,
            words=WORDS,
            charts=ChartKind,
            colour=light_colours(),
            printed_at=printed_at,
            voice=voice,
        )


def drawn(section: ReportSection, voice: MonthVoice) -> Drawn:
    """Place the marks of a section's chart."""
    if not section.rows:
        return Drawn(section)
    match section.chart:
        case ChartKind.TREND:
            return Drawn(section, draw_trend(_months(section), (), WIDE))
        case ChartKind.PROFILE:
            return Drawn(section, draw_profile(_means(section, voice), is_wide=True))
        case ChartKind.BARS:
            at = bar_column(section)
            values = [row[at] for row in section.rows]
            most = max((v for v in values if isinstance(v, int)), default=0)
            return Drawn(section, at=at, most=most)
        case ChartKind.HEAT:
            return Drawn(section, steps=heat_steps(section))
        case _:
            return Drawn(section)


def bar_column(section: ReportSection) -> int:
    """Return the first column of numbers."""
    return next(i for i, c in enumerate(section.columns) if c.kind not in WORDS)


def heat_steps(section: ReportSection) -> tuple[tuple[int | None, ...], ...]:
    """Return how strongly each cell is coloured, 1 (lowest) to 5; None for names."""
    values = [v for row in section.rows for v in row[1:] if isinstance(v, int)]
    low, width = min(values, default=0), max(values, default=0) - min(values, default=0)
    return tuple(
        (None, *(_step(value, low, width) for value in row[1:])) for row in section.rows
    )


def _step(value: Cell, low: int, width: int) -> int | None:
    if not isinstance(value, int):
        return None
    return 1 + min(HEAT_STEPS * (value - low) // (width or 1), HEAT_STEPS - 1)


def _months(section: ReportSection) -> Sequence[TrendMonth]:
    months = []
    for month, *cells in section.rows:
        adjusted, low, high, official = _milli(*cells)
        months.append(TrendMonth(str(month), official, adjusted, low, high, None))
    return months


def _means(section: ReportSection, voice: MonthVoice) -> Sequence[ProfileMean]:
    means = []
    for name, mean, low, _high, *peers in section.rows:
        middle, least = _milli(mean, low)
        half = (middle - least) if middle is not None and least is not None else 0
        (others,) = _milli(*peers) if peers else (None,)
        said = voice.cell(name, section.columns[0])
        means.append(ProfileMean(said, said, middle or 0, half, others))
    return means


def _milli(*cells: Cell) -> tuple[int | None, ...]:
    return tuple(cell if isinstance(cell, int) else None for cell in cells)
