"""Makes the printed report of a month, with the eyes of whoever asked for it."""

from datetime import UTC, datetime
from uuid import UUID

from flask import current_app

from auditapp.domain.month_report import MonthReport, ReportFormat
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.report_sheets import write_report
from auditapp.jobs.month_report_page import month_report_css, month_report_html
from auditapp.jobs.progress import Progress
from auditapp.reads.jobs import find_asker
from auditapp.reads.month_reports import ReportWish, get_month_report
from auditapp.services.jobs import Job
from auditapp.services.month_reports import (
    find_old_reports,
    forget_report,
    keep_month_report,
    wanted_report,
)

STEPS = 3  # reading, printing, storing


def make(job: Job, progress: Progress) -> None:
    """Read, print, store; once, however often the job runs."""
    report_id, now = UUID(job.payload["report_id"]), datetime.now(UTC)
    with reading() as session:
        wish, asker = wanted_report(session, report_id), find_asker(session, job.job_id)
        if wish is None or asker is None:
            return
        progress(0, STEPS)
        report = get_month_report(session, asker, wish, now)
    progress(1, STEPS)
    content = printed(report, wish, now)
    progress(2, STEPS)
    key = f"month-reports/{report_id}/{job.job_id}.{wish.format.value}"
    current_app.extensions["storage"].put(key, content)
    with unit_of_work() as session:
        keep_month_report(session, report_id, key, len(content))
    progress(STEPS, STEPS)


def printed(report: MonthReport, wish: ReportWish, now: datetime) -> bytes:
    """Return a report as the file that was wished for."""
    if wish.format is ReportFormat.XLSX:
        return write_report(report, wish.locale)
    html = month_report_html(report, wish.locale, now)
    pdf: bytes = current_app.extensions["printer"](html, month_report_css(), {})
    return pdf


def clear(_job: Job, _progress: Progress) -> None:
    """Delete reports of long ago: whoever asks again gets the same."""
    with reading() as session:
        old = find_old_reports(session, now=datetime.now(UTC))
    for report_id, key in old:
        current_app.extensions["storage"].delete(key)
        with unit_of_work() as session:
            forget_report(session, report_id)
