"""Looks after the queue of reviewers: who is late, and whom nobody has."""

from datetime import UTC, datetime

from auditapp.extensions import unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job
from auditapp.services.review_turns import begin_missing, escalate_reviews


def tend(_job: Job, _progress: Progress) -> None:
    """Give those that wait without a turn one, and take late ones up, in chunks."""
    while True:
        with unit_of_work() as session:
            begun = begin_missing(session)
            late = escalate_reviews(session, now=datetime.now(UTC))
            if not begun and not late:
                return
