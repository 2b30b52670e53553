"""Work that nobody asks for: each time it is due, one job, however many workers."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.domain.month import HALL_TIME
from auditapp.domain.schedule import Schedule
from auditapp.services.jobs import LOW, request_job
from auditapp.store.contention import table_of
from auditapp.store.work import JobRow, ScheduleRow

SCHEDULES: Table = table_of(ScheduleRow)
KEPT = timedelta(days=7)  # long enough to see what failed over a holiday


def is_anything_due(session: Session, schedule: Schedule, *, now: datetime) -> bool:
    """Tell whether ``request_due`` would do anything; reads only."""
    rows = session.execute(select(ScheduleRow.kind, ScheduleRow.slot_at))
    done = {row.kind: row.slot_at for row in rows}
    return any(
        kind not in done or done[kind] < entry.slot_at(now)
        for kind, entry in schedule.items()
    )


def request_due(session: Session, schedule: Schedule, *, now: datetime) -> list[str]:
    """Ask for every job that is due and was not asked for; return their kinds.

    A worker that was away asks for the last missed time only. Where the job before is
    not finished yet, no second one is asked for.
    """
    due = [
        kind
        for kind, entry in sorted(schedule.items())
        if _claim(session, kind, entry.slot_at(now))
    ]
    waiting = set(
        session.scalars(
            select(JobRow.kind).where(
                JobRow.finished_at.is_(None), JobRow.kind.in_(due)
            )
        )
    )
    wanted = [kind for kind in due if kind not in waiting]
    for kind in wanted:
        slot = schedule[kind].slot_at(now).astimezone(HALL_TIME)
        request_job(session, kind, f"{slot:%Y-%m-%d %H:%M}", now=now, priority=LOW)
    return wanted


def forget_old_runs(session: Session, kinds: Collection[str], *, now: datetime) -> int:
    """Delete done jobs of these kinds after a week; a job every minute adds up."""
    result = session.execute(
        delete(JobRow).where(
            JobRow.kind.in_(kinds),
            JobRow.state == "done",
            JobRow.finished_at < now - KEPT,
        )
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def _claim(session: Session, kind: str, slot_at: datetime) -> bool:
    """Take one slot of an entry; False when another process has taken it."""
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(SCHEDULES).values(kind=kind, slot_at=slot_at)
    taken = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kind"],
            set_={"slot_at": statement.excluded.slot_at},
            where=SCHEDULES.c.slot_at < statement.excluded.slot_at,
        ).returning(SCHEDULES.c.kind)
    )
    return taken.first() is not None
