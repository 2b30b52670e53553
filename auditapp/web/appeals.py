"""Answering back: a hall reads what it lost and appeals; somebody else decides."""

from datetime import UTC, datetime
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.appeal import (
    LONGEST_WORDS,
    AppealDecision,
    AppealState,
    appeal_until,
)
from auditapp.domain.errors import (
    ConflictError,
    DomainError,
    InvalidError,
    NotFoundError,
)
from auditapp.domain.review_turn import REVIEWERS
from auditapp.domain.text import Text
from auditapp.domain.working_days import IsWorking
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.images import THUMB_SIDES
from auditapp.reads.appeal_rates import RATE_READERS, get_rates
from auditapp.reads.appeal_results import get_result
from auditapp.reads.appeals import (
    PAGE,
    READERS,
    check_appeal_photo,
    get_appeal,
    list_appeals,
)
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.photos import ShownPhoto
from auditapp.services.appeals import decide_appeal, lodge_appeal
from auditapp.web.addresses import plain
from auditapp.web.appeal_page import appeal_parts, deadline_text, state_name, state_sign
from auditapp.web.desk_photos import MOST_PHOTOS, keep_photos
from auditapp.web.errors import fault_of, status_of
from auditapp.web.override_form import read_value
from auditapp.web.photos import thumb_answer
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _

bp = Blueprint("appeals", __name__)


def is_working() -> IsWorking:
    """Return how this installation tells working days."""
    found: IsWorking = current_app.extensions["work_calendar"].is_working
    return found


@bp.get("/appeals")
@requires(*READERS)
def index() -> str:
    """List the appeals of the own hall, or those of the halls one works for."""
    actor = current_actor()
    asked = request.args.get("state", "")
    state = next((each for each in AppealState if each.value == asked), None)
    with reading() as database:
        lines = list_appeals(database, actor, state)
        names = get_catalogue(database).names
    return render_template(
        "appeals/index.html",
        lines=lines,
        is_cut=len(lines) == PAGE,
        names=names,
        state=state,
        states=AppealState,
        state_name=state_name,
        state_sign=state_sign,
        is_hall=actor.role is Role.HALL_MANAGER,
    )


@bp.get("/appeals/rates")
@requires(*RATE_READERS)
def rates() -> str:
    """Show how often results were overturned."""
    with reading() as database:
        found = get_rates(database, current_actor())
        names = get_catalogue(database).names
    return render_template("appeals/rates.html", rates=found, names=names)


@bp.get("/results/<uuid:visit_id>")
@requires(Role.HALL_MANAGER)
def result(visit_id: UUID) -> str:
    """Show a hall what it lost in a released audit, and until when it may appeal."""
    now = datetime.now(UTC)
    with reading() as database:
        found = get_result(database, current_actor(), visit_id)
    until = appeal_until(found.released_at, is_working())
    return render_template(
        "appeals/result.html",
        result=found,
        item_names={i["id"]: i.get("short", i) for i in found.form["items"]},
        is_in_time=now < until,
        deadline=deadline_text(until, now),
        state_name=state_name,
        state_sign=state_sign,
        states=AppealState,
    )


@bp.get("/results/<uuid:visit_id>/appeals/<item_id>")
@requires(Role.HALL_MANAGER)
def ask(visit_id: UUID, item_id: str) -> str:
    """Ask why the hall does not agree."""
    return ask_page(visit_id, item_id)


def ask_page(
    visit_id: UUID, item_id: str, reason: str = "", fault: Text | None = None
) -> str:
    """Render the form with what was written and what stands against it.

    Raises:
        NotFoundError: No such result of the own hall, or the item lost nothing.
    """
    with reading() as database:
        found = get_result(database, current_actor(), visit_id)
    line = found.find_lost(plain(item_id) or "")
    if line is None:
        raise NotFoundError
    return render_template(
        "appeals/ask.html",
        result=found,
        line=line,
        reason=reason,
        fault=fault,
        deadline=deadline_text(
            appeal_until(found.released_at, is_working()), datetime.now(UTC)
        ),
        longest=LONGEST_WORDS,
        most=MOST_PHOTOS,
    )


@bp.post("/results/<uuid:visit_id>/appeals/<item_id>")
@requires(Role.HALL_MANAGER)
def lodge(visit_id: UUID, item_id: str) -> ResponseReturnValue:
    """Keep the appeal; its photos are stored first."""
    reason, actor = request.form.get("reason") or "", current_actor()
    try:
        photos = keep_photos(request.files.getlist("photos"))
        with unit_of_work() as database:
            appeal_id = lodge_appeal(
                database,
                actor,
                visit_id,
                plain(item_id) or "",
                reason,
                photos,
                is_working=is_working(),
                now=datetime.now(UTC),
            )
    except (ConflictError, InvalidError) as error:
        return ask_page(visit_id, item_id, reason, fault_of(error)), status_of(error)
    flash(_("Your appeal is lodged. Somebody who did not review the visit decides."))
    return redirect(url_for(".show", appeal_id=appeal_id), 303)


@bp.get("/appeals/<uuid:appeal_id>")
@requires(*READERS)
def show(appeal_id: UUID) -> str:
    """Show an appeal with the item, both sides' photos, and what was decided."""
    return page(appeal_id)


def page(appeal_id: UUID, fault: DomainError | None = None) -> str:
    """Render the page, with what was chosen and what stands against it."""
    actor = current_actor()
    with reading() as database:
        appeal = get_appeal(database, actor, appeal_id)
    return render_template(
        "appeals/show.html",
        appeal=appeal,
        fault=fault_of(fault) if fault else None,
        written=request.form,
        longest=LONGEST_WORDS,
        **appeal_parts(appeal, actor),
    )


@bp.post("/appeals/<uuid:appeal_id>/decision")
@requires(*REVIEWERS)
def decide(appeal_id: UUID) -> ResponseReturnValue:
    """Uphold, overturn or reject."""
    actor = current_actor()
    with reading() as database:
        item = get_appeal(database, actor, appeal_id).line.item
    asked = request.form.get("state", "")
    decision = AppealDecision(
        next((each for each in AppealState if each.value == asked), AppealState.OPEN),
        request.form.get("reason") or "",
        read_value(item, request.form.get("value") or "") or None,
    )
    try:
        with unit_of_work() as database:
            decide_appeal(database, actor, appeal_id, decision, now=datetime.now(UTC))
    except (ConflictError, InvalidError) as error:
        return page(appeal_id, error), status_of(error)
    flash(_("Decided. The hall reads your reason."))
    return redirect(url_for(".show", appeal_id=appeal_id), 303)


@bp.get("/appeals/<uuid:appeal_id>/photos/<sha256>/<int:size>")
@requires(*READERS)
def photo(appeal_id: UUID, sha256: str, size: int) -> Response:
    """Answer with a photo that a hall sent, at most ``size`` pixels on its long side.

    Our own pixels: of the file that was sent, nothing else.
    """
    if size not in THUMB_SIDES:
        raise NotFoundError
    with reading() as database:
        check_appeal_photo(database, current_actor(), appeal_id, sha256)
    return thumb_answer(ShownPhoto(sha256), size)
