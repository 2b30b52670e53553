"""Closing a month: its ledger is frozen and chained to the one closed before.

All is read in one snapshot and computed before anything is written. What arrives later
waits for a reopening.
"""

import base64
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.canonical import canonical_json, digest
from auditapp.domain.month import later, month_of
from auditapp.domain.month_life import MonthState, check_closing, require_headquarters
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.month_customers import counted_customers
from auditapp.reads.month_documents import DocumentSources, hall_documents
from auditapp.reads.month_inputs import MonthInputs, read_inputs
from auditapp.reads.month_model import pack_content, pack_document
from auditapp.reads.policies import get_policy_in_force
from auditapp.services.events import record_event
from auditapp.services.frozen_month import (
    FrozenHall,
    FrozenMonth,
    count_in,
    header_of,
    no_totals,
)
from auditapp.services.jobs import request_job
from auditapp.services.month_life import hold_month
from auditapp.services.months import (
    MonthRun,
    Progress,
    compute_through,
    keep_month,
    score_earlier,
    silent,
)
from auditapp.services.releases import release_accepted
from auditapp.services.tallies import repair_tallies
from auditapp.store.bulk import insert_rows
from auditapp.store.contention import table_of
from auditapp.store.months import LedgerLineRow, LedgerRow, MonthRow

LINES = table_of(LedgerLineRow)
LINE_COLUMNS = (
    "month",
    "number",
    "hall_id",
    "digest",
    "official_digest",
    "document",
)
CHUNK = 500


class Closed(NamedTuple):
    """A new ledger: its number within the month and the digest that names it."""

    number: int
    digest: str


def request_closing(session: Session, actor: Actor, month: str, now: datetime) -> UUID:
    """Ask for a month to be closed and return the job.

    Raises:
        ForbiddenError: Only headquarters closes.
        NotFoundError: That is no month.
        MonthClosedError, MonthNotOverError: The month cannot be closed now.
    """
    require_headquarters(actor)
    _check(hold_month(session, month, now), now)
    return request_job(
        session, "month.close", month, now=now, requested_by=actor.person_id
    )


def prepare_closing(session: Session, month: str, *, now: datetime) -> int:
    """Score earlier months that never were, and roll up again what disagrees.

    Returns how many tallies disagreed with their responses.

    Raises:
        MonthClosedError, MonthNotOverError: The month cannot be closed now.
    """
    row = hold_month(session, month, now)
    _check(row, now)
    score_earlier(session, month, now=now)
    faults = repair_tallies(session, month)
    for fault in faults:
        record_event(
            session,
            "tally.repaired",
            f"{month} {fault.hall_id}",
            now=now,
            **_told(fault),
        )
    return len(faults)


def freeze_month(
    session: Session, month: str, *, now: datetime, progress: Progress = silent
) -> FrozenMonth:
    """Score a month and make every hall's document; nothing is written.

    The session must read one snapshot. Responses received up to ``now`` count.
    """
    *_earlier, run = compute_through(session, month, now=now)
    policy = get_policy_in_force(session, month)
    frozen = FrozenMonth(run, policy, _before(session, month), [], no_totals())
    total = len(run.scores)
    for document in _documents(session, run):
        content = canonical_json(document)
        count_in(frozen.totals, document)
        frozen.halls.append(
            FrozenHall(
                document["hall"],
                sha256(content).hexdigest(),
                digest(document | {"adjusted": None, "peers": None}),
                pack_content(content),
            )
        )
        if len(frozen.halls) % CHUNK == 0:
            progress(len(frozen.halls), total)
    return frozen


def keep_ledger(
    session: Session, frozen: FrozenMonth, *, now: datetime, actor: Actor | None
) -> Closed:
    """Close the month with its ledger and return which that is.

    Halls read closed months, so what was accepted is released with it. ``actor`` is
    None on the command line.

    Raises:
        ForbiddenError: Only headquarters closes.
        MonthClosedError, MonthNotOverError: The month cannot be closed now.
    """
    if actor is not None:
        require_headquarters(actor)
    month = frozen.run.month
    row = hold_month(session, month, now)
    _check(row, now)
    keep_month(session, frozen.run, now=now)
    number = row.ledger_number + 1
    previous = _last_digest(session)
    header = header_of(frozen, number, previous)
    content = canonical_json(header)
    name = sha256(content).hexdigest()
    who = actor.person_id if actor else None
    session.add(
        LedgerRow(
            month=month,
            number=number,
            digest=name,
            previous_digest=previous,
            header=content,
            model=pack_document(frozen.run.model),
            reason=row.reason if number > 1 else None,
            closed_at=frozen.run.started_at,
            closed_by=who,
        )
    )
    session.flush()
    insert_rows(
        session.connection(),
        LINES,
        LINE_COLUMNS,
        ((month, number, *each) for each in frozen.halls),
    )
    row.state, row.ledger_number = MonthState.CLOSED.value, number
    row.changed_at, row.changed_by = now, who
    session.flush()
    release_accepted(session, month, now, who)
    record_event(
        session,
        "month.closed",
        month,
        now=now,
        actor_id=who,
        number=number,
        digest=name,
    )
    return Closed(number, name)


def close_month(
    session: Session, month: str, *, now: datetime, actor: Actor | None
) -> Closed:
    """Close a month in one transaction; return which ledger that is.

    Raises:
        ForbiddenError: Only headquarters closes.
        MonthClosedError, MonthNotOverError: Not now.
    """
    if actor is not None:
        require_headquarters(actor)
    prepare_closing(session, month, now=now)
    frozen = freeze_month(session, month, now=now)
    return keep_ledger(session, frozen, now=now, actor=actor)


def _check(row: MonthRow, now: datetime) -> None:
    check_closing(MonthState(row.state), is_over=row.month < month_of(now))


def _told(fault: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "source": fault.source,
        "tallied": list(fault.tallied),
        "counted": list(fault.counted),
    }


def _documents(session: Session, run: MonthRun) -> Iterator[dict[str, Any]]:
    catalogue = get_catalogue(session)
    for start in range(0, len(run.scores), CHUNK):
        chunk = run.scores[start : start + CHUNK]
        ids = [score.hall.hall_id for score in chunk]
        inputs: MonthInputs = read_inputs(session, run.policy, run.month, ids)
        stored = {
            score.hall.hall_id: {
                "adjusted": (score.adjusted or {}) | {"state": _text(score.state)},
                "peers": score.peers,
            }
            for score in chunk
        }
        customers = counted_customers(
            session, run.month, ids, catalogue, run.started_at
        )
        sources = DocumentSources(
            run.policy, catalogue, customers, stored, run.model["anchors"]
        )
        yield from hall_documents(session, run.month, inputs, sources)


def _text(state: bytes | None) -> str:
    return base64.b64encode(state or b"").decode()


def _before(session: Session, month: str) -> dict[str, Any]:
    """Return which ledger of the month before the adjusted scores start from."""
    row = session.get(MonthRow, later(month, -1))
    is_closed = row is not None and row.state == MonthState.CLOSED.value
    return {
        "month": later(month, -1),
        "number": row.ledger_number if row is not None and is_closed else 0,
    }


def _last_digest(session: Session) -> str:
    statement = select(LedgerRow.digest).order_by(
        LedgerRow.closed_at.desc(), LedgerRow.month.desc(), LedgerRow.number.desc()
    )
    return session.scalar(statement.limit(1)) or ""
