"""Lets halls' own rows say what holds once a month has begun."""

from datetime import UTC, datetime

from auditapp.extensions import unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.hall_places import settle_places
from auditapp.services.jobs import Job


def settle(_job: Job, _progress: Progress) -> None:
    """Take over what changes of tiers and traits the running month brought."""
    with unit_of_work() as session:
        settle_places(session, now=datetime.now(UTC))
