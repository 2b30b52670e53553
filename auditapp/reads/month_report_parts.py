"""Sections that reports of several scopes have in common."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.attribution import CAUSES
from auditapp.domain.month_report import (
    Cell,
    CellKind,
    ChartKind,
    ReportColumn,
    ReportScope,
    ReportSection,
    share_rows,
)
from auditapp.domain.report_words import CAUSES as CAUSE_NAMES
from auditapp.domain.report_words import HYPOTHESIS, PROFILES
from auditapp.domain.rounding import FULL_MILLI
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.actions import ActionLine
from auditapp.reads.see import Figure
from auditapp.reads.see_halls import ItemLine
from auditapp.store.organisation import RegionRow

BACKSTAGE = "backstage"  # no customer is there
NAME = ReportColumn(Text("名称", "Name"))
MONTH = ReportColumn(Text("月份", "Month"), CellKind.MONTH)
LOW = ReportColumn(Text("下限", "Low"), CellKind.POINTS)
HIGH = ReportColumn(Text("上限", "High"), CellKind.POINTS)
ADJUSTED = ReportColumn(Text("校正得分", "Adjusted"), CellKind.POINTS)
OFFICIAL = ReportColumn(Text("正式得分", "Official"), CellKind.POINTS)
LOST = ReportColumn(Text("失分", "Points lost"), CellKind.LOST)
RANGE_NOTE = Text(
    "色带是90%区间：证据越少，区间越宽。",
    "The band is the 90 % range: the less evidence, the wider.",
)

TrendRow = tuple[str, int | None, int | None, int | None, int | None]


def region_names(session: Session) -> dict[str, Text]:
    """Return what regions are called, by id."""
    rows = session.scalars(select(RegionRow).order_by(RegionRow.region_id))
    return {row.region_id: Text(row.name_zh, row.name_en) for row in rows}


def tier_names(words: Vocabulary | None) -> dict[str, Text]:
    """Return what tiers are called, in the vocabulary's order."""
    return {key: word.name for key, word in words.tiers.items()} if words else {}


def trend_section(rows: Iterable[TrendRow]) -> ReportSection:
    """Return twelve months of scores with their ranges."""
    return ReportSection(
        "trend",
        Text("十二个月", "Twelve months"),
        (MONTH, ADJUSTED, LOW, HIGH, OFFICIAL),
        tuple(rows),
        note=RANGE_NOTE,
        chart=ChartKind.TREND,
    )


def cause_section(lost: Mapping[str, int]) -> ReportSection:
    """Return whose the points lost are, beside the sector's saying."""
    known = [(key, CAUSE_NAMES[key], lost[key]) for key in CAUSES if lost.get(key)]
    rest = sum(milli for key, milli in lost.items() if key not in CAUSES)
    if rest:
        known.append(("", CAUSE_NAMES[""], rest))
    return ReportSection(
        "cause",
        Text("失分归谁", "Whose the points lost are"),
        (
            ReportColumn(Text("原因", "Cause"), CellKind.WORD),
            ReportColumn(Text("占比", "Share"), CellKind.PERCENT),
            LOST,
            ReportColumn(Text("136之说", "The 10/30/60 saying"), CellKind.PERCENT),
        ),
        share_rows(known, HYPOTHESIS),
        note=Text(
            "“一分在一线、三分在流程、六分在管理”是行业说法，不是测量结果，也不是目标。",
            "“One part front line, three process, six management” is a saying of the"
            " sector: neither measured nor a target.",
        ),
        chart=ChartKind.SPLIT,
        keys=tuple(key for key, _name, _milli in known),
    )


def profile_section(
    dimension: str,
    figures: Mapping[str, Figure],
    words: Vocabulary | None,
    peers: Text,
    note: Text | None = None,
) -> ReportSection:
    """Return a profile in the order of the vocabulary; ``peers`` says who they are."""
    known: Mapping[str, Text] = {}
    if words is not None:
        of = words.stages if dimension == "stage" else words.tags.get(dimension, {})
        known = {key: word.name for key, word in of.items()}
    rows = [
        (
            name,
            round(found.mean_milli),
            *_range(found),
            None if found.peers_milli is None else round(found.peers_milli),
        )
        for key, name in known.items()
        if key != BACKSTAGE and (found := figures.get(key))
    ]
    return ReportSection(
        dimension,
        PROFILES[dimension],
        (
            NAME,
            ReportColumn(Text("得分", "Score"), CellKind.POINTS),
            LOW,
            HIGH,
            ReportColumn(peers, CellKind.POINTS),
        ),
        tuple(rows),
        note=note,
        chart=ChartKind.PROFILE,
    )


def _range(found: Figure) -> tuple[int | None, int | None]:
    """Return from where to where a mean may lie; nothing where that is anywhere."""
    mean, half = found.mean_milli, found.half_milli
    if not 0 < half < FULL_MILLI:
        return None, None
    return max(round(mean - half), 0), min(round(mean + half), FULL_MILLI)


def item_section(name: str, heading: Text, lines: Sequence[ItemLine]) -> ReportSection:
    """Return items with how many halls failed them."""
    return ReportSection(
        name,
        heading,
        (
            ReportColumn(Text("项目", "Item")),
            ReportColumn(Text("不合格的厅", "Halls that failed"), CellKind.COUNT),
            ReportColumn(Text("查过的厅", "Halls asked"), CellKind.COUNT),
            ReportColumn(Text("不合格占比", "Share failed"), CellKind.PERCENT),
        ),
        tuple(
            (line.name, line.failed, line.halls, round(100 * line.failed / line.halls))
            for line in lines
            if line.failed
        ),
    )


def action_section(
    lines: Sequence[ActionLine], heading: Text, scope: ReportScope
) -> ReportSection:
    """Return corrective actions as they stand, without what the report's title says."""
    parts: list[tuple[ReportScope | None, ReportColumn, list[Cell]]] = [
        (
            ReportScope.HALL,
            ReportColumn(Text("营业厅", "Hall")),
            [a.hall for a in lines],
        ),
        (None, ReportColumn(Text("项目", "Item")), [a.item for a in lines]),
        (
            ReportScope.DEPARTMENT,
            ReportColumn(Text("责任部门", "Owner"), CellKind.WORD),
            [a.department or _OWNERS["hall" if a.owner else ""] for a in lines],
        ),
        (
            None,
            ReportColumn(Text("期限", "Due"), CellKind.WORD),
            [f"{a.due_at:%Y-%m-%d}" if a.due_at else None for a in lines],
        ),
        (
            None,
            ReportColumn(Text("逾期", "Late"), CellKind.WORD),
            [_LATE if a.is_late else None for a in lines],
        ),
    ]
    shown = [(column, cells) for of, column, cells in parts if of is not scope]
    return ReportSection(
        "actions",
        heading,
        tuple(column for column, _cells in shown),
        tuple(zip(*(cells for _column, cells in shown), strict=True)),
    )


_LATE = Text("逾期", "late")
_OWNERS = {"hall": Text("营业厅", "The hall"), "": Text("未指定", "Nobody yet")}
