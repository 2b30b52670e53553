"""Which storage an installation uses; everything about storages in one place."""

import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from auditapp.gateways.folder_storage import FolderStorage
from auditapp.gateways.object_storage import (
    CHUNK_BYTES,
    Incoming,
    Storage,
    StorageError,
    StorageFullError,
    StorageMissingError,
    photo_key,
)
from auditapp.gateways.s3_storage import S3Storage, open_bucket

__all__ = [
    "CHUNK_BYTES",
    "Incoming",
    "Storage",
    "StorageError",
    "StorageFullError",
    "StorageMissingError",
    "open_storage",
    "photo_key",
]


def open_storage(url: str) -> Storage:
    """Open ``file:///folder`` or ``s3://bucket?endpoint=…&region=…&prefix=…``.

    Credentials of S3 come from ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``, or
    stand before the bucket as in ``s3://key:secret@bucket``.
    """
    parts = urlsplit(url)
    storage: Storage
    if parts.scheme == "file":
        storage = FolderStorage(Path(unquote(parts.path)))
    elif parts.scheme == "s3" and parts.hostname:
        storage = S3Storage(
            open_bucket(url), Path(tempfile.gettempdir(), "auditapp-incoming")
        )
    else:
        message = f"STORAGE_URL is {url!r}; write file:///folder or s3://bucket?…"
        raise ValueError(message)
    storage.clear_leftovers()
    return storage
