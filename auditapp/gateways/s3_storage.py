"""Bytes in a bucket of an S3-compatible service."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.store import S3Store

from auditapp.gateways.object_storage import (
    CHUNK_BYTES,
    Incoming,
    Storage,
    StorageMissingError,
    told,
)


class S3Storage(Storage):
    """A bucket of an S3-compatible service; large files go up in parts."""

    def __init__(self, store: S3Store, incoming_folder: Path) -> None:
        self._store = store
        incoming_folder.mkdir(parents=True, exist_ok=True)
        super().__init__(incoming_folder)

    def keep(self, incoming: Incoming, key: str) -> None:
        """Store what came in under ``key``; durable when this returns."""
        with told():
            obstore.put(self._store, key, incoming.path)

    def find_size(self, key: str) -> int | None:
        """Return how many bytes are stored under ``key``; None when nothing is."""
        try:
            with told():
                return obstore.head(self._store, key)["size"]
        except StorageMissingError:
            return None

    def chunks(self, key: str) -> Iterator[bytes]:
        """Open ``key`` at once and read it piece by piece."""
        with told():
            stream = obstore.get(self._store, key).stream(min_chunk_size=CHUNK_BYTES)
        return (bytes(chunk) for chunk in stream)

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """Lend a file with the bytes, for programs that want a path; read only."""
        with self.incoming() as copy:
            for chunk in self.chunks(key):
                copy.write(chunk)
            yield copy.path

    def delete(self, key: str) -> None:
        """Forget ``key``; it may be gone already."""
        with suppress(StorageMissingError), told():
            obstore.delete(self._store, key)

    def check(self) -> None:
        """Raise ``StorageError`` unless bytes can be stored right now."""
        self.find_size("ready?")


def open_bucket(url: str) -> S3Store:
    """Name the bucket of ``s3://…``; nothing is sent yet."""
    parts = urlsplit(url)
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    endpoint = options.get("endpoint")
    bucket = parts.netloc.rpartition("@")[2]  # hostname would lose capitals
    return S3Store(
        bucket,
        prefix=options.get("prefix"),
        config={
            **({"endpoint": endpoint} if endpoint else {}),
            **({"region": options["region"]} if "region" in options else {}),
            **({"access_key_id": unquote(parts.username)} if parts.username else {}),
            **(
                {"secret_access_key": unquote(parts.password)} if parts.password else {}
            ),
        },
        client_options={
            "allow_http": bool(endpoint and endpoint.startswith("http://")),
            "connect_timeout": timedelta(seconds=3),
            "timeout": timedelta(seconds=30),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=10)},
    )
