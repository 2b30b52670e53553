"""Looks at photos that have arrived."""

from datetime import UTC, datetime

from flask import current_app

from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.images import UnreadableError
from auditapp.jobs.progress import Progress
from auditapp.services import photos
from auditapp.services.jobs import Job


def check(job: Job, _progress: Progress) -> None:
    """Open a photo once, keep what it is, and let its audits be looked at again."""
    sha256 = job.subject
    extensions = current_app.extensions
    with reading() as session:
        needs_check = photos.needs_check(session, sha256)
    if needs_check:
        finding = photos.examine(extensions["storage"], extensions["pictures"], sha256)
        with unit_of_work() as session:
            photos.record_finding(session, sha256, finding, now=datetime.now(UTC))
    with unit_of_work() as session:
        photos.request_signals(session, sha256, now=datetime.now(UTC))


def make_thumbs(job: Job, _progress: Progress) -> None:
    """Make the small copies before anybody asks for them."""
    extensions = current_app.extensions
    try:
        photos.make_thumbs(extensions["storage"], extensions["pictures"], job.subject)
    except UnreadableError:
        return  # it was found out meanwhile, with a larger picture to decode
