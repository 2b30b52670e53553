"""Scores months, whole or hall by hall, and closes them."""

from datetime import UTC, datetime

from auditapp.extensions import reading, snapshot, unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.reads.jobs import find_asker
from auditapp.services.jobs import Job
from auditapp.services.month_closing import (
    freeze_month,
    keep_ledger,
    prepare_closing,
)
from auditapp.services.month_life import is_closed
from auditapp.services.months import (
    compute_halls,
    compute_through,
    keep_halls,
    keep_month,
    request_full_run,
    request_open_runs,
)
from auditapp.services.profiles import request_profiles


def score(job: Job, progress: Progress) -> None:
    """Score all halls of a month, unless it is closed; first what it starts from."""
    month, now = job.subject, datetime.now(UTC)
    with reading() as session:
        if is_closed(session, month):
            return
        for run in compute_through(session, month, now=now, progress=progress):
            with unit_of_work() as writing:
                keep_month(writing, run, now=datetime.now(UTC))
                request_profiles(writing, run.month, datetime.now(UTC))
    progress(1, 1)


def tend(_job: Job, _progress: Progress) -> None:
    """Ask for every open month to be scored as a whole."""
    with unit_of_work() as session:
        request_open_runs(session, datetime.now(UTC))


def rescore(job: Job, _progress: Progress) -> None:
    """Score one hall of a month, unless it is closed."""
    month, hall_id = job.subject.split(" ", 1)
    now = datetime.now(UTC)
    with reading() as session:
        if is_closed(session, month):
            return
        run = compute_halls(session, month, [hall_id], now=now)
    with unit_of_work() as session:
        if run is None:
            request_full_run(session, month, datetime.now(UTC))
        else:
            keep_halls(session, run, now=datetime.now(UTC))


def close(job: Job, progress: Progress) -> None:
    """Close a month for who asked for it; the second time there is nothing to do."""
    month, now = job.subject, datetime.now(UTC)
    with reading() as session:
        actor = find_asker(session, job.job_id)
        if is_closed(session, month):
            return
    with unit_of_work() as session:
        prepare_closing(session, month, now=now)
    with snapshot() as session:
        frozen = freeze_month(session, month, now=now, progress=progress)
    with unit_of_work() as session:
        keep_ledger(session, frozen, now=datetime.now(UTC), actor=actor)
        request_profiles(session, month, datetime.now(UTC))
