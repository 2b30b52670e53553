"""A month's report of a hall, region, department or the country, before it is printed.

One document, two printers: PDF and workbook. A section is a table with typed cells; a
chart says which of its columns are drawn and how, so that a drawing never shows what
its table does not say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from auditapp.domain.errors import ConflictError
from auditapp.domain.text import Text


class ReportScope(Enum):
    """Whose month a report is about."""

    HALL = "hall"
    REGION = "region"
    DEPARTMENT = "department"
    COUNTRY = "country"


class ReportFormat(Enum):
    """What a report is printed as."""

    PDF = "pdf"
    XLSX = "xlsx"


class CellKind(Enum):
    """What a column holds."""

    TEXT = "text"  # Text or str
    WORD = "word"  # a Text or str short enough for one line
    MONTH = "month"  # "2026-10"
    POINTS = "points"  # milli-points, one decimal
    LOST = "lost"  # milli-points lost, two decimals
    COUNT = "count"
    PERCENT = "percent"  # whole


WORDS = (CellKind.TEXT, CellKind.WORD, CellKind.MONTH)  # not to be added up


class ChartKind(Enum):
    """How a section is drawn."""

    TREND = "trend"  # columns month, score, low, high, official
    SPLIT = "split"  # columns cause, percent, lost, hypothesis
    PROFILE = "profile"  # columns name, mean, low, high, peers
    BARS = "bars"  # columns name, value
    HEAT = "heat"  # a column of names, then one of points for each tier


Cell = Text | str | int | None


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One column of a section's table."""

    name: Text
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class ReportSection:
    """One part of a report; ``keys`` are its rows' ids where a chart needs them."""

    name: str
    heading: Text
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text | None = None
    chart: ChartKind | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportScore:
    """The scores on the cover, in milli-points; None where there is no evidence."""

    official_milli: int | None
    adjusted_milli: int | None
    low_milli: int | None
    high_milli: int | None


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A whole report: its cover, then its sections in order."""

    scope: ReportScope
    title: Text
    month: str
    score: ReportScore | None
    facts: tuple[tuple[Text, Text], ...]
    sections: tuple[ReportSection, ...]


class NothingToReportError(ConflictError):
    """There is no score of the month yet."""

    code = "nothing-to-report"
    text = Text(
        "这个月还没有得分，等算出分数再出报告。",
        "The month has no scores yet. Ask again once it has.",
    )


def shown_columns(section: ReportSection) -> list[int]:
    """Return the columns that say something; the first always."""
    return [
        at
        for at in range(len(section.columns))
        if at == 0 or any(row[at] is not None for row in section.rows)
    ]


def share_rows(
    lost: Sequence[tuple[str, Text, int]], hypothesis: dict[str, int]
) -> tuple[tuple[Cell, ...], ...]:
    """Return whose the points lost are, in whole percents beside a hypothesis.

    ``lost`` are keys, names and milli-points. Rounded by the largest remainder, so that
    the percents add up to 100.
    """
    whole = sum(milli for _key, _name, milli in lost)
    if not whole:
        return ()
    floors = [100 * milli // whole for _key, _name, milli in lost]
    rests = sorted(
        range(len(lost)),
        key=lambda at: -(100 * lost[at][2] % whole),
    )
    for at in rests[: 100 - sum(floors)]:
        floors[at] += 1
    return tuple(
        (name, percent, milli, hypothesis.get(key))
        for (key, name, milli), percent in zip(lost, floors, strict=True)
    )
