"""Scoring and closing the demonstration's months, and correcting one of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import at_hall, first_day, later
from auditapp.reads.people import actor_of
from auditapp.services.demo.company import demo_months
from auditapp.services.demo.stories import APPEAL_HALL, APPEAL_ITEM, APPEAL_MONTH
from auditapp.services.month_closing import close_month
from auditapp.services.month_life import is_closed, reopen_month
from auditapp.services.months import score_month
from auditapp.services.overrides import override_item
from auditapp.services.profiles import profile_month
from auditapp.store.audits import AuditRow, OverrideRow
from auditapp.store.months import MonthScoreRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import JobRow

DAYS_UNTIL_CLOSED, CLOSING_HOUR = 5, 10
APPEAL_DAYS = timedelta(days=6)  # after the last month was closed
RESCORES = ("month.rescore", "month.score")
APPEAL = "申诉成立：照片显示三号窗口柜员当时正在更换工号牌，工装齐全。"
REOPENED = "湛江海丝旗舰厅申诉成立，工装一项改判，重算后再关账。"


@dataclass(frozen=True, slots=True)
class Closing:
    """The months to close: all but the last, which is still collecting."""

    last_month: str
    now: datetime

    def at(self, month: str) -> datetime:
        """Return when a month was closed."""
        day = first_day(later(month, 1)) + timedelta(days=DAYS_UNTIL_CLOSED - 1)
        return min(at_hall(day, CLOSING_HOUR), self.now)


def finish_month(session: Session, closing: Closing, month: str) -> bool:
    """Close a month that is over; score the one that is under way."""
    if _is_scored(session, month):
        return False
    if month == closing.last_month:
        score_month(session, month, now=closing.now)
    else:
        close_month(session, month, now=closing.at(month), actor=_headquarters(session))
    profile_month(session, month)
    _forget_requests(session)
    return True


def correct_month(session: Session, closing: Closing) -> bool:
    """Let the appeal be won: override, reopen, close again."""
    month = demo_months(closing.last_month)[APPEAL_MONTH]
    if session.scalar(select(OverrideRow.override_id).limit(1)) is not None:
        return False
    audit_id = session.scalars(
        select(AuditRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(
            VisitRow.hall_id == APPEAL_HALL,
            VisitRow.month == month,
            VisitRow.kind == "mystery",
        )
    ).one()
    actor = _headquarters(session)
    before = closing.at(later(closing.last_month, -1))
    at = min(before + APPEAL_DAYS, closing.now)
    override_item(session, actor, audit_id, APPEAL_ITEM, "yes", APPEAL, at)
    if is_closed(session, month):
        reopen_month(session, month, REOPENED, now=at, actor=actor)
        close_month(session, month, now=at, actor=actor)
        profile_month(session, month)
    _forget_requests(session)
    return True


def _headquarters(session: Session) -> Actor:
    person = session.scalars(
        select(PersonRow)
        .where(PersonRow.role == Role.HEADQUARTERS.value)
        .order_by(PersonRow.login)
        .limit(1)
    ).one()
    return actor_of(person)


def _is_scored(session: Session, month: str) -> bool:
    found = select(MonthScoreRow.hall_id).where(MonthScoreRow.month == month)
    return session.scalar(found.limit(1)) is not None


def _forget_requests(session: Session) -> None:
    """Drop what was asked for on the way: the months were scored as wholes."""
    session.execute(
        delete(JobRow).where(JobRow.kind.in_(RESCORES), JobRow.finished_at.is_(None))
    )
    session.info.pop("jobs", None)
