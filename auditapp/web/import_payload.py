"""A document that was read, carried by its preview until it is taken in."""

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import asdict
from typing import Any

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.json_text import MalformedError, read_json
from auditapp.domain.text import Text
from auditapp.gateways.standard_files.model import Origin, ReadStandard

_LARGEST_BYTES = 4 * 2**20
_LOST = Text(
    "页面里的文件内容不完整，请重新选择文件。",
    "What the page held of the file is not complete. Choose the file again.",
)


class LostPayloadError(InvalidError):
    """What a page carried did not come back as it was."""

    def __init__(self) -> None:
        super().__init__([Problem("/payload", "no-payload", _LOST)])


def packed(read: ReadStandard, document: dict[str, Any]) -> str:
    """Return a document and its origin as one field of a form."""
    return packed_json({"document": document, "origin": asdict(read.origin)})


def packed_json(content: Any) -> str:  # noqa: ANN401  whatever JSON holds
    """Return what a preview carries, as one field of a form."""
    return b64encode(zlib.compress(json.dumps(content).encode(), 9)).decode()


def unpacked(field: str) -> ReadStandard:
    """Return what ``packed`` has put into a form.

    Raises:
        LostPayloadError: It is something else.
    """
    try:
        said = unpacked_json(field)
        document, origin = said["document"], said["origin"]
        texts = {k: str(origin[k]) for k in ("checklist", "version", "draft")}
        found = Origin(**texts, revision=int(origin["revision"]))
        return ReadStandard({**document}, found)
    except (ValueError, TypeError, KeyError) as error:
        raise LostPayloadError from error


def unpacked_json(field: str) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return what ``packed_json`` has put into a form.

    Raises:
        LostPayloadError: It is something else.
    """
    try:
        opener = zlib.decompressobj()
        content = opener.decompress(b64decode(field, validate=True), _LARGEST_BYTES)
        return read_json(content)
    except (ValueError, zlib.error, MalformedError) as error:
        raise LostPayloadError from error
