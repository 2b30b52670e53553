"""How far long work is; the page can be left and found again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import gettext as _

from auditapp.domain.actor import Role
from auditapp.domain.month_report import ReportScope
from auditapp.extensions import reading
from auditapp.reads.jobs import JobState, get_job
from auditapp.web.security import current_actor, requires

bp = Blueprint("jobs", __name__)

# by header, not by script or meta: works everywhere, and not at all once it is over
REFRESH_SECONDS = 2
_BESIDE_PHOTOS = 3  # auditapp.jobs.reports: reading, printing, storing


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the page; ``state`` is good, now, todo or bad."""

    name: str
    state: str
    done: int
    total: int


@bp.get("/jobs/<uuid:job_id>")
@requires()
def show(job_id: UUID) -> Response:
    """Show how far a job is to the person who asked for it."""
    with reading() as session:
        job = get_job(session, current_actor(), job_id)
    page = make_response(
        render_template(
            "jobs/show.html",
            job=job,
            name=kind_name(job),
            steps=steps_of(job),
            result=result_of(job),
            origin=origin_of(job),
            origin_name=origin_name(job),
        )
    )
    if not job.is_over:
        page.headers["Refresh"] = str(REFRESH_SECONDS)
    return page


@bp.get("/api/v1/jobs/<uuid:job_id>")
@requires()
def show_json(job_id: UUID) -> dict[str, Any]:
    """Answer with how far a job is."""
    with reading() as session:
        job = get_job(session, current_actor(), job_id)
    return {
        "id": str(job.job_id),
        "kind": job.kind,
        "state": job.state,
        "done": job.done_steps,
        "total": job.total_steps,
        "requested_at": job.requested_at.isoformat(timespec="milliseconds"),
        "finished_at": job.finished_at
        and job.finished_at.isoformat(timespec="milliseconds"),
        "result": result_of(job),
    }


def kind_name(job: JobState) -> str:
    """Return what a job is called on its page."""
    names: dict[str, str] = {
        "report.make": _("Printed report"),
        "month_report.make": _("Month report"),
        "audit.score": _("Scoring"),
        "photo.check": _("Photo check"),
        "photo.thumbs": _("Small copies of a photo"),
        "month.score": _("Scoring of a month"),
        "month.rescore": _("Scoring of one hall's month"),
        "month.close": _("Closing of a month"),
        "actions.follow": _("Bringing actions up to a release"),
        "news.follow": _("Telling people what happened"),
        "news.send": _("Sending notifications by e-mail and chat"),
        "news.greet": _("A robot's hello"),
        "news.tidy": _("Forgetting old notifications"),
        "month_reports.clear": _("Deleting old month reports"),
        "webhooks.send": _("Telling other programs"),
        "webhooks.tidy": _("Tidying up the log of webhooks"),
        "reviews.tend": _("Looking after late reviews"),
        "actions.tend": _("Looking after late actions"),
        "months.tend": _("Scoring open months again"),
        "month.profile": _("Comparing the halls of a month"),
        "profiles.tend": _("Comparing halls again"),
        "callback.draw": _("Drawing customers to call"),
        "callback.tidy": _("Giving up late calls"),
        "feedback.send": _("Sending text messages"),
        "customers.erase": _("Erasing old telephone numbers"),
        "jobs.tidy": _("Forgetting old jobs"),
        "import.run": _("Import"),
        "imports.clear": _("Deleting files that were imported"),
        "visits.reform": _("New forms for visits not begun"),
        "halls.settle": _("Tiers and traits of a month that began"),
        "what_if.run": _("What if"),
        "standards.learn": _("What customers care about"),
    }
    return names.get(job.kind, job.kind)


def result_of(job: JobState) -> str | None:
    """Return the address of what came of a job, None while there is nothing."""
    pages = {"report.make": "reports.show", "month_report.make": "month_reports.show"}
    if job.kind not in pages or job.state != "done":
        return None
    return url_for(pages[job.kind], report_id=job.payload["report_id"])


def origin_of(job: JobState) -> str | None:
    """Return the page from which a job was asked for."""
    if job.kind == "import.run":
        return url_for("imports.show", import_id=job.subject)
    if job.kind == "month.close":
        return url_for("closings.show", month=job.subject)
    if job.kind == "month_report.make":
        return _origin_of_month_report(*job.subject.split(" "))
    if job.kind != "report.make":
        return None
    if current_actor().role in {Role.HALL_MANAGER, Role.INSPECTOR}:
        return url_for("inspections.show", audit_id=job.subject)
    return url_for("reviews.show", audit_id=job.subject)


def _origin_of_month_report(month: str, scope: str, scope_id: str = "") -> str:
    if scope == ReportScope.HALL.value:
        return url_for("hall_months.show", hall_id=scope_id, month=month)
    if scope == ReportScope.DEPARTMENT.value:
        return url_for("actions.index")
    return url_for("months.show", month=month)


def origin_name(job: JobState) -> str:
    """Return what the page is called from which a job was asked for."""
    names = {
        "report.make": _("Back to the audit"),
        "import.run": _("Back to the import"),
        "month_report.make": _("Back"),
        "month.close": _("Back to the month"),
    }
    return str(names.get(job.kind, ""))


def steps_of(job: JobState) -> list[Step]:
    """Return the steps of a job in their order, each with its count."""
    if job.kind != "report.make":
        total = max(job.total_steps, 1)
        done = total if job.state == "done" else job.done_steps
        return [_step(job, kind_name(job), done, total)]
    photos = max(job.total_steps - _BESIDE_PHOTOS, 0)
    done = 1 + photos + 2 if job.state == "done" else job.done_steps
    parts = [
        (_("Read the audit"), 1),
        (_("Gather the photos"), photos),
        (_("Print the pages"), 1),
        (_("Keep the file"), 1),
    ]
    steps = []
    for name, total in parts:
        here = min(max(done, 0), total)
        steps.append(_step(job, name, here, total))
        done -= total
    return _one_now(job, steps)


def _step(job: JobState, name: str, done: int, total: int) -> Step:
    is_done = done >= total and job.state in ("done", "running")
    return Step(name, "good" if is_done else _open_state(job), done, total)


def _open_state(job: JobState) -> str:
    return "bad" if job.state == "failed" else "todo"


def _one_now(job: JobState, steps: list[Step]) -> list[Step]:
    """Mark the first open step as the one being worked on."""
    if job.state != "running":
        return steps
    current = next((step for step in steps if step.state == "todo"), None)
    return [
        Step(step.name, "now", step.done, step.total) if step is current else step
        for step in steps
    ]
