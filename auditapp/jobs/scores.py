"""Scores audits."""

from datetime import UTC, datetime
from uuid import UUID

from auditapp.extensions import reading, unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job
from auditapp.services.scores import judge_audit, keep_judgement


def score(job: Job, _progress: Progress) -> None:
    """Score an audit and find its signals; again when it changed meanwhile."""
    is_kept = False
    while not is_kept:
        with reading() as session:
            judgement = judge_audit(session, UUID(job.subject))
        if judgement is None:
            return
        with unit_of_work() as session:
            is_kept = keep_judgement(session, judgement, now=datetime.now(UTC))
