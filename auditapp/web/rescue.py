"""Taking a rescue file in, when a phone cannot send by itself any more."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from auditapp.domain.actor import Actor
from auditapp.domain.errors import InvalidError
from auditapp.domain.intake import AuditConflictError
from auditapp.extensions import csrf, reading, unit_of_work
from auditapp.gateways.rescue_file import RescueFile, open_rescue_file
from auditapp.gateways.storage import photo_key
from auditapp.reads.field import get_audit_copy
from auditapp.services.audit_case import Letter
from auditapp.services.audits import take_in_audit
from auditapp.services.evidence import StoredPhoto, take_in_photo
from auditapp.web.bodies import (
    LARGEST_RESCUE_BYTES,
    MAGIC_BYTES,
    body_length,
    kind_of,
    receive,
)
from auditapp.web.errors import listed
from auditapp.web.field_json import copy_members
from auditapp.web.security import current_actor
from auditapp.web.wire import check_csrf, in_the_field, open_letter, sign, storage

bp = Blueprint("rescue", __name__, url_prefix="/api/v1/field")
csrf.exempt(bp)  # check_csrf: a token needs none, a cookie does
bp.before_request(check_csrf)


@bp.post("/rescue")
@in_the_field
def take_in() -> Response:
    """Take in what is sound of a rescue file and say what that was."""
    request.max_content_length = LARGEST_RESCUE_BYTES
    body_length(LARGEST_RESCUE_BYTES)
    actor = current_actor()
    with storage().incoming() as upload:
        receive(upload)
        with open_rescue_file(upload.path) as file:
            letter = open_letter(file.document())
            members = take_in_document(actor, letter)
            sorted_out = [
                (sha256, take_in_one(actor, file, sha256))
                for sha256 in file.photos
                if sha256 in letter.photos
            ]
    with reading() as session:
        copy = get_audit_copy(session, actor, letter.audit_id)
    taken = [sha256 for sha256, is_taken in sorted_out if is_taken]
    refused = sorted(set(file.photos) - set(taken))
    photos = {"taken_in": taken, "refused": refused}
    return jsonify(copy_members(copy) | members | {"photos": photos})


def take_in_document(actor: Actor, letter: Letter) -> dict[str, Any]:
    """File the document; return what keeps it from being final or from being filed.

    The server may hold a later one already: then the photos are what was to rescue.
    """
    now = datetime.now(UTC)
    try:
        with unit_of_work() as session:
            taken = take_in_audit(session, actor, letter, now=now, sign=sign)
    except AuditConflictError as error:
        if error.audit_id != letter.audit_id:
            raise
        return {"conflict": error.code}
    errors = listed(InvalidError(taken.problems))
    return {"errors": errors} if errors else {}


def take_in_one(actor: Actor, file: RescueFile, sha256: str) -> bool:
    """Store one photo; tell whether it was what its name says."""
    with storage().incoming() as incoming:
        head = b""
        try:
            for piece in file.photo(sha256):
                head = head or piece[:MAGIC_BYTES]
                incoming.write(piece)
        except InvalidError:
            return False
        media_type = kind_of(head)
        if media_type is None or incoming.sha256 != sha256:
            return False
        storage().keep(incoming, photo_key(sha256))
        photo = StoredPhoto(sha256, incoming.size, media_type)
    with unit_of_work() as session:
        take_in_photo(session, actor, photo, now=datetime.now(UTC), sign=sign)
    return True
