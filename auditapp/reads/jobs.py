"""How far a job is, for the person who asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.reads.people import actor_of
from auditapp.reads.scope import copies_open_to
from auditapp.store.audits import AuditRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import JobRow, ReportRow


@dataclass(frozen=True, slots=True)
class JobState:
    """One job as its page shows it; ``state`` is queued, running, done or failed."""

    job_id: UUID
    kind: str
    subject: str
    payload: Mapping[str, Any]
    state: str
    done_steps: int
    total_steps: int
    error: str | None
    requested_at: datetime
    finished_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether waiting for it is pointless by now."""
        return self.finished_at is not None


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A finished report and what it is called on the reader's disk."""

    storage_key: str
    size_bytes: int
    file_name: str


def get_job(session: Session, actor: Actor, job_id: UUID) -> JobState:
    """Return a job to who asked for it, or to an administrator.

    Raises:
        NotFoundError: There is no such job, or it is somebody else's.
    """
    row = session.get(JobRow, job_id)
    if row is None or not (
        actor.role is Role.ADMIN or row.requested_by == actor.person_id
    ):
        raise NotFoundError
    return JobState(
        row.job_id,
        row.kind,
        row.subject,
        row.payload,
        row.state,
        row.done_steps,
        row.total_steps,
        row.error,
        row.requested_at,
        row.finished_at,
    )


def find_asker(session: Session, job_id: UUID) -> Actor | None:
    """Return who asked for a job; None when nobody did, or it is a command's."""
    person = session.scalar(
        select(PersonRow)
        .join(JobRow, JobRow.requested_by == PersonRow.person_id)
        .where(JobRow.job_id == job_id)
    )
    return actor_of(person) if person else None


def get_report_file(session: Session, actor: Actor, report_id: UUID) -> ReportFile:
    """Return a finished report, cut to the person's scope as the audit is.

    Raises:
        NotFoundError: There is none, it is not finished, or not for this person.
    """
    row = session.execute(
        select(
            ReportRow.storage_key,
            ReportRow.size_bytes,
            ReportRow.revision,
            ReportRow.locale,
            VisitRow.month,
            VisitRow.hall_id,
        )
        .join(AuditRow, AuditRow.audit_id == ReportRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .where(
            ReportRow.report_id == report_id,
            ReportRow.storage_key.is_not(None),
            copies_open_to(actor),
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    name = f"{row.hall_id}-{row.month}-r{row.revision}-{row.locale[:2]}.pdf"
    return ReportFile(row.storage_key, row.size_bytes, name)
