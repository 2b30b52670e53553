"""Taking the rows of an import: chunk by chunk, each once, whoever dies meanwhile.

The count of a chunk and how far it reached are written in the transaction that stores
its responses. Who takes over reads the file again and skips what is done.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from auditapp.domain.canonical import canonical_json
from auditapp.domain.import_rows import ImportedResponse, ImportPlan
from auditapp.domain.month import local_date
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.gateways.text_tables import TextLayout
from auditapp.services.customers import find_or_add_customers
from auditapp.services.events import record_event
from auditapp.services.imports import DONE, FAILED, RUNNING, UPLOADED
from auditapp.services.responses import NewResponse, store_responses
from auditapp.store.responses import ImportRow

ABANDONED = "abandoned"
WAITED = timedelta(days=2)  # an upload nobody started, a run that cannot go on
FAULTS_KEPT = timedelta(days=30)
KEY_LENGTH = 40  # hexadecimal digits: 160 bits


@dataclass(frozen=True, slots=True)
class ImportRun:
    """An import as the one who runs it needs it; ``done_row`` is the last row taken."""

    import_id: UUID
    source: str
    storage_key: str
    kind: str
    layout: TextLayout
    heading: list[str]
    heading_row: int
    plan: ImportPlan
    language: str
    brought_on: date
    done_row: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows after ``after_row`` up to ``last_row``: sound ones with their keys."""

    after_row: int
    last_row: int
    responses: Sequence[tuple[str, ImportedResponse]]
    bad: int


def find_run(session: Session, import_id: UUID) -> ImportRun | None:
    """Return an import that is under way, None for one that is over."""
    row = session.get(ImportRow, import_id)
    if row is None or row.state != RUNNING:
        return None
    reading = row.reading
    return ImportRun(
        import_id=import_id,
        source=row.source,
        storage_key=row.storage_key,
        kind=reading["kind"],
        layout=TextLayout(reading["encoding"], reading["separator"]),
        heading=reading["heading"],
        heading_row=reading["heading_row"],
        plan=ImportPlan(tuple(reading["columns"]), reading["rating_scale"]),
        language=reading["language"],
        brought_on=local_date(row.requested_at),
        done_row=reading["done_row"],
    )


class ResponseKeys:
    """Names responses so that a file brought twice changes nothing.

    By the company's own id, else by what was said. Of customers without a number two
    may have said the same about the same day: they are told apart by counting.
    """

    def __init__(self, vault: PhoneVault) -> None:
        self._vault = vault
        self._seen: Counter[str] = Counter()

    def key_of(self, response: ImportedResponse) -> str:
        """Return the key; a keyed hash, since an id may be a telephone number."""
        if response.own_id is not None:
            return self._hashed(f"id\n{response.own_id}")
        content = canonical_json(
            [
                response.hall_id,
                response.happened_on.isoformat(),
                response.business,
                response.number,
                response.answers or response.score.score_milli,
                response.words,
            ]
        ).decode()
        if response.number is not None:
            return self._hashed(f"said\n{content}")
        name = self._hashed(f"said\n{content}")
        self._seen[name] += 1
        return self._hashed(f"{self._seen[name]}\n{content}")

    def _hashed(self, text: str) -> str:
        return f"import {self._vault.hash_of(text)[:KEY_LENGTH]}"


def take_chunk(
    session: Session, vault: PhoneVault, run: ImportRun, chunk: Chunk, *, now: datetime
) -> bool:
    """Store a chunk and count it; False when somebody else has gone on meanwhile."""
    row = session.scalar(
        select(ImportRow).where(ImportRow.import_id == run.import_id).with_for_update()
    )
    if (
        row is None
        or row.state != RUNNING
        or row.reading["done_row"] != chunk.after_row
    ):
        return False
    numbers = [(each.number, "") for _key, each in chunk.responses if each.number]
    customers = find_or_add_customers(session, vault, numbers, now=now)
    responses = [
        _new_response(run.source, key, each, customers, now)
        for key, each in chunk.responses
    ]
    new = len(store_responses(session, responses))
    months = Counter(row.reading.get("months", {}))
    months.update(each.month for each in responses)
    row.taken += new
    row.repeated += len(responses) - new
    row.bad += chunk.bad
    row.total_rows += len(responses) + chunk.bad
    row.reading = row.reading | {"done_row": chunk.last_row, "months": dict(months)}
    session.flush()
    return True


def finish_run(
    session: Session,
    run: ImportRun,
    faults_key: str | None,
    faults: dict[str, list[int]],
    *,
    now: datetime,
) -> None:
    """Write down that all rows were read; ``faults`` are counts and first rows."""
    row = session.get_one(ImportRow, run.import_id)
    row.state, row.faults_key, row.finished_at = DONE, faults_key, now
    row.reading = row.reading | {"faults": faults}
    session.flush()
    record_event(
        session,
        "import.finished",
        run.import_id,
        now=now,
        taken=row.taken,
        repeated=row.repeated,
        bad=row.bad,
    )


def forget_file(session: Session, import_id: UUID) -> None:
    """Write down that the file with its plain numbers was deleted."""
    session.get_one(ImportRow, import_id).storage_key = ""
    session.flush()


def find_leftovers(session: Session, *, now: datetime) -> list[tuple[UUID, list[str]]]:
    """Return the imports whose files have served, and the keys of those files."""
    over = ImportRow.state.in_([DONE, FAILED])
    is_late = and_(
        ImportRow.state.in_([UPLOADED, RUNNING]), ImportRow.requested_at < now - WAITED
    )
    has_old_faults = and_(over, ImportRow.finished_at < now - FAULTS_KEPT)
    rows = session.scalars(
        select(ImportRow).where(
            or_(
                and_(ImportRow.storage_key != "", or_(over, is_late)),
                and_(ImportRow.faults_key.is_not(None), has_old_faults),
            )
        )
    ).all()
    found = []
    for row in rows:
        is_old = row.finished_at is not None and row.finished_at < now - FAULTS_KEPT
        keys = [row.storage_key, row.faults_key if is_old else None]
        found.append((row.import_id, [key for key in keys if key]))
    return found


def put_away(
    session: Session, import_id: UUID, keys: Sequence[str], *, now: datetime
) -> None:
    """Write down that these files were deleted; what was not over is given up."""
    row = session.get_one(ImportRow, import_id)
    if row.faults_key in keys:
        row.faults_key = None
    if row.storage_key in keys:
        row.storage_key = ""
    if row.state not in (DONE, FAILED):
        row.state, row.error, row.finished_at = FAILED, ABANDONED, now
    session.flush()


def _new_response(
    source: str,
    key: str,
    each: ImportedResponse,
    customers: dict[str, UUID],
    now: datetime,
) -> NewResponse:
    return NewResponse(
        source=source,
        origin="import",
        origin_key=key,
        hall_id=each.hall_id,
        month=each.month,
        happened_on=each.happened_on,
        received_at=now,
        business=each.business,
        checklist_version=each.version,
        score_milli=each.score.score_milli,
        lost=each.score.lost,
        cause=each.score.cause,
        answers=each.answers,
        words=each.words,
        customer_id=customers[each.number] if each.number else None,
    )
