"""The small copies of photos: our own pixels, never what was sent."""

from uuid import UUID

from flask import Blueprint, Response, current_app, request

from auditapp.domain.errors import NotFoundError
from auditapp.extensions import reading
from auditapp.gateways.images import THUMB_SIDES, UnreadableError
from auditapp.reads.photos import PhotoUnreadableError, check_photo_open_to
from auditapp.services.photos import get_thumb
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
        check_photo_open_to(session, current_actor(), audit_id, sha256)
    return thumb_answer(sha256, size)


def thumb_answer(sha256: str, size: int) -> Response:
    """Answer with a stored photo; whether the person may see it is checked before.

    Raises:
        PhotoUnreadableError: Nothing can be drawn of it.
    """
    extensions = current_app.extensions
    try:
        thumb = get_thumb(extensions["storage"], extensions["pictures"], sha256, size)
    except UnreadableError as error:
        raise PhotoUnreadableError from error
    response = Response(thumb, content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.cache_control.private = True
    response.cache_control.max_age = FRESH_SECONDS
    response.set_etag(f"{sha256[:16]}-{size}")
    response.make_conditional(request)
    return response
