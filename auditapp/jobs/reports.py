"""Makes the PDF of an audit."""

from datetime import UTC, datetime
from uuid import UUID

from flask import current_app

from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.images import THUMB_SIDES, UnreadableError
from auditapp.jobs.progress import Progress
from auditapp.jobs.report_page import report_css, report_html
from auditapp.reads.photos import ShownPhoto
from auditapp.reads.report_data import get_report
from auditapp.reads.review_parts import Photo
from auditapp.services.jobs import Job
from auditapp.services.redactions import draw_photo
from auditapp.services.reports import is_wanted, keep_report, report_key

STEPS_BESIDE_PHOTOS = 3  # reading, printing, storing


def make(job: Job, progress: Progress) -> None:
    """Gather the photos, print, store; once, however often the job runs."""
    report_id, locale = UUID(job.payload["report_id"]), job.payload["locale"]
    with reading() as session:
        if not is_wanted(session, report_id, job.job_id):
            return
        report = get_report(session, UUID(job.subject))
    readable = report.readable_photos()
    total = len(readable) + STEPS_BESIDE_PHOTOS
    progress(1, total)
    photos: dict[str, bytes] = {}
    for step, photo in enumerate(readable, start=2):
        photos |= _shown(photo)
        progress(step, total)
    html = report_html(report, locale, photos.keys(), datetime.now(UTC))
    pdf = current_app.extensions["printer"](html, report_css(), photos)
    progress(total - 1, total)
    storage = current_app.extensions["storage"]
    storage.put(report_key(report_id, job.job_id), pdf)
    with unit_of_work() as session:
        keep_report(session, report_id, job.job_id, len(pdf))
    progress(total, total)


def _shown(photo: Photo) -> dict[str, bytes]:
    """Return a photo as it is printed, by its name; nothing when it cannot be read."""
    extensions = current_app.extensions
    storage, pictures = extensions["storage"], extensions["pictures"]
    shown = ShownPhoto(photo.sha256, photo.redaction)
    try:
        return {photo.sha256: draw_photo(storage, pictures, shown, max(THUMB_SIDES))}
    except UnreadableError:
        return {}
