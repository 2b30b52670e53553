"""Photos sent from a desk (appeals, corrective actions), from form to storage."""

from collections.abc import Iterable

from werkzeug.datastructures import FileStorage

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text
from auditapp.gateways.storage import photo_key
from auditapp.services.evidence import StoredPhoto
from auditapp.web.bodies import MAGIC_BYTES, RECEIVED_BYTES, kind_of
from auditapp.web.wire import storage

MOST_PHOTOS = 3


def keep_photos(
    files: Iterable[FileStorage], most: int = MOST_PHOTOS
) -> list[StoredPhoto]:
    """Store each photo under its hash and return what they are; one chunk in memory.

    Raises:
        InvalidError: There are too many, or one is no photo.
    """
    sent = [file for file in files if file.filename]
    if len(sent) > most:
        too_many = Text(f"最多附{most}张照片。", f"At most {most} photos, please.")
        raise InvalidError([Problem("/photos", "too-many", too_many)])
    return [_keep(file) for file in sent]


def _keep(file: FileStorage) -> StoredPhoto:
    head = file.stream.read(MAGIC_BYTES)
    media_type = kind_of(head)
    if media_type is None:
        raise InvalidError([Problem("/photos", "no-photo", _NO_PHOTO)])
    with storage().incoming() as incoming:
        incoming.write(head)
        while chunk := file.stream.read(RECEIVED_BYTES):
            incoming.write(chunk)
        storage().keep(incoming, photo_key(incoming.sha256))
        return StoredPhoto(incoming.sha256, incoming.size, media_type)


_NO_PHOTO = Text("附件不是照片。", "One of the files is not a photo.")
