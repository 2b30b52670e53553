"""What the rows of an imported file are read against, and how a file is begun."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.customer_import import (
    find_heading,
    heading_digest,
    import_fields,
    suggest_columns,
)
from auditapp.domain.customer_response import script_of
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.import_faults import ImportFault
from auditapp.domain.import_rows import ImportedResponse, ImportGround, ResponseReader
from auditapp.domain.month import month_of
from auditapp.domain.text import Text
from auditapp.gateways.text_tables import Record, TextLayout, read_records
from auditapp.reads.words import find_words
from auditapp.services.checklists import get_version_in_force
from auditapp.store.checklists import ChecklistVersionRow
from auditapp.store.organisation import HallRow
from auditapp.store.responses import ColumnMappingRow

HEADING_RECORDS = 12
_NO_QUESTIONS = Text(
    "还没有发布这种来源的问卷，请先让管理员发布。",
    "No questions of this source are published yet; ask the administrator to publish"
    " them.",
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a file begins: its heading, the heading's row number, what columns may be."""

    heading: list[str]
    heading_row: int
    columns: list[str]


@dataclass(frozen=True, slots=True)
class Understood:
    """One row of a file: its response, or why there is none."""

    record: Record
    response: ImportedResponse | None
    faults: list[ImportFault]


def current_script(session: Session, source: str, now: datetime) -> dict[str, Any]:
    """Return the questions of a source that are in force now.

    Raises:
        InvalidError: None are published.
    """
    try:
        version = get_version_in_force(session, source, month_of(now))
    except NotFoundError as error:
        problem = Problem("/source", "no-questions", _NO_QUESTIONS)
        raise InvalidError([problem]) from error
    return script_of(version.checklist, version.vocabulary)


def begin_reading(
    session: Session, source: str, path: Path, layout: TextLayout, now: datetime
) -> Beginning:
    """Find a file's heading and guess its columns, as they were chosen before.

    Raises:
        InvalidError: No questions of this source are published.
    """
    fields = import_fields(current_script(session, source, now))
    records = []
    for record in read_records(path, layout):
        records.append(record)
        if len(records) == HEADING_RECORDS:
            break
    index = find_heading([record.cells for record in records], fields)
    heading = [" ".join(cell.split()) for cell in records[index].cells]
    row = session.get(ColumnMappingRow, (source, heading_digest(heading)))
    kept = row.columns if row else {}
    columns = suggest_columns(heading, fields, kept)
    return Beginning(heading, records[index].number, columns)


def load_ground(session: Session, source: str, today: date) -> ImportGround:
    """Gather halls, businesses and the questions of every month."""
    months = session.scalars(
        select(ChecklistVersionRow.effective_month)
        .where(ChecklistVersionRow.source == source)
        .distinct()
        .order_by(ChecklistVersionRow.effective_month.desc())
    )
    scripts = []
    for month in months:
        version = get_version_in_force(session, source, month)
        script = script_of(version.checklist, version.vocabulary)
        scripts.append((month, (version.checklist.version, script)))
    words = find_words(session)
    scenarios = words.scenarios.items() if words else ()
    return ImportGround(
        halls=_halls(session),
        businesses={
            said.casefold(): key
            for key, word in scenarios
            for said in (key, word.name.zh, word.name.en)
        },
        script_in=lambda month: next(
            (found for start, found in scripts if start <= month), None
        ),
        today=today,
    )


def understand(
    path: Path, layout: TextLayout, heading_row: int, reader: ResponseReader
) -> Iterator[Understood]:
    """Yield what every row below the heading says; rows without a word are left out."""
    for record in read_records(path, layout):
        if record.number <= heading_row or not any(map(str.strip, record.cells)):
            continue
        if record.fault:
            yield Understood(record, None, [ImportFault(None, record.fault)])
        else:
            yield Understood(record, *reader.read(record.cells))


def _halls(session: Session) -> dict[str, str | None]:
    """Return hall ids by number and by name; a number wins over a name."""
    rows = session.execute(select(HallRow.hall_id, HallRow.name_zh, HallRow.name_en))
    ids: dict[str, str | None] = {}
    names: dict[str, str | None] = {}
    for hall_id, *called in rows:
        ids[hall_id] = ids[hall_id.casefold()] = hall_id
        for name in {each.casefold() for each in called}:
            names[name] = None if name in names else hall_id
    return names | ids
