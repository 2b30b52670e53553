"""Work to be done after the answer has gone out: asked for, taken, finished.

The row is the truth. A worker takes the most urgent due job with one conditional UPDATE
and holds it by a lease; when the worker dies, the lease lapses and another takes it.
``tries`` counts the takings and fences them off: a worker that slept through its lease
cannot finish what somebody else has taken since.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, insert, select, update
from sqlalchemy.orm import Session

from auditapp.store.contention import table_of
from auditapp.store.work import JobRow

ADD_JOB = insert(table_of(JobRow))

# lower first: a thumbnail never keeps an audit waiting
INTAKE, NORMAL, LOW = 0, 10, 20

MOST_FAILURES = 5  # its handler raised: it will not get better
MOST_TRIES = 100  # workers died with it in hand: it may be what kills them
LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Job:
    """A job in a worker's hand; ``turn`` says which taking this is."""

    job_id: UUID
    kind: str
    subject: str
    payload: dict[str, Any]
    turn: int
    failures: int


def request_job(  # noqa: PLR0913 (a job is these facts)
    session: Session,
    kind: str,
    subject: str,
    *,
    now: datetime,
    payload: dict[str, Any] | None = None,
    priority: int = NORMAL,
    requested_by: UUID | None = None,
) -> UUID:
    """Write the job in the caller's transaction; a worker is woken after its commit."""
    job_id = uuid4()
    session.connection().execute(
        ADD_JOB,
        {
            "job_id": job_id,
            "kind": kind,
            "subject": subject,
            "payload": payload or {},
            "state": "queued",
            "priority": priority,
            "lease_until": now,
            "requested_by": requested_by,
            "requested_at": now,
        },
    )
    session.info.setdefault("jobs", []).append(job_id)
    return job_id


def hold_waiting(session: Session, kind: str, subjects: Collection[str]) -> set[str]:
    """Return which subjects have such a job waiting already.

    Those jobs are held until this transaction ends, so that none is taken before what
    it is asked for is there to be read.
    """
    if not subjects:
        return set()
    rows = session.scalars(
        select(JobRow.subject)
        .where(
            JobRow.finished_at.is_(None),
            JobRow.state == "queued",
            JobRow.kind == kind,
            JobRow.subject.in_(sorted(subjects)),
        )
        .order_by(JobRow.subject)
        .with_for_update()
    )
    return set(rows)


def take_job(session: Session, *, now: datetime, lease: timedelta) -> Job | None:
    """Take the most urgent job that nobody holds; None when there is none."""
    due = (
        select(JobRow.job_id)
        .where(JobRow.finished_at.is_(None), JobRow.lease_until <= now)
        .order_by(JobRow.priority, JobRow.requested_at)
        .limit(1)
        .with_for_update(skip_locked=True)  # SQLite has one writer and ignores it
        .scalar_subquery()
    )
    row = session.execute(
        update(JobRow)
        .where(JobRow.job_id == due, JobRow.lease_until <= now)
        .values(state="running", lease_until=now + lease, tries=JobRow.tries + 1)
        .returning(
            JobRow.job_id,
            JobRow.kind,
            JobRow.subject,
            JobRow.payload,
            JobRow.tries,
            JobRow.failures,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Job(*row) if row else None


def keep_jobs(
    session: Session, jobs: Collection[Job], *, now: datetime, lease: timedelta
) -> None:
    """Extend the leases of jobs that are still being worked on."""
    for job in jobs:
        _change(session, job, lease_until=now + lease)


def report_progress(session: Session, job: Job, done: int, total: int) -> None:
    """Say how many of its steps a job has done."""
    _change(session, job, done_steps=done, total_steps=total)


def finish_job(session: Session, job: Job, *, now: datetime) -> None:
    """Mark a job as done, unless another worker holds it by now."""
    _change(session, job, state="done", error=None, finished_at=now)


def fail_job(session: Session, job: Job, error: str, *, now: datetime) -> None:
    """Put a job back for another try, later each time, or give it up for good."""
    failures = job.failures + 1
    facts: dict[str, Any] = {"error": error[:LONGEST_ERROR], "failures": failures}
    if failures >= MOST_FAILURES or job.turn >= MOST_TRIES:
        facts |= {"state": "failed", "finished_at": now}
    else:
        wait = timedelta(seconds=2**failures)
        facts |= {"state": "queued", "lease_until": now + wait}
    _change(session, job, **facts)


def _change(session: Session, job: Job, **facts: Any) -> None:  # noqa: ANN401
    session.execute(
        update(JobRow)
        .where(
            and_(
                JobRow.job_id == job.job_id,
                JobRow.tries == job.turn,
                JobRow.finished_at.is_(None),
            )
        )
        .values(**facts)
        .execution_options(synchronize_session=False)
    )
