"""The obstacle list: report what stands in the way, say “me too”, answer."""

from datetime import UTC, date, datetime
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import (
    ConflictError,
    DomainError,
    InvalidError,
    NotFoundError,
)
from auditapp.domain.obstacle import (
    LONGEST_SUBJECT,
    LONGEST_WORDS,
    READERS,
    REPORTERS,
    STAFF,
    ObstacleAnswer,
    ObstacleKind,
    ObstacleReport,
    ObstacleState,
)
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.images import THUMB_SIDES
from auditapp.reads.obstacle_counts import (
    check_obstacle_photo,
    count_obstacles,
    list_departments,
    list_subjects,
)
from auditapp.reads.obstacles import (
    SHOWN,
    get_obstacle,
    list_obstacles,
)
from auditapp.reads.photos import ShownPhoto
from auditapp.services import obstacles
from auditapp.web import obstacle_words
from auditapp.web.addresses import plain
from auditapp.web.desk_photos import keep_photos
from auditapp.web.errors import fault_of, status_of
from auditapp.web.exports import csv_download
from auditapp.web.obstacle_page import (
    allowed,
    csv_rows,
    may_report,
    query_of,
    wanted_from_request,
)
from auditapp.web.photos import thumb_answer
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _
from auditapp.web.wire import sign

bp = Blueprint("obstacles", __name__, url_prefix="/obstacles")

ANSWERERS = (Role.HEADQUARTERS, Role.DEPARTMENT)


@bp.get("")
@requires(*READERS)
def index() -> str:
    """List what stands in the way; an auditor finds the own reports."""
    actor, wanted, now = current_actor(), wanted_from_request(), datetime.now(UTC)
    with reading() as database:
        lines = list_obstacles(database, actor, wanted, now)
        counts = count_obstacles(database, actor, wanted, now)
        departments = list_departments(database)
    return render_template(
        "obstacles/index.html",
        lines=lines,
        counts=counts,
        departments=departments,
        wanted=wanted,
        query=query_of(wanted),
        states=list(ObstacleState),
        kinds=list(ObstacleKind),
        say=obstacle_words,
        may_report=may_report(actor),
        is_auditor=actor.role is Role.AUDITOR,
        is_cut=len(lines) == SHOWN,
    )


@bp.get("/obstacles.csv")
@requires(*READERS)
def export() -> Response:
    """Stream the list as it is filtered and sorted."""
    header = [
        _("Rule or system"),
        _("Kind"),
        _("What happens"),
        _("What it costs"),
        _("Owner"),
        _("Month"),
        _("Halls"),
        _("State"),
        _("To be gone by"),
    ]
    rows = csv_rows(current_actor(), wanted_from_request())
    return csv_download("obstacles", header, rows)


@bp.get("/new")
@requires(*REPORTERS)
def ask() -> str:
    """Ask what stands in the way."""
    return ask_page()


def ask_page(error: DomainError | None = None) -> str:
    """Render the form with what was written and what stands against it."""
    with reading() as database:
        actor = current_actor()
        departments = list_departments(database)
        subjects = list_subjects(database, actor, datetime.now(UTC))
    faults: dict[str, Text] = {}
    if isinstance(error, InvalidError):
        faults = {each.pointer.strip("/"): each.text for each in error.problems}
    return render_template(
        "obstacles/ask.html",
        departments=departments,
        subjects=subjects,
        kinds=list(ObstacleKind),
        say=obstacle_words,
        written=request.form,
        faults=faults,
        longest=LONGEST_WORDS,
        longest_subject=LONGEST_SUBJECT,
        is_auditor=actor.role is Role.AUDITOR,
    )


@bp.post("/new")
@requires(*REPORTERS)
def send() -> ResponseReturnValue:
    """Keep the report; its photo is stored first."""
    form = request.form
    is_system = form.get("kind") == ObstacleKind.SYSTEM.value
    report = ObstacleReport(
        ObstacleKind.SYSTEM if is_system else ObstacleKind.RULE,
        form.get("subject") or "",
        form.get("words") or "",
        form.get("cost") or "",
        plain(form.get("owner")),
    )
    try:
        photos = keep_photos(request.files.getlist("photo"), 1)
        with unit_of_work() as database:
            obstacle_id = obstacles.report_obstacle(
                database,
                current_actor(),
                report,
                photos[0] if photos else None,
                sign=sign,
                now=datetime.now(UTC),
            )
    except InvalidError as error:
        return ask_page(error), status_of(error)
    flash(_("Reported. You read the answer here once it is given."))
    return redirect(url_for(".show", obstacle_id=obstacle_id), 303)


