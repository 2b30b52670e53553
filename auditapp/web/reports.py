"""Printed audits: ask for one, fetch it."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.jobs import get_report_file
from auditapp.services.reports import request_report
from auditapp.web.language import CHINESE, ENGLISH, choose_language
from auditapp.web.security import current_actor, requires

bp = Blueprint("reports", __name__)

readers = requires(
    Role.HEADQUARTERS,
    Role.ADMIN,
    Role.REGION_MANAGER,
    Role.AGENCY_SUPERVISOR,
    Role.HALL_MANAGER,  # of open inspections
    Role.INSPECTOR,
)


@bp.post("/audits/<uuid:audit_id>/reports")
@readers
def make(audit_id: UUID) -> ResponseReturnValue:
    """Have an audit printed in a language, or lead to the print that is there."""
    wanted = request.form.get("locale", "")
    locale = wanted if wanted in (CHINESE, ENGLISH) else choose_language()
    with unit_of_work() as session:
        report = request_report(
            session, current_actor(), audit_id, locale, now=datetime.now(UTC)
        )
    if report.job_id is None:
        return redirect(url_for("reports.show", report_id=report.report_id), 303)
    return redirect(url_for("jobs.show", job_id=report.job_id), 303)


@bp.get("/reports/<uuid:report_id>")
@readers
def show(report_id: UUID) -> Response:
    """Answer with a finished report, to be saved."""
    with reading() as session:
        report = get_report_file(session, current_actor(), report_id)
    chunks = current_app.extensions["storage"].chunks(report.storage_key)
    response = Response(chunks, content_type="application/pdf")
    response.content_length = report.size_bytes
    response.headers.set("Content-Disposition", "attachment", filename=report.file_name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
