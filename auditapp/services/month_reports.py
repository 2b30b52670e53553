"""A month's printed reports: asked for by a person, made by a job."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.month_report import NothingToReportError, ReportScope
from auditapp.reads.month_reports import ReportWish, check_wish, wish_of
from auditapp.services.events import record_event
from auditapp.services.jobs import NORMAL, request_job
from auditapp.store.months import MonthScoreRow
from auditapp.store.work import JobRow, MonthReportRow

MAKE = "month_report.make"
KEPT = timedelta(days=90)
MOST_FORGOTTEN = 1_000  # in one run; the rest goes the next night


def request_month_report(
    session: Session, actor: Actor, wish: ReportWish, *, now: datetime
) -> UUID:
    """Ask for a report and return the job that makes it; again while it is under way.

    Raises:
        NotFoundError: There is no such month for this person.
        NothingToReportError: The month has no scores yet.
    """
    check_wish(session, actor, wish)
    _require_scores(session, wish)
    under_way = session.scalar(
        select(MonthReportRow.job_id)
        .join(JobRow, JobRow.job_id == MonthReportRow.job_id)
        .where(
            JobRow.finished_at.is_(None),
            MonthReportRow.requested_by == actor.person_id,
            MonthReportRow.month == wish.month,
            MonthReportRow.scope == wish.scope.value,
            MonthReportRow.scope_id == wish.scope_id,
            MonthReportRow.format == wish.format.value,
            MonthReportRow.locale == wish.locale,
        )
    )
    if under_way is not None:
        return under_way
    report_id = uuid4()
    job_id = request_job(
        session,
        MAKE,
        f"{wish.month} {wish.scope.value} {wish.scope_id}".strip(),
        now=now,
        payload={"report_id": str(report_id)},
        priority=NORMAL,
        requested_by=actor.person_id,
    )
    session.flush()
    session.add(
        MonthReportRow(
            report_id=report_id,
            month=wish.month,
            scope=wish.scope.value,
            scope_id=wish.scope_id,
            format=wish.format.value,
            locale=wish.locale,
            job_id=job_id,
            requested_by=actor.person_id,
            requested_at=now,
        )
    )
    record_event(
        session,
        "month_report.requested",
        report_id,
        now=now,
        actor_id=actor.person_id,
        month=wish.month,
        scope=wish.scope.value,
        scope_id=wish.scope_id,
    )
    session.flush()
    return job_id


def _require_scores(session: Session, wish: ReportWish) -> None:
    scored = exists().where(MonthScoreRow.month == wish.month)
    if wish.scope is ReportScope.HALL:
        scored = scored.where(MonthScoreRow.hall_id == wish.scope_id)
    if not session.scalar(select(scored)):
        raise NothingToReportError


def wanted_report(session: Session, report_id: UUID) -> ReportWish | None:
    """Return what a report is to be; None once it is made."""
    row = session.get(MonthReportRow, report_id)
    return None if row is None or row.storage_key else wish_of(row)


def keep_month_report(
    session: Session, report_id: UUID, storage_key: str, size_bytes: int
) -> None:
    """Note that the file is stored."""
    row = session.get_one(MonthReportRow, report_id, with_for_update=True)
    row.storage_key, row.size_bytes = storage_key, size_bytes


def find_old_reports(session: Session, *, now: datetime) -> Sequence[tuple[UUID, str]]:
    """Return stored reports that nobody will look for any more, with their files."""
    old = MonthReportRow.requested_at < now - KEPT
    found = session.execute(
        select(MonthReportRow.report_id, MonthReportRow.storage_key)
        .where(old, MonthReportRow.storage_key.is_not(None))
        .limit(MOST_FORGOTTEN)
    )
    return [(report_id, key) for report_id, key in found if key]


def forget_report(session: Session, report_id: UUID) -> None:
    """Forget a report whose file is gone; it is made again by whoever asks."""
    session.execute(delete(MonthReportRow).where(MonthReportRow.report_id == report_id))
