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


def packed(read: ReadStandard, document: dict[str, Any]) -> str:
    """Return a document and its origin as one field of a form."""
    content = {"document": document, "origin": asdict(read.origin)}
    return b64encode(zlib.compress(json.dumps(content).encode(), 9)).decode()


def unpacked(field: str) -> ReadStandard:
    """Return what ``packed`` has put into a form.

    Raises:
        InvalidError: It is something else.
    """
    try:
        opener = zlib.decompressobj()
        content = opener.decompress(b64decode(field, validate=True), _LARGEST_BYTES)
        said = read_json(content)
        document, origin = said["document"], said["origin"]
        texts = {k: str(origin[k]) for k in ("checklist", "version", "draft")}
        found = Origin(**texts, revision=int(origin["revision"]))
        return ReadStandard({**document}, found)
    except (ValueError, TypeError, KeyError, zlib.error, MalformedError) as error:
        raise InvalidError([Problem("/payload", "no-payload", _LOST)]) from error
