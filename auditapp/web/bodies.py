"""Reading what phones send: bounded, piece by piece, and nothing decoded."""

from contextlib import suppress
from http import HTTPStatus
from typing import NoReturn

from flask import Response, abort, request

from auditapp.gateways.storage import Incoming

LARGEST_PHOTO_BYTES = 12 * 1024 * 1024
LARGEST_DOCUMENT_BYTES = 1024 * 1024
LARGEST_RESCUE_BYTES = 128 * 1024 * 1024
MAGIC_BYTES = 16
DRAINED_BYTES = 128 * 1024 * 1024
WITH_A_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
RECEIVED_BYTES = 256 * 1024  # at once: most photos whole, none for long in memory

HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
)


def body_length(limit: int) -> int:
    """Return the declared length of the body, 411 without one, 413 above ``limit``."""
    length = request.content_length
    if length is None:
        abort(HTTPStatus.LENGTH_REQUIRED)
    if length > limit:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return length


def read_document() -> bytes:
    """Return the body of a JSON request, at most a megabyte of it."""
    body_length(LARGEST_DOCUMENT_BYTES)
    if request.mimetype and request.mimetype != "application/json":
        _wrong_kind()
    return request.get_data(cache=False)


def receive(incoming: Incoming) -> None:
    """Write the body to the temporary file as it arrives; one chunk in memory."""
    while chunk := request.stream.read(RECEIVED_BYTES):
        incoming.write(chunk)


def receive_photo(incoming: Incoming) -> str:
    """Write a photo as it arrives and return its media type.

    415 when the type is not accepted or the first bytes are of another kind.
    """
    media_type = request.mimetype
    head = request.stream.read(MAGIC_BYTES)
    if not head or media_type != kind_of(head):
        _wrong_kind()
    incoming.write(head)
    receive(incoming)
    return media_type


def finish_body(response: Response) -> Response:
    """Read what a refused request still sends, so that its sender hears the answer.

    A server that closes while the other side sends makes the network drop what it had
    answered: a phone would take "sign in again" for "no signal". Only what nobody
    means seriously is cut off.
    """
    left = DRAINED_BYTES
    if request.method in WITH_A_BODY and (request.content_length or 0) <= left:
        body = request.environ["wsgi.input"]
        with suppress(OSError, ValueError):  # the sender may be gone
            while left > 0 and (piece := body.read(RECEIVED_BYTES)):
                left -= len(piece)
    return response


def kind_of(head: bytes) -> str | None:
    """Return the media type that the first 16 bytes announce, if it is accepted."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return "image/heic"
    return None


def _wrong_kind() -> NoReturn:
    abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
