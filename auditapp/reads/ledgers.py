"""Closed ledgers: what stands in them and what a correction changed."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.ledger_difference import LedgerChange, difference
from auditapp.domain.text import Text
from auditapp.reads.month_model import unpack_document
from auditapp.reads.scope import months_open_to
from auditapp.store.months import LedgerLineRow, LedgerRow
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.people import PersonRow

READERS = frozenset({Role.HEADQUARTERS, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """One closing of a month; ``header`` is the document that ``digest`` names."""

    month: str
    number: int
    digest: str
    previous_digest: str
    reason: str | None
    closed_at: datetime
    closed_by: Text | None  # None on the command line
    header: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HallDifference:
    """What a hall's document changed; official scores None where it was not there."""

    hall_id: str
    hall: Text
    before_milli: int | None
    after_milli: int | None
    changes: tuple[LedgerChange, ...]


def list_ledgers(
    session: Session, actor: Actor, month: str | None = None
) -> list[LedgerHead]:
    """Return the ledgers of a month or of all, the last closed first.

    Raises:
        NotFoundError: Ledgers are not for this person.
    """
    if actor.role not in READERS:
        raise NotFoundError
    statement: Select[*tuple[Any, ...]] = (
        select(LedgerRow, PersonRow.name_zh, PersonRow.name_en)
        .outerjoin(PersonRow, PersonRow.person_id == LedgerRow.closed_by)
        .order_by(LedgerRow.closed_at.desc())
    )
    if month is not None:
        statement = statement.where(LedgerRow.month == month)
    return [
        LedgerHead(
            row.month,
            row.number,
            row.digest,
            row.previous_digest,
            row.reason,
            row.closed_at,
            None if name_zh is None else Text(name_zh, name_en),
            json.loads(row.header),
        )
        for row, name_zh, name_en in session.execute(statement)
    ]


def list_changed_halls(
    session: Session, actor: Actor, month: str, number: int
) -> list[str]:
    """Return the halls whose official part differs from the ledger before, by id.

    Adjusted scores of others may move too: a month closed again is estimated again.

    Raises:
        NotFoundError: Ledgers are not for this person.
    """
    if actor.role not in READERS:
        raise NotFoundError
    new, old = (_digests(session, month, each) for each in (number, number - 1))
    return sorted(hall for hall in new | old if new.get(hall) != old.get(hall))


def _digests(session: Session, month: str, number: int) -> dict[str, str]:
    rows = session.execute(
        select(LedgerLineRow.hall_id, LedgerLineRow.official_digest).where(
            LedgerLineRow.month == month, LedgerLineRow.number == number
        )
    )
    return {row.hall_id: row.official_digest for row in rows}


def list_differences(
    session: Session, actor: Actor, month: str, number: int, hall_ids: Collection[str]
) -> list[HallDifference]:
    """Return what some halls' documents changed against the ledger before, by hall.

    Raises:
        NotFoundError: Ledgers are not for this person.
    """
    if actor.role not in READERS:
        raise NotFoundError
    rows = session.execute(
        select(LedgerLineRow, HallRow.name_zh, HallRow.name_en)
        .join(HallRow, HallRow.hall_id == LedgerLineRow.hall_id)
        .where(
            LedgerLineRow.month == month,
            LedgerLineRow.number.in_([number - 1, number]),
            LedgerLineRow.hall_id.in_(sorted(hall_ids)),
        )
        .order_by(LedgerLineRow.hall_id, LedgerLineRow.number)
    ).all()
    found = []
    for hall_id, group in groupby(rows, key=lambda row: row.LedgerLineRow.hall_id):
        lines = list(group)
        documents = {
            row.LedgerLineRow.number: unpack_document(row.LedgerLineRow.document)
            for row in lines
        }
        old, new = documents.get(number - 1), documents.get(number)
        found.append(
            HallDifference(
                hall_id,
                Text(lines[0].name_zh, lines[0].name_en),
                None if old is None else old["official"]["milli"],
                None if new is None else new["official"]["milli"],
                tuple(difference(old, new)) if old and new else (),
            )
        )
    return found


def get_ledger_difference(
    session: Session, actor: Actor, month: str, hall_id: str, number: int
) -> list[LedgerChange]:
    """Return what a hall's ledger changed against the one before it.

    Raises:
        NotFoundError: There are no two such ledgers for this person.
    """
    hall = session.scalar(
        select(HallRow.hall_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .where(HallRow.hall_id == hall_id, months_open_to(actor))
    )
    rows = [
        session.get(LedgerLineRow, (month, each, hall_id))
        for each in (number - 1, number)
    ]
    if hall is None or None in rows:
        raise NotFoundError
    old, new = (unpack_document(row.document) for row in rows if row)
    return difference(old, new)
