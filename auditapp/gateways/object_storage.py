"""Where bytes live: a local folder or an S3-compatible service, behind one face.

What comes in goes to a temporary file, hashed on the way. ``keep`` puts it under its
key, all or nothing, and returns only when it would survive a power cut. Keys are made
by the server, never taken from a client.
"""

import errno
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Self

from obstore.exceptions import BaseError, NotFoundError

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
def told() -> Iterator[None]:
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
        with told():
            self.path = folder / f"{token_hex(16)}.part"
            self.file = self.path.open("xb", buffering=0)
        self.size = 0
        self._hash = sha256()

    def write(self, chunk: bytes) -> None:
        """Append some bytes."""
        with told():
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
