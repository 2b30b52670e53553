"""Asking for work to be done after the answer has gone out."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from auditapp.store.work import JobRow

INTAKE, NORMAL, LOW = 20, 10, 0  # a thumbnail never keeps an audit waiting


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
    session.add(
        JobRow(
            job_id=job_id,
            kind=kind,
            subject=subject,
            payload=payload or {},
            state="queued",
            priority=priority,
            lease_until=now,
            requested_by=requested_by,
            requested_at=now,
        )
    )
    session.info.setdefault("jobs", []).append(job_id)
    return job_id
