"""What a month's last full run left for everybody: codes, anchors, peers, bands."""

import json
import zlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.canonical import canonical_json
from auditapp.store.months import MonthRow

Model = dict[str, Any]


def read_model(session: Session, month: str) -> Model | None:
    """Return the month's model; None before a full run."""
    packed = session.scalar(select(MonthRow.model).where(MonthRow.month == month))
    return unpack_document(packed) if packed else None


def pack_document(document: object) -> bytes:
    """Return a document as canonical JSON, compressed as months and ledgers hold it."""
    return pack_content(canonical_json(document))


def pack_content(content: bytes) -> bytes:
    """Return a document that was made canonical before, compressed likewise."""
    return zlib.compress(content)


def unpack_document(packed: bytes) -> dict[str, Any]:
    """Return a document that ``pack_document`` packed.

    Raises:
        ValueError: The bytes are not that.
    """
    try:
        document: dict[str, Any] = json.loads(zlib.decompress(packed))
    except zlib.error as error:
        raise ValueError from error
    return document
