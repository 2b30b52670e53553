"""The small copies of photos: our own pixels, never what was sent."""

from uuid import UUID

from flask import Blueprint, Response, current_app, request

from auditapp.domain.errors import NotFoundError
from auditapp.extensions import reading
from auditapp.gateways.images import THUMB_SIDES, UnreadableError
from auditapp.reads.photos import (
    PhotoUnreadableError,
    ShownPhoto,
    get_shown_photo,
)
from auditapp.services.redactions import draw_photo
from auditapp.web.security import current_actor, requires

bp = Blueprint("photos", __name__)

# short enough for a shared computer; afterwards 304 as long as the person may look
FRESH_SECONDS = 600


@bp.get("/photos/<uuid:audit_id>/<sha256>/<int:size>")
@requires()
def show(audit_id: UUID, sha256: str, size: int) -> Response:
    """Answer with a photo of an audit, at most ``size`` pixels on its long side."""
    if size not in THUMB_SIDES:
        raise NotFoundError
    with reading() as session:
        shown = get_shown_photo(session, current_actor(), audit_id, sha256)
    return thumb_answer(shown, size)


def thumb_answer(shown: ShownPhoto, size: int) -> Response:
    """Answer with a stored photo; whether the person may see it is checked before.

    Raises:
        PhotoUnreadableError: Nothing can be drawn of it.
    """
    response = picture_answer(draw(shown, size))
    response.cache_control.max_age = FRESH_SECONDS
    version = shown.redaction.redaction_id.hex if shown.redaction else ""
    response.set_etag(f"{shown.sha256[:16]}-{version}-{size}")
    response.make_conditional(request)
    return response


def draw(shown: ShownPhoto, size: int) -> bytes:
    """Return a photo's pixels as they may be seen, with what is covered burned in.

    Raises:
        PhotoUnreadableError: Nothing can be drawn of it.
    """
    extensions = current_app.extensions
    try:
        return draw_photo(extensions["storage"], extensions["pictures"], shown, size)
    except UnreadableError as error:
        raise PhotoUnreadableError from error


def picture_answer(content: bytes) -> Response:
    """Answer with our own pixels and nothing that could run."""
    response = Response(content, content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.cache_control.private = True
    return response
