"""Looks after corrective actions whose deadline has passed."""

from datetime import UTC, datetime

from auditapp.extensions import unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.action_tending import escalate_late
from auditapp.services.jobs import Job


def tend(_job: Job, _progress: Progress) -> None:
    """Take late actions one level up, chunk by chunk."""
    while True:
        with unit_of_work() as session:
            if not escalate_late(session, now=datetime.now(UTC)):
                return
