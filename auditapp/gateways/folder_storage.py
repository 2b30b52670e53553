"""Bytes in a folder of a local disk, durable before anyone is told so."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auditapp.gateways.object_storage import (
    CHUNK_BYTES,
    Incoming,
    Storage,
    StorageMissingError,
    told,
)


class FolderStorage(Storage):
    """A folder on a local disk: temporary name, fsync, rename, fsync of the folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        incoming_folder = root / "incoming"  # the same file system: rename is atomic
        incoming_folder.mkdir(parents=True, exist_ok=True)
        super().__init__(incoming_folder)

    def keep(self, incoming: Incoming, key: str) -> None:
        """Store what came in under ``key``; durable when this returns."""
        with told():
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
            with told():
                return (self._root / key).stat().st_size
        except StorageMissingError:
            return None

    def chunks(self, key: str) -> Iterator[bytes]:
        """Open ``key`` at once and read it piece by piece."""
        with told():
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
        with told():
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


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
