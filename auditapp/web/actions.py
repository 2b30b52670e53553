"""Putting right: the list of actions, one of them with its thread, and every step."""

from collections.abc import Callable
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

from auditapp.domain.action import (
    HALL,
    LONGEST_WORDS,
    Severity,
    is_owner,
    may_judge,
)
from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    Problem,
)
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.images import THUMB_SIDES
from auditapp.reads.action_thread import check_action_photo, get_action
from auditapp.reads.actions import (
    LISTS,
    MOST_EXPORTED,
    OPEN,
    PAGE,
    READERS,
    ActionFilter,
    count_actions,
    list_actions,
    list_owners,
)
from auditapp.reads.month_reports import find_last_scored_month
from auditapp.reads.photos import ShownPhoto
from auditapp.reads.visits import list_regions
from auditapp.services import actions as steps
from auditapp.services.actions import Handover, Said
from auditapp.web import action_words as words
from auditapp.web.addresses import plain
from auditapp.web.desk_photos import MOST_PHOTOS, keep_photos
from auditapp.web.errors import fault_of, status_of
from auditapp.web.exports import csv_download
from auditapp.web.photos import thumb_answer
from auditapp.web.security import current_actor, requires

bp = Blueprint("actions", __name__, url_prefix="/actions")

SAYING: dict[str, Callable[..., None]] = {
    "contain": steps.contain,
    "proof": steps.send_proof,
    "comment": steps.comment,
    "approve": steps.approve,
    "push_back": steps.push_back,
}


@bp.get("")
@requires(*READERS)
def index() -> str:
    """List corrective actions, late ones first."""
    actor, now = current_actor(), datetime.now(UTC)
    with reading() as database:
        wanted = read_filter()
        lines = list_actions(database, actor, wanted, now)
        counts = count_actions(database, actor, now)
        owners, regions = list_owners(database), list_regions(database, actor)
        department = department_of(actor, wanted.owner)
        month = find_last_scored_month(database) if department else None
    return render_template(
        "actions/index.html",
        lines=lines,
        counts=counts,
        wanted=wanted,
        lists=words.list_names(actor),
        owners=owners,
        regions=regions,
        severities=Severity,
        department=department,
        month=month,
        is_cut=len(lines) == PAGE,
        say=words,
    )


def department_of(actor: Actor, owner: str | None) -> str | None:
    """Return the department whose month can be printed here."""
    if actor.role is Role.DEPARTMENT:
        return actor.department_id
    is_office = actor.role in (Role.HEADQUARTERS, Role.ADMIN)
    return owner if is_office and owner != HALL else None


@bp.get("/list.csv")
@requires(*READERS)
def export() -> Response:
    """Answer with the list as a table for a spreadsheet program."""
    now = datetime.now(UTC)
    with reading() as database:
        lines = list_actions(
            database, current_actor(), read_filter(), now, limit=MOST_EXPORTED
        )
    return csv_download("actions", words.export_header(), words.export_rows(lines))


def read_filter() -> ActionFilter:
    """Return what the address narrows the list to; what it does not know is left."""
    asked, severities = request.args, {each.value: each for each in Severity}
    which = asked.get("which", OPEN)
    return ActionFilter(
        which=which if which in LISTS else OPEN,
        severity=severities.get(asked.get("severity", "")),
        owner=plain(asked.get("owner")) or None,
        region_id=plain(asked.get("region")) or None,
        hall_id=plain(asked.get("hall")) or None,
    )


@bp.get("/<uuid:action_id>")
@requires(*READERS)
def show(action_id: UUID) -> str:
    """Show one action, what is asked, its thread and what this person can do."""
    return page(action_id)


def page(action_id: UUID, at: str = "", fault: Text | None = None) -> str:
    """Render the page with what was written at a step and what stands against it."""
    actor, now = current_actor(), datetime.now(UTC)
    with reading() as database:
        action = get_action(database, actor, action_id, now)
        owners = list_owners(database) if may_judge(actor) else []
    return render_template(
        "actions/show.html",
        action=action,
        line=action.line,
        task=words.task_text(action),
        owners=owners,
        owns=is_owner(actor, action.line.owner, action.line.hall_id),
        judges=may_judge(actor),
        may_write=not actor.is_read_only,
        at=at,
        fault=fault,
        written=request.form,
        longest=LONGEST_WORDS,
        most=MOST_PHOTOS,
        say=words,
    )


@bp.post("/<uuid:action_id>/<step>")
@requires(*READERS)
def act(action_id: UUID, step: str) -> ResponseReturnValue:
    """Take one step; its photos are stored first."""
    if step not in SAYING and step != "hand_over":
        raise NotFoundError
    actor, now = current_actor(), datetime.now(UTC)
    try:
        if step == "hand_over":
            wanted = read_handover()
            with unit_of_work() as database:
                steps.hand_over(database, actor, action_id, wanted, now=now)
        else:
            with reading() as database:  # nobody fills the storage for nothing
                get_action(database, actor, action_id, now)
            said = read_said()
            with unit_of_work() as database:
                SAYING[step](database, actor, action_id, said, now=now)
    except (ConflictError, InvalidError) as error:
        return page(action_id, step, fault_of(error)), status_of(error)
    flash(words.done(step))
    return redirect(url_for(".show", action_id=action_id), 303)


@bp.get("/<uuid:action_id>/photos/<sha256>/<int:size>")
@requires(*READERS)
def photo(action_id: UUID, sha256: str, size: int) -> Response:
    """Answer with a photo of the thread, at most ``size`` pixels on its long side."""
    if size not in THUMB_SIDES:
        raise NotFoundError
    with reading() as database:
        check_action_photo(database, current_actor(), action_id, plain(sha256) or "")
    return thumb_answer(ShownPhoto(sha256), size)


def read_said() -> Said:
    """Return what was written and sent; photos are stored by then."""
    return Said(
        request.form.get("words") or "",
        keep_photos(request.files.getlist("photos")),
        keep_photos(request.files.getlist("before")),
    )


def read_handover() -> Handover:
    """Return what the form hands over.

    Raises:
        InvalidError: The deadline is no date.
    """
    form = request.form
    try:
        due_on = date.fromisoformat(form["due_on"]) if form.get("due_on") else None
    except ValueError as error:
        raise InvalidError([Problem("/due_on", "no-date", _NO_DATE)]) from error
    return Handover(
        cause=form.get("cause", ""),
        owner=plain(form.get("owner")) or "",
        reason=form.get("reason") or "",
        task=form.get("task") or "",
        due_on=due_on,
    )


_NO_DATE = Text("截止日期请写成2026-11-30这样。", "Write the deadline like 2026-11-30.")
