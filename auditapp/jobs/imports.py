"""Takes the rows of an imported file, and deletes files that have served."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from flask import current_app

from auditapp.domain.import_faults import fault_text
from auditapp.domain.import_rows import ResponseReader
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.fault_files import FaultFile, write_fault_workbook
from auditapp.gateways.response_files import XLSX
from auditapp.gateways.storage import CHUNK_BYTES, Storage
from auditapp.jobs.progress import Progress
from auditapp.services.import_files import faults_key
from auditapp.services.import_ground import Understood, load_ground, understand
from auditapp.services.import_runs import (
    Chunk,
    ImportRun,
    ResponseKeys,
    find_leftovers,
    find_run,
    finish_run,
    forget_file,
    put_away,
    take_chunk,
)
from auditapp.services.jobs import Job
from auditapp.services.responses import ask_for_scores

CHUNK_ROWS = 2000


def run(job: Job, progress: Progress) -> None:
    """Take the rows of one import from where it stands."""
    run_import(UUID(job.subject), progress)


def clear(_job: Job, _progress: Progress) -> None:
    """Delete what was abandoned, and rows to correct that nobody came for."""
    with reading() as session:
        leftovers = find_leftovers(session, now=datetime.now(UTC))
    for import_id, keys in leftovers:
        for key in keys:
            _storage().delete(key)
        with unit_of_work() as session:
            put_away(session, import_id, keys, now=datetime.now(UTC))


def run_import(import_id: UUID, progress: Progress) -> None:
    """Read the whole file, store what is not stored yet, keep the rows to correct."""
    with reading() as session:
        found = find_run(session, import_id)
        if found is None:
            return
        ground = load_ground(session, found.source, found.brought_on)
    reader = ResponseReader(found.plan, ground)
    with (
        _storage().local_copy(found.storage_key) as rows,
        TemporaryDirectory(prefix="auditapp-import-") as folder,
    ):
        tally = Tally(found, Path(folder, "faults.csv"))
        size = rows.stat().st_size
        understood = understand(rows, found.layout, found.heading_row, reader)
        try:
            is_ours = _take(found, tally.counted(understood), size, progress)
        finally:
            tally.file.close()
            with unit_of_work() as session:
                ask_for_scores(session, tally.touched, now=datetime.now(UTC))
        if not is_ours:
            return  # another worker goes on with it
        key = _keep_faults(found, tally, Path(folder))
    with unit_of_work() as session:
        finish_run(session, found, key, tally.faults, now=datetime.now(UTC))
    _storage().delete(found.storage_key)
    with unit_of_work() as session:
        forget_file(session, import_id)


class Tally:
    """What a file's rows have told so far; the rows to correct go to a file."""

    def __init__(self, run: ImportRun, path: Path) -> None:
        self.touched: set[tuple[str, str]] = set()  # month, hall
        self.faults: dict[str, list[int]] = {}  # column and code: count, first row
        self.file = FaultFile(path, run.heading, run.language)
        self._run = run

    def counted(self, rows: Iterable[Understood]) -> Iterator[Understood]:
        """Yield the rows as they are; take note of each."""
        for row in rows:
            if row.response:
                self.touched.add((row.response.month, row.response.hall_id))
            else:
                self._note(row)
            yield row

    def _note(self, row: Understood) -> None:
        heading, language = self._run.heading, self._run.language
        number = row.record.number
        said = [fault_text(fault, heading, language) for fault in row.faults]
        self.file.add(number, row.record.cells, said)
        for fault in row.faults:
            column = "" if fault.column is None else fault.column
            self.faults.setdefault(f"{column} {fault.code}", [0, number])[0] += 1


def _take(
    found: ImportRun, rows: Iterable[Understood], size: int, progress: Progress
) -> bool:
    """Store what lies behind the bookmark; False when somebody else moved it."""
    vault = current_app.extensions["phone_vault"]
    keys, after = ResponseKeys(vault), found.done_row
    stream = iter(rows)
    while batch := list(islice(stream, CHUNK_ROWS)):
        record = batch[-1].record
        # keys are made of every row: they count those that say the same
        named = [
            (keys.key_of(each.response), each.response) if each.response else None
            for each in batch
        ]
        new = [
            pair
            for each, pair in zip(batch, named, strict=True)
            if each.record.number > after
        ]
        if new:
            chunk = Chunk(after, record.number, [p for p in new if p], new.count(None))
            with unit_of_work() as session:
                if not take_chunk(session, vault, found, chunk, now=datetime.now(UTC)):
                    return False
            after = record.number
        total = round(record.number * size / max(record.offset, 1))
        progress(record.number, max(record.number, total))
    return True


def _keep_faults(found: ImportRun, tally: Tally, folder: Path) -> str | None:
    """Store the rows to correct in the file's own kind; None when there are none."""
    if not tally.file.count:
        return None
    path = tally.file.path
    if found.kind == XLSX:
        path = folder / "faults.xlsx"
        write_fault_workbook(tally.file.path, path)
    key = faults_key(found.import_id, found.kind)
    with _storage().incoming() as incoming, path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            incoming.write(piece)
        _storage().keep(incoming, key)
    return key


def _storage() -> Storage:
    storage: Storage = current_app.extensions["storage"]
    return storage
