"""A rescue file: an audit and its photos as one zip, made by a phone in need.

Anyone may make one, so nothing in it is believed: names must be exactly those the phone
writes, sizes are counted while unpacking, and a pair of readers that would see
different entries (two of one name) is refused.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text

MOST_ENTRIES = 201  # the document and 200 photos
LARGEST_PHOTO_BYTES = 12 * 1024 * 1024
LARGEST_DOCUMENT_BYTES = 1024 * 1024
LARGEST_TOTAL_BYTES = 256 * 1024 * 1024
HIGHEST_RATIO = 50  # photos hardly shrink; a bomb does
CHUNK_BYTES = 64 * 1024

DOCUMENT = "audit.json"
PHOTO = re.compile(r"evidence/([0-9a-f]{64})\.(?:jpg|png|webp|heic)", re.ASCII)
BROKEN = (
    BadZipFile,
    EOFError,
    LargeZipFile,
    NotImplementedError,
    OSError,
    RuntimeError,  # encrypted
    ValueError,
    zlib.error,
)
NOT_A_RESCUE_FILE = Problem(
    "",
    "not-a-rescue-file",
    Text(
        "这不是手机保存的救援文件，或者已经损坏。请在手机上重新保存一份。",
        "This is not a rescue file saved by the phone, or it is damaged. Please save it"
        " again on the phone.",
    ),
)


class RescueFile:
    """An open rescue file whose table of contents was found sound."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.photos: dict[str, ZipInfo] = {}
        for entry in archive.infolist():
            match = PHOTO.fullmatch(entry.filename)
            if match:
                self.photos[match[1]] = entry

    def document(self) -> bytes:
        """Return the audit document as the phone wrote it.

        Raises:
            InvalidError: It is damaged.
        """
        entry = self._archive.getinfo(DOCUMENT)
        return b"".join(self._pieces(entry, LARGEST_DOCUMENT_BYTES))

    def photo(self, sha256: str) -> Iterator[bytes]:
        """Unpack one photo piece by piece.

        Raises:
            InvalidError: It is damaged or too large.
        """
        return self._pieces(self.photos[sha256], LARGEST_PHOTO_BYTES)

    def _pieces(self, entry: ZipInfo, limit: int) -> Iterator[bytes]:
        try:
            with self._archive.open(entry) as file:
                while piece := file.read(CHUNK_BYTES):
                    limit -= len(piece)
                    if limit < 0:
                        raise InvalidError([NOT_A_RESCUE_FILE])
                    yield piece
        except BROKEN as error:
            raise InvalidError([NOT_A_RESCUE_FILE]) from error


@contextmanager
def open_rescue_file(path: Path) -> Iterator[RescueFile]:
    """Open a rescue file.

    Raises:
        InvalidError: It is no zip, or holds anything but one document and its photos.
    """
    try:
        archive = ZipFile(path)
    except BROKEN as error:
        raise InvalidError([NOT_A_RESCUE_FILE]) from error
    with archive:
        if not _is_sound(archive.infolist()):
            raise InvalidError([NOT_A_RESCUE_FILE])
        yield RescueFile(archive)


def _is_sound(entries: list[ZipInfo]) -> bool:
    names = [entry.filename for entry in entries]
    return (
        len(names) <= MOST_ENTRIES
        and len(set(names)) == len(names)
        and DOCUMENT in names
        and all(name == DOCUMENT or PHOTO.fullmatch(name) for name in names)
        and all(_is_honest(entry) for entry in entries)
        and sum(entry.file_size for entry in entries) <= LARGEST_TOTAL_BYTES
    )


def _is_honest(entry: ZipInfo) -> bool:
    limit = (
        LARGEST_DOCUMENT_BYTES if entry.filename == DOCUMENT else LARGEST_PHOTO_BYTES
    )
    return (
        entry.compress_type in {ZIP_STORED, ZIP_DEFLATED}
        and entry.file_size <= limit
        and entry.file_size <= max(entry.compress_size, 1) * HIGHEST_RATIO
    )
