"""Covering faces, badges and papers in a photo, and saying whether its hall sees it."""

from datetime import UTC, datetime
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
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError
from auditapp.domain.intake import is_hash
from auditapp.domain.redaction import Cover, is_open_to_hall
from auditapp.domain.review_turn import REVIEWERS, may_decide
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.images import THUMB_SIDES
from auditapp.reads.photos import ShownPhoto
from auditapp.reads.redactions import RedactionPage, get_redaction_page
from auditapp.services.redactions import (
    PhotoName,
    open_original,
    redact_photo,
    restore_redaction,
)
from auditapp.web.errors import fault_of, status_of
from auditapp.web.photos import draw, picture_answer
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _

bp = Blueprint(
    "redactions", __name__, url_prefix="/audits/<uuid:audit_id>/photos/<sha256>"
)

COVERERS = (*REVIEWERS, Role.AGENCY_SUPERVISOR)
SIDES = ("left", "top", "width", "height")
OUTSIDE = -1  # what is no number lies in no photo


@bp.get("")
@requires(*COVERERS)
def show(audit_id: UUID, sha256: str) -> str:
    """Show a photo with its rectangles, to be moved, and what was decided before."""
    return page(audit_id, sha256)


def page(audit_id: UUID, sha256: str, fault: Text | None = None) -> str:
    """Render the page, with what was drawn and stands against it."""
    found = read(audit_id, sha256)
    redaction = found.photo.redaction
    if fault:
        covers, is_shown = drawn(), wants_shown()
    else:
        covers = list(redaction.covers) if redaction else []
        is_shown = is_open_to_hall(found.kind, redaction)
    return render_template(
        "reviews/redact.html",
        page=found,
        covers=covers,
        is_shown=is_shown,
        is_covered=bool(redaction and redaction.covers),
        decides=may_decide(current_actor()),
        fault=fault,
    )


def read(audit_id: UUID, sha256: str) -> RedactionPage:
    """Read the photo; what is no hash names none."""
    if not is_hash(sha256):
        raise NotFoundError
    with reading() as database:
        return get_redaction_page(database, current_actor(), audit_id, sha256)


@bp.post("")
@requires(*COVERERS)
def save(audit_id: UUID, sha256: str) -> ResponseReturnValue:
    """Keep the rectangles and whether the hall sees the photo."""
    found = read(audit_id, sha256)
    try:
        with unit_of_work() as database:
            redact_photo(
                database,
                current_actor(),
                named(audit_id, sha256),
                drawn(),
                is_shown=wants_shown(),
                now=datetime.now(UTC),
            )
    except (ConflictError, InvalidError) as error:
        return page(audit_id, sha256, fault_of(error)), status_of(error)
    flash(kept_text())
    following = found.siblings[found.place + 1 :]
    if "next" in request.form and following:
        return to_photo(audit_id, following[0].sha256)
    return to_photo(audit_id, sha256)


def kept_text() -> str:
    """Say what was kept, as far as the person decides."""
    if not may_decide(current_actor()):
        return _("Kept. The region sees it covered.")
    if wants_shown():
        return _(
            "Kept. The hall sees the photo as it is here once the visit is released."
        )
    return _("Kept. The hall does not see this photo.")


@bp.post("/restore")
@requires(*REVIEWERS)
def restore(audit_id: UUID, sha256: str) -> ResponseReturnValue:
    """Go back to an earlier decision; none is lost by it."""
    read(audit_id, sha256)
    wanted = request.form.get("wanted", OUTSIDE, type=int)
    try:
        with unit_of_work() as database:
            restore_redaction(
                database,
                current_actor(),
                named(audit_id, sha256),
                wanted,
                datetime.now(UTC),
            )
    except ConflictError as error:
        return page(audit_id, sha256, fault_of(error)), status_of(error)
    flash(_("It is shown as it was then."))
    return to_photo(audit_id, sha256)


@bp.post("/original")
@requires(*REVIEWERS)
def original(audit_id: UUID, sha256: str) -> Response:
    """Answer with the whole photo, once, after writing down who looked at it."""
    read(audit_id, sha256)
    with unit_of_work() as database:
        now = datetime.now(UTC)
        open_original(database, current_actor(), audit_id, sha256, now)
    response = picture_answer(draw(ShownPhoto(sha256), max(THUMB_SIDES)))
    response.cache_control.no_store = True
    return response


def named(audit_id: UUID, sha256: str) -> PhotoName:
    """Return the photo and the decision that was on the page."""
    return PhotoName(audit_id, sha256, request.form.get("number", OUTSIDE, type=int))


def wants_shown() -> bool:
    """Tell whether the hall is to see the photo; keeping it back needs no word."""
    return request.form.get("shown") == "yes"


def drawn() -> list[Cover]:
    """Return the rectangles of the form; a row without a number is no rectangle."""
    columns = [request.form.getlist(side) for side in SIDES]
    return [
        Cover(*(number(cell) for cell in row))
        for row in zip(*columns, strict=False)
        if any(cell.strip() for cell in row)
    ]


def number(cell: str) -> int:
    """Return per mille as a whole number."""
    is_plain = cell.isascii() and cell.strip().isdecimal()
    return int(cell) if is_plain and len(cell) <= len("1000") else OUTSIDE


def to_photo(audit_id: UUID, sha256: str) -> ResponseReturnValue:
    """Go on at a photo's page."""
    return redirect(url_for(".show", audit_id=audit_id, sha256=sha256), 303)
