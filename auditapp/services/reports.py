"""Printed audits: asked for by a person, made by a job, kept for the next who asks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.inspection import KIND
from auditapp.reads.reviews import ARRIVED, COPY_READERS, READERS
from auditapp.reads.scope import copies_open_to
from auditapp.services.events import record_event
from auditapp.services.jobs import NORMAL, request_job
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    ScoreRow,
)
from auditapp.store.visits import VisitRow
from auditapp.store.work import ReportRow


@dataclass(frozen=True, slots=True)
class RequestedReport:
    """A report that is there already, or the job that makes it."""

    report_id: UUID
    job_id: UUID | None


def request_report(
    session: Session, actor: Actor, audit_id: UUID, locale: str, *, now: datetime
) -> RequestedReport:
    """Return the report of an audit's latest revision, asking for it if need be.

    One that is older than the score is made again.

    Raises:
        NotFoundError: There is no such audit, or not for this person.
    """
    audit, scored_at = _audit_for(session, actor, audit_id)
    report = session.scalar(
        select(ReportRow).where(
            ReportRow.audit_id == audit_id,
            ReportRow.revision == audit.revision,
            ReportRow.locale == locale,
        )
    )
    if report and report.storage_key and (scored_at or now) <= report.requested_at:
        return RequestedReport(report.report_id, None)
    report_id = report.report_id if report else uuid4()
    job_id = request_job(
        session,
        "report.make",
        str(audit_id),
        now=now,
        payload={"report_id": str(report_id), "locale": locale},
        priority=NORMAL,
        requested_by=actor.person_id,
    )
    session.flush()
    if report is None:
        report = ReportRow(
            report_id=report_id,
            audit_id=audit_id,
            revision=audit.revision,
            locale=locale,
        )
        session.add(report)
    report.job_id = job_id
    report.requested_by, report.requested_at = actor.person_id, now
    report.storage_key = report.size_bytes = None
    record_event(
        session,
        "report.requested",
        audit_id,
        now=now,
        actor_id=actor.person_id,
        locale=locale,
    )
    session.flush()
    return RequestedReport(report_id, job_id)


def report_key(report_id: UUID, job_id: UUID) -> str:
    """Return where a report's file lives; each making has its own."""
    return f"reports/{report_id}/{job_id}.pdf"


def is_wanted(session: Session, report_id: UUID, job_id: UUID) -> bool:
    """Tell whether this job's file is still waited for."""
    return (
        session.scalar(
            select(ReportRow.report_id).where(
                ReportRow.report_id == report_id,
                ReportRow.job_id == job_id,
                ReportRow.storage_key.is_(None),
            )
        )
        is not None
    )


def keep_report(
    session: Session, report_id: UUID, job_id: UUID, size_bytes: int
) -> None:
    """Note that the file is stored, unless it is outdated already."""
    report = session.get(ReportRow, report_id, with_for_update=True)
    # gone where a photo was covered meanwhile
    if report and report.job_id == job_id:
        report.storage_key = report_key(report_id, job_id)
        report.size_bytes = size_bytes


def _audit_for(
    session: Session, actor: Actor, audit_id: UUID
) -> tuple[AuditRow, datetime | None]:
    """Return the audit, held so that two requests do not both make its report."""
    row = session.execute(
        select(AuditRow, ScoreRow.scored_at, VisitRow.kind)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .outerjoin(
            ScoreRow,
            IS_SCORE_OF_AUDIT,
        )
        .where(
            AuditRow.audit_id == audit_id,
            AuditRow.state.in_([state.value for state in ARRIVED]),
            copies_open_to(actor),
        )
        .with_for_update(of=AuditRow)
    ).one_or_none()
    readers = COPY_READERS if row and row.kind == KIND else READERS
    if row is None or actor.role not in readers:
        raise NotFoundError
    audit, scored_at, _kind = row
    return audit, scored_at
