"""A file of responses as it arrives: told apart, its rows kept under a name of ours."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from auditapp.domain.phone_number import without_numbers
from auditapp.gateways.response_files import XLSX, ResponseFile, examine_file
from auditapp.gateways.storage import Incoming, Storage
from auditapp.services.import_ground import Beginning, begin_reading

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class NewImport:
    """A file as it was received; its rows lie in the storage under ``storage_key``."""

    import_id: UUID
    source: str
    file_name: str
    file_sha256: str
    size_bytes: int
    file: ResponseFile
    beginning: Beginning

    @property
    def storage_key(self) -> str:
        """Return where the rows lie: a name of ours, never the client's."""
        return rows_key(self.import_id)

    @property
    def shown_name(self) -> str:
        """Return the client's name as it may be shown: no path, no number in it."""
        last = PurePath(self.file_name.replace("\\", "/")).name
        plain = "".join(each for each in last if each.isprintable())
        return without_numbers(plain)[-LONGEST_NAME:] or "?"


def rows_key(import_id: UUID) -> str:
    """Return where the rows of an import lie until it has finished."""
    return f"imports/{import_id}/rows"


def faults_key(import_id: UUID, kind: str) -> str:
    """Return where the rows to correct lie."""
    return f"imports/{import_id}/faults.{kind}"


def receive_file(
    session: Session,
    storage: Storage,
    incoming: Incoming,
    source: str,
    file_name: str,
    *,
    now: datetime,
) -> NewImport:
    """Tell what a file is and keep its rows; nothing is written down yet.

    The session asks the database only when the file was read, however long that took.

    Raises:
        InvalidError: It is no table that can be read, or no questions are published.
    """
    import_id = uuid4()
    with storage.incoming() as converted:
        file = examine_file(incoming.path, converted.path)
        kept = converted if file.kind == XLSX else incoming
        beginning = begin_reading(session, source, kept.path, file.layout, now)
        storage.keep(kept, rows_key(import_id))
    return NewImport(
        import_id=import_id,
        source=source,
        file_name=file_name,
        file_sha256=incoming.sha256,
        size_bytes=incoming.size,
        file=file,
        beginning=beginning,
    )
