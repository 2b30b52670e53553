"""Where bytes live: a local folder or an S3-compatible service, behind one face.

What comes in goes to a temporary file, hashed on the way. ``keep`` puts it under its
key, all or nothing, and returns only when it would survive a power cut. Keys are made
by the server, never taken from a client.
"""

import errno
import os
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from auditapp.domain.errors import FullError, UnavailableError

CHUNK_BYTES = 64 * 1024
LEFTOVER_SECONDS = 3600  # no upload lasts that long: its sender is gone
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StorageError(UnavailableError):
    """The storage cannot be reached or fails; trying again later may help."""

    code = "storage-unavailable"


class StorageFullError(FullError):
    """There is no room left."""


class StorageMissingError(StorageError):
    """Nothing is stored under this key."""


def photo_key(sha256_hex: str) -> str:
    """Return where a photo's original bytes live."""
    return f"originals/{sha256_hex[:2]}/{sha256_hex}"


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the file system or the service says into our own errors."""
    try:
        yield
    except (FileNotFoundError, NotFoundError) as error:
        raise StorageMissingError from error
    except OSError as error:
        raise (StorageFullError if error.errno in FULL else StorageError) from error
    except BaseError as error:
        raise StorageError from error


class Incoming:
    """A temporary file that knows size and SHA-256 of what was written so far."""

    def __init__(self, folder: Path) -> None:
        with _told():
            self.path = folder / f"{token_hex(16)}.part"
            self.file = self.path.open("xb", buffering=0)
        self.size = 0
        self._hash = sha256()

    def write(self, chunk: bytes) -> None:
        """Append some bytes."""
        with _told():
            rest = memoryview(chunk)
            while rest:  # a disk that fills up takes a part of it
                rest = rest[self.file.write(rest) :]
        self._hash.update(chunk)
        self.size += len(chunk)

    @property
    def sha256(self) -> str:
        """Return the hash of what was written so far, in hexadecimal."""
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.file.close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


class Storage(ABC):
    """Bytes by key; everything raises ``StorageError`` when it cannot."""

    def __init__(self, incoming_folder: Path) -> None:
        self._incoming_folder = incoming_folder

    def incoming(self) -> Incoming:
        """Open a temporary file; it is gone when its ``with`` ends, unless kept."""
        return Incoming(self._incoming_folder)

    def put(self, key: str, content: bytes) -> None:
        """Keep bytes that are in memory already."""
        with self.incoming() as incoming:
            incoming.write(content)
            self.keep(incoming, key)

    def clear_leftovers(self, *, older_than_seconds: float = LEFTOVER_SECONDS) -> int:
        """Delete what uploads of killed processes left behind; return how many."""
        limit = time.time() - older_than_seconds
        cleared = 0
        for path in self._incoming_folder.glob("*.part"):
            with suppress(FileNotFoundError):  # another process clears too
                if path.stat().st_mtime < limit:
                    path.unlink()
                    cleared += 1
        return cleared

    @abstractmethod
    def keep(self, incoming: Incoming, key: str) -> None:
        """Store what came in under ``key``; durable when this returns."""

    @abstractmethod
    def find_size(self, key: str) -> int | None:
        """Return how many bytes are stored under ``key``; None when nothing is."""

    @abstractmethod
    def chunks(self, key: str) -> Iterator[bytes]:
        """Open ``key`` at once and read it piece by piece."""

    @abstractmethod
    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """Lend a file with the bytes, for programs that want a path; read only."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Forget ``key``; it may be gone already."""

    @abstractmethod
    def check(self) -> None:
        """Raise ``StorageError`` unless bytes can be stored right now."""


class FolderStorage(Storage):
    """A folder on a local disk: temporary name, fsync, rename, fsync of the folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        incoming_folder = root / "incoming"  # the same file system: rename is atomic
        incoming_folder.mkdir(parents=True, exist_ok=True)
        super().__init__(incoming_folder)

    def keep(self, incoming: Incoming, key: str) -> None:
        """Store what came in under ``key``; durable when this returns."""
        with _told():
            target = self._root / key
            os.fsync(incoming.file.fileno())
            try:
                incoming.path.rename(target)
            except FileNotFoundError:
                self._make_folder(target.parent)
                incoming.path.rename(target)
            _sync_folder(target.parent)

    def find_size(self, key: str) -> int | None:
        """Return how many bytes are stored under ``key``; None when nothing is."""
        try:
            with _told():
                return (self._root / key).stat().st_size
        except StorageMissingError:
            return None

    def chunks(self, key: str) -> Iterator[bytes]:
        """Open ``key`` at once and read it piece by piece."""
        with _told():
            file = (self._root / key).open("rb")

        def read() -> Iterator[bytes]:
            with file:
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk

        return read()

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """Lend a file with the bytes, for programs that want a path; read only."""
        if self.find_size(key) is None:
            raise StorageMissingError
        yield self._root / key

    def delete(self, key: str) -> None:
        """Forget ``key``; it may be gone already."""
        with _told():
            (self._root / key).unlink(missing_ok=True)

    def check(self) -> None:
        """Raise ``StorageError`` unless bytes can be stored right now."""
        with self.incoming() as incoming:
            incoming.write(b"ready?")

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        while folder != self._root:
            folder = folder.parent
            _sync_folder(folder)


class S3Storage(Storage):
    """A bucket of an S3-compatible service; large files go up in parts."""

    def __init__(self, store: S3Store, incoming_folder: Path) -> None:
        self._store = store
        incoming_folder.mkdir(parents=True, exist_ok=True)
        super().__init__(incoming_folder)

    def keep(self, incoming: Incoming, key: str) -> None:
        """Store what came in under ``key``; durable when this returns."""
        with _told():
            obstore.put(self._store, key, incoming.path)

    def find_size(self, key: str) -> int | None:
        """Return how many bytes are stored under ``key``; None when nothing is."""
        try:
            with _told():
                return obstore.head(self._store, key)["size"]
        except StorageMissingError:
            return None

    def chunks(self, key: str) -> Iterator[bytes]:
        """Open ``key`` at once and read it piece by piece."""
        with _told():
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
        with suppress(StorageMissingError), _told():
            obstore.delete(self._store, key)

    def check(self) -> None:
        """Raise ``StorageError`` unless bytes can be stored right now."""
        self.find_size("ready?")


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
            _bucket(url), Path(tempfile.gettempdir(), "auditapp-incoming")
        )
    else:
        message = f"STORAGE_URL is {url!r}; write file:///folder or s3://bucket?…"
        raise ValueError(message)
    storage.clear_leftovers()
    return storage


def _bucket(url: str) -> S3Store:
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


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
