"""Printed months: ask for one, fetch it."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month_report import ReportFormat, ReportScope
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.month_reports import READERS, ReportWish, get_month_report_file
from auditapp.services.month_reports import request_month_report
from auditapp.web.addresses import plain
from auditapp.web.language import CHINESE, ENGLISH, choose_language
from auditapp.web.security import current_actor, requires

bp = Blueprint("month_reports", __name__)

MEDIA_TYPES = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.XLSX: (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
}


@bp.post("/months/<month>/reports")
@requires(*READERS)
def make(month: str) -> ResponseReturnValue:
    """Have a month printed; its job's page leads to the file."""
    wish = wish_from_form(month)
    with unit_of_work() as session:
        job_id = request_month_report(
            session, current_actor(), wish, now=datetime.now(UTC)
        )
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def scope_of(actor: Actor, region_id: str | None) -> tuple[str, str] | None:
    """Return which report an overview offers; None where a region is to be chosen."""
    if actor.role is Role.REGION_MANAGER and len(actor.region_ids) == 1:
        region_id = min(actor.region_ids)
    if region_id:
        return ReportScope.REGION.value, region_id
    is_country = actor.role is not Role.REGION_MANAGER
    return (ReportScope.COUNTRY.value, "") if is_country else None


def wish_from_form(month: str) -> ReportWish:
    """Return what the form asks for.

    Raises:
        NotFoundError: There is no such kind of report.
    """
    form = request.form
    try:
        scope = ReportScope(form.get("scope", ""))
        kind = ReportFormat(form.get("format", ReportFormat.PDF.value))
    except ValueError as error:
        raise NotFoundError from error
    wanted = form.get("locale", "")
    locale = wanted if wanted in (CHINESE, ENGLISH) else choose_language()
    return ReportWish(month, scope, plain(form.get("scope_id")) or "", kind, locale)


@bp.get("/month-reports/<uuid:report_id>")
@requires(*READERS)
def show(report_id: UUID) -> Response:
    """Answer with a finished report, to be saved."""
    with reading() as session:
        report = get_month_report_file(session, current_actor(), report_id)
    chunks = current_app.extensions["storage"].chunks(report.storage_key)
    response = Response(chunks, content_type=MEDIA_TYPES[report.format])
    response.content_length = report.size_bytes
    response.headers.set("Content-Disposition", "attachment", filename=report.file_name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
