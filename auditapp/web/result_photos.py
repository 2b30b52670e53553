"""The photos of a released visit that a reviewer has opened to its hall."""

from uuid import UUID

from flask import Blueprint, Response

from auditapp.domain.actor import Role
from auditapp.domain.errors import NotFoundError
from auditapp.extensions import reading
from auditapp.gateways.images import THUMB_SIDES
from auditapp.reads.appeal_results import get_result
from auditapp.reads.photos import ShownPhoto
from auditapp.web.photos import draw, picture_answer
from auditapp.web.security import current_actor, requires

bp = Blueprint("result_photos", __name__)


@bp.get("/results/<uuid:visit_id>/photos/<int:number>/<int:size>")
@requires(Role.HALL_MANAGER)
def show(visit_id: UUID, number: int, size: int) -> Response:
    """Answer with one of a visit's photos, counted from 1, as its hall may see it.

    A number says nothing of the audit, of who took the photo or when. It is never kept
    by a browser: another photo may have the number once one is kept back.
    """
    if size not in THUMB_SIDES:
        raise NotFoundError
    with reading() as database:
        photos = get_result(database, current_actor(), visit_id).photos
    if not 1 <= number <= len(photos):
        raise NotFoundError
    photo = photos[number - 1]
    response = picture_answer(draw(ShownPhoto(photo.sha256, photo.redaction), size))
    response.cache_control.no_store = True
    return response
