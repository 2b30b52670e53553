"""Prepares what pages about many halls show of a month."""

from datetime import UTC, datetime

from auditapp.extensions import snapshot, unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job
from auditapp.services.profiles import (
    keep_profiles,
    make_profiles,
    request_stale_profiles,
)


def make(job: Job, _progress: Progress) -> None:
    """Make the profiles of a month from one snapshot, then write them at once."""
    with snapshot() as session:
        made = make_profiles(session, job.subject)
    with unit_of_work() as session:
        keep_profiles(session, made)


def tend(_job: Job, _progress: Progress) -> None:
    """Ask for the months with scores that are newer than their profiles."""
    with unit_of_work() as session:
        request_stale_profiles(session, datetime.now(UTC))
