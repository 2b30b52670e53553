"""The report of a department: what was lost to it, and what it has to put right."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import later
from auditapp.domain.month_report import (
    ChartKind,
    MonthReport,
    NothingToReportError,
    ReportScope,
    ReportSection,
)
from auditapp.domain.text import Text
from auditapp.reads.actions import ActionFilter, list_actions
from auditapp.reads.month_report_parts import (
    LOST,
    MONTH,
    action_section,
    item_section,
)
from auditapp.reads.see import YEAR, SeeFilter, get_seen
from auditapp.reads.see_halls import list_items, list_work

MOST_ITEMS, MOST_ACTIONS = 30, 100


def get_department_report(
    session: Session, actor: Actor, department_id: str, month: str, now: datetime
) -> MonthReport:
    """Return a department's report; a department reads its own alone.

    Raises:
        NotFoundError: There is no such department for this person.
        NothingToReportError: The month has no scores.
    """
    is_other = actor.role is Role.DEPARTMENT and actor.department_id != department_id
    wanted = SeeFilter(month)
    work = list_work(session, actor, wanted, now)
    if is_other or department_id not in work:
        raise NotFoundError
    owners = get_seen(session, actor, wanted).owners
    if month not in owners:
        raise NothingToReportError
    own, lost = work[department_id], owners[month].get(department_id, 0.0)
    whole = sum(owners[month].values())
    return MonthReport(
        scope=ReportScope.DEPARTMENT,
        title=own.name,
        month=month,
        score=None,
        facts=(
            (Text("平均每厅失分", "Points lost, mean hall"), _points(lost)),
            (
                Text("占全部失分", "Share of all points lost"),
                _same(f"{round(100 * lost / whole)}%" if whole else "0%"),
            ),
            (Text("未完成整改", "Open actions"), _same(str(own.actions))),
            (Text("其中逾期", "Of these late"), _same(str(own.late))),
            (Text("未结投诉", "Open complaints"), _same(str(own.complaints))),
        ),
        sections=(
            _year(owners, department_id, month),
            item_section(
                "items",
                Text("由本部门负责的项目", "Items that are the department's"),
                list_items(session, actor, wanted, "owner", department_id)[:MOST_ITEMS],
            ),
            action_section(
                list_actions(
                    session,
                    actor,
                    ActionFilter(owner=department_id),
                    now,
                    limit=MOST_ACTIONS,
                ),
                Text("没做完的整改", "Corrective actions not done"),
                ReportScope.DEPARTMENT,
            ),
        ),
    )


def _year(
    owners: Mapping[str, Mapping[str, float]], department_id: str, month: str
) -> ReportSection:
    months = [later(month, -back) for back in range(YEAR - 1, -1, -1)]
    return ReportSection(
        "year",
        Text("十二个月的失分", "Points lost in twelve months"),
        (MONTH, LOST),
        tuple(
            (each, round(owners[each].get(department_id, 0.0)))
            for each in months
            if each in owners
        ),
        note=Text("平均每厅。", "In the mean hall."),
        chart=ChartKind.BARS,
    )


def _points(milli: float) -> Text:
    return _same(f"{milli / 1000:.2f}")


def _same(words: str) -> Text:
    return Text(words, words)
