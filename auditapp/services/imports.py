"""Files of responses that somebody brings: kept, understood, started, put away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.customer_import import (
    NOTHING,
    TEN,
    heading_digest,
    import_fields,
    mapping_problems,
    plain_heading,
)
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError
from auditapp.domain.import_rows import ImportPlan
from auditapp.domain.text import Text
from auditapp.reads.imports import is_stuck
from auditapp.services.events import record_event
from auditapp.services.import_files import NewImport
from auditapp.services.import_ground import current_script
from auditapp.services.jobs import request_job
from auditapp.store.contention import table_of
from auditapp.store.responses import ColumnMappingRow, ImportRow
from auditapp.store.work import JobRow

SOURCES = ("callback", "sms")
UPLOADED, RUNNING, DONE, FAILED = "uploaded", "running", "done", "failed"
DISCARDED = "discarded"
LONGEST_NAME = 80


class ImportBegunError(ConflictError):
    """The import was started or put away already."""

    code = "import-begun"
    text = Text(
        "这次导入已经开始，或者已经放弃。请看它的页面。",
        "This import was started or discarded already. See its page.",
    )


def add_import(
    session: Session, actor: Actor, new: NewImport, *, now: datetime
) -> None:
    """Write down a file that was kept; nothing of it is taken yet."""
    session.add(
        ImportRow(
            import_id=new.import_id,
            source=new.source,
            file_name=new.shown_name,
            file_sha256=new.file_sha256,
            size_bytes=new.size_bytes,
            storage_key=new.storage_key,
            state=UPLOADED,
            reading={
                "kind": new.file.kind,
                "encoding": new.file.layout.encoding,
                "separator": new.file.layout.separator,
                "sheet": new.file.sheet,
                "other_sheets": list(new.file.other_sheets),
                "heading": new.beginning.heading,
                "heading_row": new.beginning.heading_row,
                "columns": new.beginning.columns,
                "rating_scale": TEN,
                "done_row": 0,
            },
            requested_by=actor.person_id,
            requested_at=now,
        )
    )
    session.flush()


def save_plan(
    session: Session,
    actor: Actor,
    import_id: UUID,
    plan: ImportPlan,
    *,
    now: datetime,
) -> None:
    """Keep what the columns mean; nothing is started. Unknown names mean nothing.

    Raises:
        NotFoundError: It is somebody else's, or there is none.
        ImportBegunError: It is not waiting any more.
    """
    row = _waiting(session, actor, import_id)
    script = current_script(session, row.source, now)
    known = {field.name for field in import_fields(script)}
    named = [name if name in known else NOTHING for name in plan.columns]
    width = len(row.reading["heading"])
    row.reading = row.reading | {
        "columns": (named + [NOTHING] * width)[:width],
        "rating_scale": plan.rating_scale,
    }
    session.flush()


def check_columns(
    session: Session, source: str, columns: Sequence[str], *, now: datetime
) -> None:
    """Make sure that columns say enough to be imported.

    Raises:
        InvalidError: Something is missing, or meant twice.
    """
    problems = mapping_problems(columns, current_script(session, source, now))
    if problems:
        raise InvalidError(problems)


def start_import(
    session: Session,
    actor: Actor,
    import_id: UUID,
    language: str,
    *,
    now: datetime,
    is_own_run: bool = False,
) -> UUID | None:
    """Ask for the rows to be taken; return the job. Remembers the columns.

    One whose job was given up goes on where it stopped. ``is_own_run``: the caller
    takes the rows itself, no job does.

    Raises:
        NotFoundError: It is somebody else's, or there is none.
        ImportBegunError: It is under way or over.
        InvalidError: The columns do not say enough.
    """
    row = _own(session, actor, import_id)
    job = session.get(JobRow, row.job_id) if row.job_id else None
    if row.state != UPLOADED and not is_stuck(row.state, job.state if job else None):
        raise ImportBegunError
    check_columns(session, row.source, row.reading["columns"], now=now)
    _remember(session, row, now)
    if not is_own_run:
        row.job_id = request_job(
            session,
            "import.run",
            str(import_id),
            now=now,
            requested_by=actor.person_id,
        )
    row.state = RUNNING
    row.reading = row.reading | {"language": language}
    session.flush()
    record_event(
        session,
        "import.started",
        import_id,
        now=now,
        actor_id=actor.person_id,
        source=row.source,
        sha256=row.file_sha256,
    )
    return row.job_id


def discard_import(
    session: Session, actor: Actor, import_id: UUID, *, now: datetime
) -> str:
    """Give up an import that was not started; return the key of the file to delete.

    Raises:
        NotFoundError: It is somebody else's, or there is none.
        ImportBegunError: It is not waiting any more.
    """
    row = _waiting(session, actor, import_id)
    key = row.storage_key
    row.state, row.error, row.storage_key, row.finished_at = FAILED, DISCARDED, "", now
    session.flush()
    return key


def _own(session: Session, actor: Actor, import_id: UUID) -> ImportRow:
    row = session.scalar(
        select(ImportRow)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.requested_by == actor.person_id,
        )
        .with_for_update()
    )
    if row is None:
        raise NotFoundError
    return row


def _waiting(session: Session, actor: Actor, import_id: UUID) -> ImportRow:
    row = _own(session, actor, import_id)
    if row.state != UPLOADED:
        raise ImportBegunError
    return row


def _remember(session: Session, row: ImportRow, now: datetime) -> None:
    """Keep what each heading means for the next file with the same ones."""
    heading, columns = row.reading["heading"], row.reading["columns"]
    pairs = zip(heading, columns, strict=False)
    values: dict[str, Any] = {
        "source": row.source,
        "heading_sha256": heading_digest(heading),
        "columns": {plain_heading(title): name for title, name in pairs if title},
        "remembered_at": now,
    }
    dialect = session.connection().dialect.name
    kind = sqlite if dialect == "sqlite" else postgresql
    statement = kind.insert(table_of(ColumnMappingRow)).values(values)
    changed = {name: values[name] for name in ("columns", "remembered_at")}
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "heading_sha256"], set_=changed
        )
    )
