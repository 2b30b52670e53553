"""Holding tallies against the responses they were rolled up from."""

from collections import Counter
from typing import NamedTuple

from sqlalchemy import BigInteger, cast, delete, func, insert, select
from sqlalchemy.orm import Session

from auditapp.domain.attribution import CAUSES
from auditapp.store.contention import table_of
from auditapp.store.responses import ResponseRow, TallyRow

TALLIES = table_of(TallyRow)


class TallyFault(NamedTuple):
    """A tally that is not what its responses add up to; milli-points."""

    hall_id: str
    source: str
    tallied: tuple[int, int]  # responses, their sum
    counted: tuple[int, int]


def check_tallies(session: Session, month: str) -> list[TallyFault]:
    """Return every tally of a month that disagrees with the responses."""
    score = cast(ResponseRow.score_milli, BigInteger)
    counted = {
        (row[0], row[1]): (row[2], int(row[3]), int(row[4]))
        for row in session.execute(
            select(
                ResponseRow.hall_id,
                ResponseRow.source,
                func.count(),
                func.sum(score),
                func.sum(score * score),
            )
            .where(ResponseRow.month == month)
            .group_by(ResponseRow.hall_id, ResponseRow.source)
        )
    }
    tallied = {
        (row[0], row[1]): (row[2], row[3], row[4])
        for row in session.execute(
            select(
                TallyRow.hall_id,
                TallyRow.source,
                TallyRow.responses,
                TallyRow.total_milli,
                TallyRow.squares_milli,
            ).where(TallyRow.month == month)
        )
    }
    nothing = (0, 0, 0)
    return [
        TallyFault(*key, tallied.get(key, nothing)[:2], counted.get(key, nothing)[:2])
        for key in sorted(counted.keys() | tallied.keys())
        if counted.get(key, nothing) != tallied.get(key, nothing)
    ]


def repair_tallies(session: Session, month: str) -> list[TallyFault]:
    """Roll up again what disagrees, and return what that was."""
    faults = check_tallies(session, month)
    for fault in faults:
        _repair(session, month, fault)
    return faults


def _repair(session: Session, month: str, fault: TallyFault) -> None:
    connection = session.connection()
    where = (
        ResponseRow.month == month,
        ResponseRow.hall_id == fault.hall_id,
        ResponseRow.source == fault.source,
    )
    lost, causes, scores = Counter[str](), Counter[str](), []
    columns = (ResponseRow.score_milli, ResponseRow.lost, ResponseRow.cause)
    for score, lost_here, cause in session.execute(select(*columns).where(*where)):
        scores.append(score)
        lost.update(lost_here)
        causes[cause or ""] += 1
    key = {"month": month, "hall_id": fault.hall_id, "source": fault.source}
    connection.execute(
        delete(TALLIES).where(*(TALLIES.c[name] == key[name] for name in key))
    )
    if scores:
        values = {
            **key,
            "responses": len(scores),
            "total_milli": sum(scores),
            "squares_milli": sum(score**2 for score in scores),
            "lost": dict(lost),
            **{cause: causes[cause] for cause in CAUSES},
        }
        connection.execute(insert(TALLIES).values(values))
