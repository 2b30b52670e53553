"""Holding tallies against the responses they were rolled up from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, cast, delete, func, insert, select, tuple_
from sqlalchemy.orm import Session

from auditapp.domain.attribution import CAUSES
from auditapp.store.contention import table_of
from auditapp.store.responses import ResponseRow, TallyRow

TALLIES = table_of(TallyRow)
BATCH = 200  # tallies; below every database's limit of parameters
ROWS_AT_ONCE = 5_000


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
    for start in range(0, len(faults), BATCH):
        _repair(session, month, faults[start : start + BATCH])
    return faults


def _repair(session: Session, month: str, faults: Sequence[TallyFault]) -> None:
    keys = [(fault.hall_id, fault.source) for fault in faults]
    sums = {key: _Sums() for key in keys}
    rows = session.execute(
        select(
            ResponseRow.hall_id,
            ResponseRow.source,
            ResponseRow.score_milli,
            ResponseRow.lost,
            ResponseRow.cause,
        )
        .where(
            ResponseRow.month == month,
            ResponseRow.hall_id.in_({hall for hall, _source in keys}),
        )
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for hall, source, *answer in rows:
        if (hall, source) in sums:
            sums[hall, source].add(*answer)
    connection = session.connection()
    place = tuple_(TALLIES.c.hall_id, TALLIES.c.source)
    connection.execute(delete(TALLIES).where(TALLIES.c.month == month, place.in_(keys)))
    tallies = [
        {"month": month, "hall_id": hall, "source": source, **found.columns()}
        for (hall, source), found in sums.items()
        if found.responses
    ]
    if tallies:
        connection.execute(insert(TALLIES), tallies)


@dataclass(slots=True)
class _Sums:
    """Responses being added up."""

    responses: int = 0
    total_milli: int = 0
    squares_milli: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)

    def add(self, score_milli: int, lost: Mapping[str, int], cause: str | None) -> None:
        self.responses += 1
        self.total_milli += score_milli
        self.squares_milli += score_milli**2
        for item, milli in lost.items():
            self.lost[item] += milli
        self.causes[cause or ""] += 1

    def columns(self) -> dict[str, Any]:
        return {
            "responses": self.responses,
            "total_milli": self.total_milli,
            "squares_milli": self.squares_milli,
            "lost": dict(self.lost),
            **{cause: self.causes[cause] for cause in CAUSES},
        }
