"""Keeps no customer's number longer than needed."""

from datetime import UTC, datetime

from auditapp.domain.month import local_date
from auditapp.extensions import unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.customers import erase_old_numbers
from auditapp.services.jobs import Job


def erase(_job: Job, _progress: Progress) -> None:
    """Erase the numbers whose retention has ended."""
    now = datetime.now(UTC)
    with unit_of_work() as session:
        erase_old_numbers(session, today=local_date(now), now=now)
