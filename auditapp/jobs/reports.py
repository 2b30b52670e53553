"""Makes reports."""

from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job


def make(_job: Job, _progress: Progress) -> None:
    """Make a report."""
