"""The wire between phones and the server. Contract: design/field.md."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, json, jsonify, request
from flask_wtf.csrf import generate_csrf

from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.intake import AuditConflictError, is_hash
from auditapp.domain.text import Text
from auditapp.extensions import csrf, reading, write_together
from auditapp.gateways.storage import photo_key
from auditapp.reads import field as reads
from auditapp.services.audits import take_in_audit
from auditapp.services.evidence import StoredPhoto, take_in_photo
from auditapp.web.bodies import (
    LARGEST_PHOTO_BYTES,
    body_length,
    read_document,
    receive_photo,
)
from auditapp.web.errors import listed, problem, status_of
from auditapp.web.field_json import bundle_json, copy_members, with_document, written
from auditapp.web.security import current_actor, is_token_request
from auditapp.web.wire import check_csrf, in_the_field, open_letter, sign, storage

bp = Blueprint("field", __name__, url_prefix="/api/v1/field")
csrf.exempt(bp)  # check_csrf: a token needs none, a cookie does

ONE_YEAR = 365 * 24 * 3600

ANOTHER_ID = Problem(
    "/id",
    "another-id",
    Text(
        "记录编号与地址不一致。请更新手机上的应用后再发送。",
        "The id is not the one in the address. Please update the app on the phone.",
    ),
)
WRONG_HASH = Problem(
    "",
    "wrong-hash",
    Text(
        "照片与它的校验值不符，没有保存。请重新发送。",
        "The photo does not match its SHA-256 and was not stored. Please send again.",
    ),
)


bp.before_request(check_csrf)


@bp.get("/bundle")
@in_the_field
def bundle() -> Response:
    """Answer with all that this auditor needs offline."""
    actor = current_actor()
    with reading() as session:
        visits = reads.visits_on_the_phone(session, actor)
    members = bundle_json(actor, visits)
    content = json.dumps(members)
    response = Response(mimetype="application/json")
    # weak: the server's time, which follows, is no news
    response.set_etag(sha256(content.encode()).hexdigest()[:32], weak=True)
    if not is_token_request():
        response.headers["X-CSRFToken"] = generate_csrf()
    response.headers["Cache-Control"] = "private, no-cache"
    now = json.dumps({"server_time": written(datetime.now(UTC))})
    _fill(response, f"{now[:-1]}, {content[1:]}".encode(), gzip.compress)
    response.make_conditional(request)
    return response


@bp.get("/forms/<digest>")
@in_the_field
def form(digest: str) -> Response:
    """Answer with one resolved form; it never changes."""
    digest = hash_of(digest.removeprefix("sha256:"))
    with reading() as session:
        document = reads.get_form(session, current_actor(), digest)
    response = Response(mimetype="application/json")
    response.set_etag(digest)
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable"
    _fill(response, document, _compressed_form)
    response.make_conditional(request)
    return response


@bp.route("/evidence/<sha256_hex>", methods=["HEAD"])
@in_the_field
def has_evidence(sha256_hex: str) -> Response:
    """Tell whether this auditor has sent a photo."""
    with reading() as session:
        if not reads.holds_photo(session, current_actor(), hash_of(sha256_hex)):
            raise NotFoundError
    return Response()


@bp.put("/evidence/<sha256_hex>")
@in_the_field
def put_evidence(sha256_hex: str) -> tuple[Response, HTTPStatus]:
    """Store a photo durably under its hash, then say so."""
    hash_of(sha256_hex)
    body_length(LARGEST_PHOTO_BYTES)
    with storage().incoming() as incoming:
        media_type = receive_photo(incoming)
        if incoming.sha256 != sha256_hex:
            raise InvalidError([WRONG_HASH])
        storage().keep(incoming, photo_key(sha256_hex))
        photo = StoredPhoto(sha256_hex, incoming.size, media_type)
    actor, now = current_actor(), datetime.now(UTC)
    is_new = write_together(
        lambda session: take_in_photo(session, actor, photo, now=now, sign=sign)
    )
    answer = {"sha256": photo.sha256, "bytes": photo.size_bytes, "type": media_type}
    return jsonify(answer), HTTPStatus.CREATED if is_new else HTTPStatus.OK


@bp.put("/audits/<uuid:audit_id>")
@in_the_field
def put_audit(audit_id: UUID) -> tuple[Response, HTTPStatus] | Response:
    """Take an audit document in; a final one with gaps is kept as a draft."""
    letter = open_letter(read_document())
    if letter.audit_id != audit_id:
        raise InvalidError([ANOTHER_ID])
    actor, now = current_actor(), datetime.now(UTC)
    taken = write_together(
        lambda session: take_in_audit(session, actor, letter, now=now, sign=sign)
    )
    members = copy_members(taken.copy)
    if taken.problems:
        error = InvalidError(taken.problems)
        return problem(
            status_of(error),
            error.code,
            error.text,
            errors=listed(error),
            current=members,
        )
    return jsonify(members), HTTPStatus.CREATED if taken.is_new else HTTPStatus.OK


@bp.get("/audits/<uuid:audit_id>")
@in_the_field
def get_audit(audit_id: UUID) -> Response:
    """Answer with the server's copy, for a new phone."""
    with reading() as session:
        copy = reads.get_audit_copy(session, current_actor(), audit_id)
    return with_document(copy_members(copy), copy.document)


@bp.errorhandler(AuditConflictError)
def show_conflict(error: AuditConflictError) -> Response:
    """Say what stands against a document, with the server's copy to compare."""
    current = None
    if error.audit_id is not None:
        with reading() as session:
            copy = reads.get_audit_copy(session, current_actor(), error.audit_id)
        current = copy_members(copy) | {"document": json.loads(copy.document)}
    return problem(status_of(error), error.code, error.text, current=current)


def hash_of(name: str) -> str:
    """Return what stands in the address if it can be the name of anything."""
    if not is_hash(name):
        raise NotFoundError
    return name


def _fill(
    response: Response, content: bytes, compress: Callable[[bytes], bytes]
) -> None:
    """Fill an answer, compressed for those who can read it."""
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip"):
        response.content_encoding = "gzip"
        content = compress(content)
    response.set_data(content)


@lru_cache(maxsize=64)
def _compressed_form(document: bytes) -> bytes:
    return gzip.compress(document, mtime=0)
