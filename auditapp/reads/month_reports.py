"""Whose month a person may have printed, and the reports that were made for them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import is_month
from auditapp.domain.month_report import MonthReport, ReportFormat, ReportScope
from auditapp.reads.hall_month import get_hall_month
from auditapp.reads.month_report_area import get_area_report
from auditapp.reads.month_report_department import get_department_report
from auditapp.reads.month_report_hall import get_hall_report
from auditapp.reads.see import SeeFilter
from auditapp.store.organisation import DepartmentRow, RegionRow
from auditapp.store.profiles import ProfileSumRow
from auditapp.store.work import MonthReportRow

COUNTRY_HALLS = 60  # on paper; the workbook has them all
OFFICE = (Role.HEADQUARTERS, Role.ADMIN)
READERS = (*OFFICE, Role.REGION_MANAGER, Role.HALL_MANAGER, Role.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class ReportWish:
    """Whose month is to be printed, and as what."""

    month: str
    scope: ReportScope
    scope_id: str
    format: ReportFormat
    locale: str


@dataclass(frozen=True, slots=True)
class MonthReportFile:
    """A finished report and what it is called on the reader's disk."""

    storage_key: str
    size_bytes: int
    file_name: str
    format: ReportFormat


def check_wish(session: Session, actor: Actor, wish: ReportWish) -> None:
    """Raise NotFoundError unless there is such a month for this person."""
    if not is_month(wish.month):
        raise NotFoundError
    match wish.scope:
        case ReportScope.HALL:
            get_hall_month(session, actor, wish.scope_id, wish.month)
            return
        case ReportScope.REGION:
            is_open = session.get(RegionRow, wish.scope_id) is not None and (
                actor.role in OFFICE
                or (
                    actor.role is Role.REGION_MANAGER
                    and wish.scope_id in actor.region_ids
                )
            )
        case ReportScope.DEPARTMENT:
            is_open = session.get(DepartmentRow, wish.scope_id) is not None and (
                actor.role in OFFICE
                or (
                    actor.role is Role.DEPARTMENT
                    and wish.scope_id == actor.department_id
                )
            )
        case _:
            is_open = actor.role in OFFICE and not wish.scope_id
    if not is_open:
        raise NotFoundError


def get_month_report(
    session: Session, actor: Actor, wish: ReportWish, now: datetime
) -> MonthReport:
    """Return the document of a report as this person may read it.

    Raises:
        NotFoundError: There is no such month for this person.
        NothingToReportError: It has no scores.
    """
    check_wish(session, actor, wish)
    match wish.scope:
        case ReportScope.HALL:
            return get_hall_report(session, actor, wish.scope_id, wish.month, now)
        case ReportScope.DEPARTMENT:
            return get_department_report(session, actor, wish.scope_id, wish.month, now)
    is_cut = wish.scope is ReportScope.COUNTRY and wish.format is ReportFormat.PDF
    return get_area_report(
        session,
        actor,
        SeeFilter(wish.month, region_id=wish.scope_id or None),
        now,
        COUNTRY_HALLS if is_cut else None,
    )


def get_month_report_file(
    session: Session, actor: Actor, report_id: UUID
) -> MonthReportFile:
    """Return a finished report to whoever had it made, while they may still read it.

    Raises:
        NotFoundError: There is none, it is not finished, or not for this person.
    """
    row = session.execute(
        select(MonthReportRow).where(
            MonthReportRow.report_id == report_id,
            MonthReportRow.requested_by == actor.person_id,
            MonthReportRow.storage_key.is_not(None),
        )
    ).scalar_one_or_none()
    if row is None or row.storage_key is None:
        raise NotFoundError
    check_wish(session, actor, wish_of(row))
    name = f"{row.month}-{row.scope_id or 'all'}-{row.locale[:2]}.{row.format}"
    return MonthReportFile(
        row.storage_key, row.size_bytes or 0, name, ReportFormat(row.format)
    )


def find_last_scored_month(session: Session) -> str | None:
    """Return the latest month that halls were compared in."""
    return session.scalar(select(func.max(ProfileSumRow.month)))


def wish_of(row: MonthReportRow) -> ReportWish:
    """Return what a row was asked to be."""
    return ReportWish(
        row.month,
        ReportScope(row.scope),
        row.scope_id,
        ReportFormat(row.format),
        row.locale,
    )
