"""The report of a region or of the country."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.month import later
from auditapp.domain.month_report import (
    CellKind,
    ChartKind,
    MonthReport,
    NothingToReportError,
    ReportColumn,
    ReportScope,
    ReportScore,
    ReportSection,
)
from auditapp.domain.report_words import STATES
from auditapp.domain.text import Text
from auditapp.reads.actions import LATE, ActionFilter, list_actions
from auditapp.reads.month_heads import get_month
from auditapp.reads.month_report_parts import (
    ADJUSTED,
    HIGH,
    LOST,
    LOW,
    NAME,
    OFFICIAL,
    TrendRow,
    action_section,
    cause_section,
    item_section,
    profile_section,
    region_names,
    tier_names,
    trend_section,
)
from auditapp.reads.see import YEAR, Figure, SeeFilter, Seen, get_seen
from auditapp.reads.see_halls import (
    HallChoice,
    ItemLine,
    list_items,
    list_work,
    stream_halls,
)
from auditapp.reads.words import find_words

WORST_ITEMS, LATE_ACTIONS = 20, 30
COUNTRY = Text("全国", "The country")
ELSEWHERE = Text("别的大区同类厅", "Like halls elsewhere")


def get_area_report(
    session: Session,
    actor: Actor,
    wanted: SeeFilter,
    now: datetime,
    most_halls: int | None,
) -> MonthReport:
    """Return a region's report, or the country's without one.

    ``most_halls`` cuts the list of halls, the lowest first; None leaves it whole.

    Raises:
        NothingToReportError: The month has no scores there.
    """
    seen = get_seen(session, actor, wanted)
    month = wanted.month
    place = seen.trend.get(month)
    if place is None or place.mean_milli is None:
        raise NothingToReportError
    words, regions = find_words(session), region_names(session)
    head = get_month(session, month)
    mean, half = place.mean_milli, place.half_milli
    official = place.official_milli
    return MonthReport(
        scope=ReportScope.REGION if wanted.region_id else ReportScope.COUNTRY,
        title=regions[wanted.region_id] if wanted.region_id else COUNTRY,
        month=month,
        score=ReportScore(
            None if official is None else round(official),
            round(mean),
            round(mean - half),
            round(mean + half),
        ),
        facts=(
            (Text("状态", "State"), STATES[head.state]),
            (Text("营业厅", "Halls"), _number(place.halls)),
            (Text("有正式得分", "With an official score"), _number(seen.halls)),
        ),
        sections=(
            trend_section(_trend(seen, month)),
            cause_section(_lost(seen.figures.get("cause", {}))),
            _heat(seen, regions, tier_names(words)),
            _bands(seen.figures.get("band", {})),
            *(
                profile_section(each, seen.figures.get(each, {}), words, ELSEWHERE)
                for each in ("rater", "skill", "stage")
            ),
            _items(session, actor, wanted),
            _departments(session, actor, wanted, seen, now),
            action_section(
                list_actions(
                    session,
                    actor,
                    ActionFilter(which=LATE, region_id=wanted.region_id),
                    now,
                    limit=LATE_ACTIONS,
                ),
                Text("逾期最久的整改", "Corrective actions that are late"),
                ReportScope.REGION,
            ),
            _halls(session, actor, wanted, tier_names(words), most_halls),
        ),
    )


def _trend(seen: Seen, month: str) -> Iterator[TrendRow]:
    months = [later(month, -back) for back in range(YEAR - 1, -1, -1)]
    first = next((at for at, each in enumerate(months) if each in seen.trend), 0)
    for each in months[first:]:
        place = seen.trend.get(each)
        if place is None or place.mean_milli is None:
            yield each, None, None, None, None
            continue
        mean, half = place.mean_milli, place.half_milli
        official = place.official_milli
        yield (
            each,
            round(mean),
            round(mean - half),
            round(mean + half),
            None if official is None else round(official),
        )


def _lost(figures: Mapping[str, Figure]) -> dict[str, int]:
    return {cause: round(each.mean_milli) for cause, each in figures.items()}


def _heat(
    seen: Seen, regions: Mapping[str, Text], tiers: Mapping[str, Text]
) -> ReportSection:
    here = [key for key in regions if any(region == key for region, _t in seen.cells)]
    present = {tier for _region, tier in seen.cells}
    shown = [tier for tier in tiers if tier in present]
    return ReportSection(
        "heat",
        Text("大区和等级", "Regions and tiers"),
        (NAME, *(ReportColumn(tiers[tier], CellKind.POINTS) for tier in shown)),
        tuple(
            (
                regions[region],
                *(
                    round(place.mean_milli)
                    if (place := seen.cells.get((region, tier)))
                    and place.mean_milli is not None
                    else None
                    for tier in shown
                ),
            )
            for region in here
        ),
        note=Text("校正得分的平均。", "Means of adjusted scores."),
        chart=ChartKind.HEAT,
    )


def _bands(figures: Mapping[str, Figure]) -> ReportSection:
    bands = sorted(figures, key=int)
    return ReportSection(
        "bands",
        Text("在全国各档的营业厅", "Halls in the bands of the country"),
        (
            ReportColumn(Text("档（1最好）", "Band (1 is best)")),
            ReportColumn(Text("营业厅", "Halls"), CellKind.COUNT),
        ),
        tuple((band, figures[band].halls) for band in bands),
        chart=ChartKind.BARS,
    )


def _items(session: Session, actor: Actor, wanted: SeeFilter) -> ReportSection:
    found: list[ItemLine] = [
        line
        for quality in ("hard", "soft")
        for line in list_items(session, actor, wanted, "quality", quality)
    ]
    found.sort(key=lambda line: (-line.failed / line.halls, line.item_id))
    heading = Text("最常不合格的项目", "Items that fail most often")
    return item_section("items", heading, found[:WORST_ITEMS])


def _departments(
    session: Session, actor: Actor, wanted: SeeFilter, seen: Seen, now: datetime
) -> ReportSection:
    lost = seen.owners.get(wanted.month, {})
    work = list_work(session, actor, wanted, now)
    ordered = sorted(work, key=lambda key: -lost.get(key, 0.0))
    return ReportSection(
        "departments",
        Text("各部门", "Departments"),
        (
            ReportColumn(Text("部门", "Department")),
            LOST,
            ReportColumn(Text("未完成整改", "Open actions"), CellKind.COUNT),
            ReportColumn(Text("逾期", "Late"), CellKind.COUNT),
            ReportColumn(Text("未结投诉", "Open complaints"), CellKind.COUNT),
        ),
        tuple(
            (
                work[key].name,
                round(lost.get(key, 0.0)),
                work[key].actions,
                work[key].late,
                work[key].complaints,
            )
            for key in ordered
        ),
        note=Text("失分是平均每厅的。", "Points lost are those of the mean hall."),
        chart=ChartKind.BARS,
    )


def _halls(
    session: Session,
    actor: Actor,
    wanted: SeeFilter,
    tiers: Mapping[str, Text],
    most: int | None,
) -> ReportSection:
    lines = islice(stream_halls(session, actor, wanted, HallChoice()), most)
    return ReportSection(
        "halls",
        Text("营业厅，得分低的在前", "Halls, the lowest first"),
        (
            ReportColumn(Text("编号", "Number"), CellKind.WORD),
            ReportColumn(Text("营业厅", "Hall")),
            ReportColumn(Text("等级", "Tier"), CellKind.WORD),
            ADJUSTED,
            LOW,
            HIGH,
            OFFICIAL,
            ReportColumn(Text("信号", "Contradictions"), CellKind.COUNT),
        ),
        tuple(
            (
                line.hall_id,
                line.hall,
                tiers.get(line.tier, line.tier),
                line.adjusted_milli,
                line.low_milli,
                line.high_milli,
                line.official_milli,
                len(line.alerts),
            )
            for line in lines
        ),
        note=None
        if most is None
        else Text(
            f"只列得分最低的{most}个；全部在Excel里。",
            f"The lowest {most} only; the workbook has them all.",
        ),
    )


def _number(count: int) -> Text:
    return Text(str(count), str(count))
