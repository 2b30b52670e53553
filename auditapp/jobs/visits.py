"""Gives visits that nobody has begun the forms of a standard published meanwhile."""

from datetime import UTC, datetime

from auditapp.extensions import unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job
from auditapp.services.visit_forms import reform_visits


def reform(job: Job, progress: Progress) -> None:
    """Go through the visits from a month on; run again, it changes nothing more."""
    done, after = 0, None
    while True:
        with unit_of_work() as session:
            changed, after = reform_visits(
                session, job.subject, after, now=datetime.now(UTC)
            )
        done += changed
        progress(done, done + 1)
        if after is None:
            return
