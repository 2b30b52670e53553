"""Looks after corrective actions: late ones, and what a release tells about them."""

from datetime import UTC, datetime

from auditapp.extensions import reading, unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.action_following import follow_audit, list_released
from auditapp.services.action_tending import escalate_late
from auditapp.services.jobs import Job


def tend(_job: Job, _progress: Progress) -> None:
    """Take late actions one level up, chunk by chunk."""
    while True:
        with unit_of_work() as session:
            if not escalate_late(session, now=datetime.now(UTC)):
                return


def follow(job: Job, progress: Progress) -> None:
    """Let actions follow the released audits of a month; again does nothing new."""
    with reading() as session:
        audits = list_released(session, job.subject)
    for number, audit_id in enumerate(audits, start=1):
        with unit_of_work() as session:
            follow_audit(session, audit_id, now=datetime.now(UTC))
        progress(number, len(audits))