@bp.get("/<uuid:obstacle_id>")
@requires(*READERS)
def show(obstacle_id: UUID) -> str:
    """Show one obstacle with its answers."""
    return page(obstacle_id)


def page(obstacle_id: UUID, error: DomainError | None = None) -> str:
    """Render the page, with what was chosen and what stands against it."""
    actor, now = current_actor(), datetime.now(UTC)
    with reading() as database:
        line, answers = get_obstacle(database, actor, obstacle_id, now)
        departments = list_departments(database)
    return render_template(
        "obstacles/show.html",
        line=line,
        answers=answers,
        departments=departments,
        fault=fault_of(error) if error else None,
        written=request.form,
        states=ObstacleState,
        say=obstacle_words,
        longest=LONGEST_WORDS,
        **allowed(actor, line.owner, line.state),
    )


@bp.post("/<uuid:obstacle_id>/join")
@requires(Role.HALL_MANAGER)
def join(obstacle_id: UUID) -> ResponseReturnValue:
    """Say that it hinders the own hall too."""
    try:
        with unit_of_work() as database:
            is_open_again = obstacles.join_obstacle(
                database, current_actor(), obstacle_id, now=datetime.now(UTC)
            )
    except ConflictError as error:
        return page(obstacle_id, error), status_of(error)
    flash(
        _("Your hall is counted; so many say the same that it is asked again.")
        if is_open_again
        else _("Your hall is counted.")
    )
    return redirect(url_for(".show", obstacle_id=obstacle_id), 303)


@bp.post("/<uuid:obstacle_id>/answer")
@requires(*ANSWERERS)
def answer(obstacle_id: UUID) -> ResponseReturnValue:
    """Accept with a day, explain, or decline."""
    states = {each.value: each for each in ObstacleState}
    try:
        due_on = date.fromisoformat(request.form.get("due_on", ""))
    except ValueError:
        due_on = None
    given = ObstacleAnswer(
        states.get(request.form.get("state", ""), ObstacleState.OPEN),
        request.form.get("words") or "",
        due_on,
    )
    try:
        with unit_of_work() as database:
            obstacles.answer_obstacle(
                database, current_actor(), obstacle_id, given, now=datetime.now(UTC)
            )
    except (ConflictError, InvalidError) as error:
        return page(obstacle_id, error), status_of(error)
    flash(_("Answered. Who reported it reads it."))
    return redirect(url_for(".show", obstacle_id=obstacle_id), 303)


@bp.post("/<uuid:obstacle_id>/owner")
@requires(Role.HEADQUARTERS)
def pass_on(obstacle_id: UUID) -> ResponseReturnValue:
    """Give it to the department that can remove it."""
    owner = plain(request.form.get("owner"))
    with unit_of_work() as database:
        obstacles.pass_on_obstacle(
            database, current_actor(), obstacle_id, owner or "", now=datetime.now(UTC)
        )
    flash(_("Passed on."))
    return redirect(url_for(".show", obstacle_id=obstacle_id), 303)


@bp.post("/<uuid:obstacle_id>/read")
@requires(*STAFF, Role.AUDITOR, Role.HEADQUARTERS)
def read(obstacle_id: UUID) -> ResponseReturnValue:
    """Note that who reported it has read the answer."""
    with unit_of_work() as database:
        obstacles.note_answer_read(
            database, current_actor(), obstacle_id, now=datetime.now(UTC)
        )
    return redirect(url_for(".index", own="1"), 303)


@bp.get("/<uuid:obstacle_id>/photo/<int:size>")
@requires(*READERS)
def photo(obstacle_id: UUID, size: int) -> Response:
    """Answer with the photo of a report: our own pixels, nothing of the file."""
    if size not in THUMB_SIDES:
        raise NotFoundError
    with reading() as database:
        sha256 = check_obstacle_photo(
            database, current_actor(), obstacle_id, datetime.now(UTC)
        )
    return thumb_answer(ShownPhoto(sha256), size)
