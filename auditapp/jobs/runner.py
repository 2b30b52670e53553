"""Runs what is due: takes a job, does it, says how it ended."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Thread

from flask import Flask

from auditapp.extensions import unit_of_work
from auditapp.jobs.daily import tick
from auditapp.jobs.handlers import HANDLERS
from auditapp.services.jobs import (
    MOST_TRIES,
    Job,
    fail_job,
    finish_job,
    keep_jobs,
    report_progress,
    take_job,
)

log = logging.getLogger(__name__)

LEASE_SECONDS = 15.0
SWEEP_SECONDS = 1.0
CLOCK_SECONDS = 10.0


class DeadlyJobError(Exception):
    """So many workers died with this job in hand that it may be what kills them."""


class Runner:
    """The hands of one worker process; ``run_due`` may be called by several threads.

    Three threads of its own: a *sweep* does what is due although nobody called (a lost
    message, a lapsed lease, a second try, a queue that is away), a *heartbeat*
    extends the leases of what is being done, and a *clock* asks for what comes by
    itself. The handlers' slow parts have hard limits
    of their own, so a lease is not extended for ever.
    """

    def __init__(
        self,
        app: Flask,
        *,
        lease_seconds: float = LEASE_SECONDS,
        stopping: Event | None = None,
    ) -> None:
        self._app = app
        self._lease = timedelta(seconds=lease_seconds)
        self._in_hand: dict[int, Job] = {}
        self._stopping = stopping or Event()

    def start(self) -> None:
        """Start sweeping, keeping leases and looking at the clock."""
        beat = self._lease.total_seconds() / 3
        Thread(target=_repeat, args=(SWEEP_SECONDS, self.run_due), daemon=True).start()
        Thread(target=_repeat, args=(beat, self._keep), daemon=True).start()
        Thread(target=_repeat, args=(CLOCK_SECONDS, self._tick), daemon=True).start()

    def finish(self) -> None:
        """Take nothing new and wait for the jobs in hand."""
        self._stopping.set()
        while self._in_hand:
            time.sleep(0.05)

    def run_due(self) -> int:
        """Do all that is due, the most urgent first; return how many jobs that was."""
        count = 0
        with self._app.app_context():
            while not self._stopping.is_set() and (job := self._take()):
                self._do(job)
                count += 1
        return count

    def _take(self) -> Job | None:
        with unit_of_work() as session:
            return take_job(session, now=datetime.now(UTC), lease=self._lease)

    def _do(self, job: Job) -> None:
        self._in_hand[id(job)] = job
        try:
            if job.turn > MOST_TRIES:
                raise DeadlyJobError  # noqa: TRY301 (ends as any failure does)
            HANDLERS[job.kind](job, partial(self._report, job))
        except Exception as error:  # a handler may meet anything
            log.exception("job %s %s failed", job.kind, job.subject)
            with unit_of_work() as session:
                message = f"{type(error).__name__}: {error}"
                fail_job(session, job, message, now=datetime.now(UTC))
        else:
            with unit_of_work() as session:
                finish_job(session, job, now=datetime.now(UTC))
        finally:
            del self._in_hand[id(job)]

    def _report(self, job: Job, done: int, total: int) -> None:
        with unit_of_work() as session:
            report_progress(session, job, done, total)

    def _tick(self) -> None:
        with self._app.app_context():
            tick(datetime.now(UTC))

    def _keep(self) -> None:
        jobs = list(self._in_hand.values())
        if jobs:
            with self._app.app_context(), unit_of_work() as session:
                keep_jobs(session, jobs, now=datetime.now(UTC), lease=self._lease)


def _repeat(seconds: float, work: Callable[[], object]) -> None:
    """Do something again and again, whatever becomes of any one time."""
    while True:
        time.sleep(seconds)
        try:
            work()
        except Exception:  # the database may be away for a while
            log.exception("%s failed", work)
