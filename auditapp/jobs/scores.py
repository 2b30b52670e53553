"""Scores audits."""

from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job


def score(_job: Job, _progress: Progress) -> None:
    """Score an audit."""
