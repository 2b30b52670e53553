"""Holding a closed month against what is stored: digits, digests and the chain."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.canonical import canonical_json, digest
from auditapp.domain.errors import NotFoundError
from auditapp.domain.ledger_difference import LedgerChange, difference
from auditapp.domain.month import later
from auditapp.domain.policy import read_policy
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.month_closing import Waiting, waiting_evidence
from auditapp.reads.month_evidence import read_states
from auditapp.reads.month_model import unpack_document
from auditapp.services.month_recompute import Frozen, recompute, states_of
from auditapp.services.months import Progress, silent
from auditapp.services.tallies import check_tallies
from auditapp.store.months import LedgerLineRow, LedgerRow

CHUNK = 500
Document = Mapping[str, Any]


@dataclass(slots=True)
class Verification:
    """What came of verifying one ledger; ``differences`` are sentences in English.

    ``waiting`` is evidence that came after the month was closed: no difference, it
    counts from the next reopening on.
    """

    month: str
    number: int
    digest: str
    halls: int = 0
    differences: list[str] = field(default_factory=list)
    waiting: Waiting = field(default_factory=Waiting)


def verify_month(
    session: Session,
    month: str,
    number: int | None = None,
    *,
    progress: Progress = silent,
) -> Verification:
    """Recompute a ledger, by default the last one, and name every difference.

    Raises:
        NotFoundError: The month was never closed.
    """
    statement = select(LedgerRow).where(LedgerRow.month == month)
    if number is not None:
        statement = statement.where(LedgerRow.number == number)
    row = session.scalars(statement.order_by(LedgerRow.number.desc()).limit(1)).first()
    if row is None:
        raise NotFoundError
    result = Verification(month, row.number, row.digest)
    header = json.loads(row.header)
    result.differences += _chain(session, row, header)
    lines = _digests(session, row)
    result.halls = len(lines)
    if digest(lines) != header["lines"]:
        result.differences.append("the list of halls is not the one that was frozen")
    model = unpack_document(row.model)
    if digest(model) != header["model"]:
        result.differences.append("the network model is not the one that was frozen")
    frozen = Frozen(
        month,
        read_policy(header["policy"]["document"]),
        model,
        get_catalogue(session),
        datetime.fromisoformat(header["evidence_until"]),
    )
    for start in range(0, len(lines), CHUNK):
        halls = [hall for hall, _digest in lines[start : start + CHUNK]]
        result.differences += _verify_halls(session, frozen, row, header, halls)
        progress(min(start + CHUNK, len(lines)), len(lines))
    result.differences += [
        f"{fault.hall_id} {fault.source}: the tally says {fault.tallied[0]} responses"
        f" and {fault.tallied[1]} milli-points, the responses {fault.counted[0]} and"
        f" {fault.counted[1]}"
        for fault in check_tallies(session, month)
    ]
    result.waiting = waiting_evidence(session, month)
    return result


def _chain(session: Session, row: LedgerRow, header: Document) -> Iterator[str]:
    """Yield what is wrong with the header and its place among the others."""
    if sha256(row.header).hexdigest() != row.digest:
        yield f"the header of ledger {row.number} is not what its digest says"
    if header["policy"]["digest"] != digest(header["policy"]["document"]):
        yield "the policy is not what its digest says"
    chain = [
        ("", ""),
        *(
            (each.digest, each.previous_digest)
            for each in session.execute(
                select(LedgerRow.digest, LedgerRow.previous_digest).order_by(
                    LedgerRow.closed_at, LedgerRow.month, LedgerRow.number
                )
            )
        ),
    ]
    for (before, _previous), (name, previous) in pairwise(chain):
        is_own = name == row.digest
        if previous != before or (is_own and header["previous"] != before):
            yield f"the chain is broken before ledger {name[:12]}…"


def _digests(session: Session, row: LedgerRow) -> list[list[str]]:
    rows = session.execute(
        select(LedgerLineRow.hall_id, LedgerLineRow.digest)
        .where(LedgerLineRow.month == row.month, LedgerLineRow.number == row.number)
        .order_by(LedgerLineRow.hall_id)
    )
    return sorted([hall_id, name] for hall_id, name in rows)


def _verify_halls(
    session: Session,
    frozen: Frozen,
    row: LedgerRow,
    header: Document,
    halls: Sequence[str],
) -> Iterator[str]:
    documents = []
    for hall_id, name, packed in _lines(session, row.month, row.number, halls):
        document = _readable(packed)
        if document is None:
            yield f"{hall_id}: the frozen document cannot be read"
            continue
        documents.append(document)
        if sha256(canonical_json(document)).hexdigest() != name:
            yield f"{hall_id}: the frozen document is not what its digest says"
    states = _states_before(session, row.month, header["before"]["number"], halls)
    again, faults = recompute(session, frozen, documents, states)
    yield from faults
    for document, made in zip(documents, again, strict=True):
        if document != made:
            yield from _told(document, made)


def _lines(
    session: Session, month: str, number: int, halls: Sequence[str]
) -> Iterator[tuple[str, str, bytes]]:
    rows = session.execute(
        select(LedgerLineRow.hall_id, LedgerLineRow.digest, LedgerLineRow.document)
        .where(
            LedgerLineRow.month == month,
            LedgerLineRow.number == number,
            LedgerLineRow.hall_id.in_(halls),
        )
        .order_by(LedgerLineRow.hall_id)
    )
    return ((row.hall_id, row.digest, row.document) for row in rows)


def _readable(packed: bytes) -> dict[str, Any] | None:
    try:
        return unpack_document(packed)
    except ValueError:
        return None


def _states_before(
    session: Session, month: str, number: int, halls: Sequence[str]
) -> dict[str, bytes]:
    """Return what the adjusted scores started from: a ledger, or what stands now."""
    earlier = later(month, -1)
    if number == 0:
        return read_states(session, earlier, halls)
    packed = [line[2] for line in _lines(session, earlier, number, halls)]
    return states_of([each for each in map(_readable, packed) if each is not None])


def _told(document: Document, made: Document) -> Iterator[str]:
    """Yield a hall's differences; whatever no rule names is named as a part."""
    hall = document["hall"]
    changes = difference(document, made)
    yield from (f"{hall}: {_sentence(change)}" for change in changes)
    for part in document:
        if not changes and document[part] != made[part]:
            yield f"{hall}: {part} was frozen differently"


def _sentence(change: LedgerChange) -> str:
    about = " ".join(filter(None, [change.source, change.subject]))
    return f"{change.kind} {about}: frozen {change.before}, recomputed {change.after}"
