"""The report of one hall's month: what its own page shows, on paper.

Of a month that is not closed a hall gets none, and nothing here names an audit, a day
or a person: the hall's report and the one for its region hold the same.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
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
from auditapp.domain.report_words import CAUSES, NO_ITEMS, SOURCES, STATES
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.actions import ActionFilter, list_actions
from auditapp.reads.hall_month import get_hall_month
from auditapp.reads.hall_month_parts import HallMonth, LossLine
from auditapp.reads.hall_profile import HallProfile, get_hall_profile
from auditapp.reads.month_names import MonthNames, find_month_names
from auditapp.reads.month_pages import list_past_months
from auditapp.reads.month_report_parts import (
    LOST,
    action_section,
    cause_section,
    profile_section,
    tier_names,
    trend_section,
)
from auditapp.reads.month_strengths import list_strengths
from auditapp.reads.words import find_words

MOST_LOSSES, MOST_ACTIONS = 25, 50
LIKE_HALLS = Text("同类厅", "Like halls")


def get_hall_report(
    session: Session, actor: Actor, hall_id: str, month: str, now: datetime
) -> MonthReport:
    """Return a hall's report.

    Raises:
        NotFoundError: There is no such hall or month for this person.
        NothingToReportError: The hall has no score of the month.
    """
    found = get_hall_month(session, actor, hall_id, month)
    if found.official.milli is None and found.adjusted is None:
        raise NothingToReportError
    names, words = find_month_names(session, month), find_words(session)
    only_closed = actor.role is Role.HALL_MANAGER
    past = list_past_months(session, hall_id, month, only_closed=only_closed)
    actions = list_actions(
        session, actor, ActionFilter(hall_id=hall_id), now, limit=MOST_ACTIONS
    )
    tier = tier_names(words).get(found.tier, Text(found.tier, found.tier))
    adjusted = found.adjusted
    return MonthReport(
        scope=ReportScope.HALL,
        title=found.hall,
        month=month,
        score=ReportScore(
            found.official.milli,
            adjusted.milli if adjusted else None,
            adjusted.low_milli if adjusted else None,
            adjusted.high_milli if adjusted else None,
        ),
        facts=_facts(found, tier),
        sections=(
            _strengths(session, hall_id, month, names),
            _losses(found.lines),
            cause_section(found.lost_by("cause") if found.lines else {}),
            _sources(found),
            trend_section(
                (
                    each.month,
                    each.adjusted_milli,
                    each.low_milli,
                    each.high_milli,
                    each.official_milli,
                )
                for each in past
            ),
            *_profiles(session, hall_id, month, words),
            action_section(
                actions,
                Text("没做完的整改", "Corrective actions not done"),
                ReportScope.HALL,
            ),
        ),
    )


def _facts(found: HallMonth, tier: Text) -> tuple[tuple[Text, Text], ...]:
    grades = found.official.grades
    return (
        (Text("状态", "State"), STATES[found.state.value]),
        (Text("编号", "Number"), Text(found.hall_id, found.hall_id)),
        (Text("大区", "Region"), found.region),
        (Text("城市", "City"), found.city),
        (Text("等级", "Tier"), tier),
        *(
            ((Text("档次", "Grade"), Text("–".join(grades), "–".join(grades))),)
            if grades
            else ()
        ),
    )


def _strengths(
    session: Session, hall_id: str, month: str, names: MonthNames
) -> ReportSection:
    strengths = list_strengths(session, hall_id, month, names.sections_of)
    return ReportSection(
        "strengths",
        Text("做得最好的", "What was done best"),
        (
            ReportColumn(Text("项目", "Item")),
            ReportColumn(Text("连续几个月全做到", "Months in a row"), CellKind.COUNT),
        ),
        tuple(
            (names.items.get(each.item, Text(each.item, each.item)), each.months)
            for each in strengths
        ),
    )


def _losses(lines: Sequence[LossLine]) -> ReportSection:
    return ReportSection(
        "losses",
        Text("失分在哪里", "What was lost"),
        (
            ReportColumn(Text("项目", "Item")),
            ReportColumn(Text("来源", "Source"), CellKind.WORD),
            ReportColumn(Text("原因", "Cause"), CellKind.WORD),
            LOST,
        ),
        tuple(
            (
                line.name or NO_ITEMS.get(line.item_id, line.item_id),
                SOURCES.get(line.source, line.source),
                CAUSES.get(line.tags.get("cause", "")),
                line.lost_milli,
            )
            for line in lines[:MOST_LOSSES]
            if line.lost_milli
        ),
        note=None
        if len(lines) <= MOST_LOSSES
        else Text(f"失分最多的{MOST_LOSSES}项。", f"The {MOST_LOSSES} dearest items."),
    )


def _sources(found: HallMonth) -> ReportSection:
    return ReportSection(
        "sources",
        Text("得分是怎么合成的", "What the score is made of"),
        (
            ReportColumn(Text("来源", "Source"), CellKind.WORD),
            ReportColumn(Text("权重", "Weight"), CellKind.COUNT),
            ReportColumn(Text("份数", "Number"), CellKind.COUNT),
            ReportColumn(Text("得分", "Score"), CellKind.POINTS),
            ReportColumn(Text("计入", "Adds"), CellKind.POINTS),
        ),
        tuple(
            (
                SOURCES.get(each.source, each.source),
                each.weight,
                each.n,
                each.milli,
                each.adds_milli,
            )
            for each in found.sources
        ),
        chart=ChartKind.BARS,
    )


def _profiles(
    session: Session, hall_id: str, month: str, words: Vocabulary | None
) -> list[ReportSection]:
    """Return the hall's last months beside like halls, as its own page shows them."""
    found = get_hall_profile(session, hall_id, month)
    figures = found.figures if found else {}
    note = _like_halls(found, words) if found else None
    return [
        profile_section(each, figures.get(each, {}), words, LIKE_HALLS, note)
        for each in ("rater", "skill", "stage")
    ]


def _like_halls(found: HallProfile, words: Vocabulary | None) -> Text:
    traits = words.traits if words else {}
    names = [tier_names(words).get(found.tier, Text(found.tier, found.tier))]
    if found.trait in traits:
        names.append(traits[found.trait].name)
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    months = "month" if found.months == 1 else f"{found.months} months"
    return Text(
        f"最近{found.months}个月；同类厅：{zh}。",
        f"The last {months}; like halls: {en}.",
    )
