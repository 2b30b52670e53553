"""Jobs, reports and the event log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class JobRow(Base):
    """Work that a request asked for; survives the death of any process.

    A worker holds a job by a lease. When it dies the lease lapses and the sweeper hands
    the job to another; handlers are idempotent.
    """

    __tablename__ = "jobs"
    # only what is not finished, in the order it is taken: a take stays one index step
    # however many jobs wait or were ever done
    __table_args__ = (
        Index(
            "ix_jobs_unfinished",
            "priority",
            "requested_at",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    job_id: Mapped[UuidPk]
    kind: Mapped[str]
    subject: Mapped[str]  # what it works on: an audit's id, a photo's hash …
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]  # queued, running, done, failed
    priority: Mapped[int]  # lower first
    tries: Mapped[int] = mapped_column(default=0)  # how often a worker took it
    failures: Mapped[int] = mapped_column(default=0)  # how often its handler raised
    lease_until: Mapped[datetime]  # not to be taken before
    done_steps: Mapped[int] = mapped_column(default=0)
    total_steps: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ScheduleRow(Base):
    """Until when a job that comes by itself has been asked for, so it comes once."""

    __tablename__ = "schedules"

    kind: Mapped[str] = mapped_column(primary_key=True)
    slot_at: Mapped[datetime]


class ReportRow(Base):
    """A printed audit in one language; its file is in the object storage."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("audit_id", "revision", "locale"),)

    report_id: Mapped[UuidPk]
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audits.audit_id"), index=True)
    revision: Mapped[int]
    locale: Mapped[str]
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.job_id"))
    storage_key: Mapped[str | None]
    size_bytes: Mapped[int | None]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    requested_at: Mapped[datetime]


class MonthReportRow(Base):
    """A month's printed report; its file is in the object storage.

    Made for one person with that person's eyes, and handed to nobody else.
    """

    __tablename__ = "month_reports"
    __table_args__ = (
        Index(
            "ix_month_reports_requested_by_requested_at", "requested_by", "requested_at"
        ),
    )

    report_id: Mapped[UuidPk]
    month: Mapped[str]
    scope: Mapped[str]  # auditapp.domain.month_report.ReportScope
    scope_id: Mapped[str]  # hall, region or department; "" for the country
    format: Mapped[str]  # auditapp.domain.month_report.ReportFormat
    locale: Mapped[str]
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.job_id"))
    storage_key: Mapped[str | None]
    size_bytes: Mapped[int | None]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    requested_at: Mapped[datetime]


class EventRow(Base):
    """Who did what, when; rows are only ever added."""

    __tablename__ = "events"

    event_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True
    )
    name: Mapped[str]  # "audit.completed"
    actor_id: Mapped[UUID | None]
    subject: Mapped[str] = mapped_column(index=True)
    happened_at: Mapped[datetime]
    details: Mapped[dict[str, Any]]
