"""Learns from past months what items do and what customers care about."""

from datetime import UTC, datetime

from auditapp.extensions import snapshot, unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job
from auditapp.services.standard_learning import keep_learned, learn


def learn_from_months(_job: Job, _progress: Progress) -> None:
    """Compute everything from one snapshot, then write it at once."""
    with snapshot() as session:
        learned = learn(session, now=datetime.now(UTC))
    if learned is not None:
        with unit_of_work() as session:
            keep_learned(session, learned, now=datetime.now(UTC))
