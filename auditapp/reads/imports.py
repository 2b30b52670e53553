"""The files that were brought, and what became of their rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.store.months import MonthRow
from auditapp.store.people import PersonRow
from auditapp.store.responses import ImportRow
from auditapp.store.work import JobRow

MOST_LISTED = 100
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import as lists show it; ``state`` is uploaded, running, stuck, done, failed.

    ``stuck``: its job was given up; it can be started again.
    """

    import_id: UUID
    source: str
    file_name: str
    size_bytes: int
    state: str
    error: str | None
    total_rows: int
    taken: int
    repeated: int
    bad: int
    requested_at: datetime
    finished_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import with how it is read and how far it is."""

    line: ImportLine
    reading: Mapping[str, Any]
    storage_key: str
    faults_key: str | None
    job_id: UUID | None
    done_steps: int
    total_steps: int
    closed_months: list[str]


def imports_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return which imports a person finds: the own ones, an administrator all."""
    if actor.role is Role.ADMIN:
        return true()
    return ImportRow.requested_by == actor.person_id


def list_imports(session: Session, actor: Actor) -> list[ImportLine]:
    """Return the latest imports, the newest first."""
    rows = session.execute(
        _IMPORTS.where(imports_open_to(actor))
        .order_by(ImportRow.requested_at.desc())
        .limit(MOST_LISTED)
    )
    return [_line(row.ImportRow, row.job_state, actor) for row in rows]


def get_import(session: Session, actor: Actor, import_id: UUID) -> ImportPage:
    """Return an import.

    Raises:
        NotFoundError: There is none, or it is somebody else's.
    """
    row = session.execute(
        _IMPORTS.where(ImportRow.import_id == import_id, imports_open_to(actor))
    ).one_or_none()
    if row is None:
        raise NotFoundError
    found = row.ImportRow
    months = sorted(found.reading.get("months", {}))
    closed = session.scalars(
        select(MonthRow.month)
        .where(MonthRow.month.in_(months), MonthRow.state == CLOSED)
        .order_by(MonthRow.month)
    )
    return ImportPage(
        line=_line(found, row.job_state, actor),
        reading=found.reading,
        storage_key=found.storage_key,
        faults_key=found.faults_key,
        job_id=found.job_id,
        done_steps=row.done_steps or 0,
        total_steps=row.total_steps or 0,
        closed_months=list(closed) if months else [],
    )


def find_operator(session: Session, login: str | None) -> tuple[UUID, str]:
    """Return in whose name a command imports: a login, or the first administrator.

    Raises:
        NotFoundError: There is no such person.
    """
    wanted = PersonRow.role == Role.ADMIN.value
    if login:
        wanted = PersonRow.login == login
    row = session.execute(
        select(PersonRow.person_id, PersonRow.login)
        .where(wanted, PersonRow.is_active)
        .order_by(PersonRow.login)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row.person_id, row.login


def is_stuck(state: str, job_state: str | None) -> bool:
    """Tell whether an import waits for a job that was given up."""
    return state == "running" and job_state == "failed"


_IMPORTS = select(
    ImportRow, JobRow.state.label("job_state"), JobRow.done_steps, JobRow.total_steps
).outerjoin(JobRow, JobRow.job_id == ImportRow.job_id)


def _line(row: ImportRow, job_state: str | None, actor: Actor) -> ImportLine:
    return ImportLine(
        import_id=row.import_id,
        source=row.source,
        file_name=row.file_name,
        size_bytes=row.size_bytes,
        state="stuck" if is_stuck(row.state, job_state) else row.state,
        error=row.error,
        total_rows=row.total_rows,
        taken=row.taken,
        repeated=row.repeated,
        bad=row.bad,
        requested_at=row.requested_at,
        finished_at=row.finished_at,
        is_own=row.requested_by == actor.person_id,
    )
