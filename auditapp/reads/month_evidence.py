"""The evidence of a window of months as arrays, read in few selects and few objects."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from auditapp.domain.month import later
from auditapp.domain.rounding import MILLI_PER_POINT
from auditapp.domain.visit import COMPLETED
from auditapp.estimation.evidence import Answers, Audits, Evidence
from auditapp.reads.month_audits import INSPECTION, MYSTERY, OFFICIAL_STATES, counted
from auditapp.reads.month_inputs import MonthHall
from auditapp.store.audits import AuditRow, ScoreRow
from auditapp.store.months import MonthScoreRow
from auditapp.store.responses import TallyRow
from auditapp.store.visits import VisitRow

BATCH = 20_000
FULL_POINTS = 100.0
LEAST_COVERAGE_PCT = 1

Columns = list[list[Any]]
AUDIT_COLUMNS = (
    "hall_id",
    "month",
    "auditor_id",
    "lost_hard_milli",
    "lost_soft_milli",
    "cap_loss_milli",
    "coverage_pct",
    "is_complete",
)


@dataclass(slots=True)
class Codes:
    """Ids in the order in which months met them; a code keeps its meaning for ever."""

    tiers: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    auditors: list[str] = field(default_factory=list)

    def as_document(self) -> dict[str, list[str]]:
        """Return the lists as a model keeps them."""
        return {
            "tiers": self.tiers,
            "regions": self.regions,
            "auditors": self.auditors,
        }


def first_month(session: Session) -> str | None:
    """Return the first month that has any evidence."""
    found = [
        session.scalar(select(func.min(TallyRow.month))),
        session.scalar(
            select(func.min(VisitRow.month)).where(VisitRow.state.in_(OFFICIAL_STATES))
        ),
    ]
    return min((month for month in found if month), default=None)


@dataclass(frozen=True, slots=True)
class Seen:
    """Rows of a window as columns, some rows at a time.

    Audits, by kind, in the order of ``AUDIT_COLUMNS``; a hall's oldest first. Answers,
    by source: hall, month, responses, Σ score and Σ score² in milli-points.
    """

    audits: Mapping[str, Sequence[Columns]]
    answers: Mapping[str, Sequence[Columns]]


def read_evidence(
    session: Session,
    halls: Sequence[MonthHall],
    months: Sequence[str],
    codes: Codes,
    hall_ids: Collection[str] | None = None,
) -> Evidence:
    """Return everything seen of halls in consecutive months; new codes are added.

    ``hall_ids`` cuts the selects to some halls, None reads all.
    """
    seen = Seen(
        _read_audits(session, months, hall_ids),
        _read_answers(session, months, hall_ids),
    )
    return evidence_of(seen, halls, months, codes)


def evidence_of(
    seen: Seen, halls: Sequence[MonthHall], months: Sequence[str], codes: Codes
) -> Evidence:
    """Return rows as the arrays that the estimation takes; new codes are added."""
    place = {hall.hall_id: index for index, hall in enumerate(halls)}
    column = {month: index for index, month in enumerate(months)}
    tier, region, auditor = map(_coder, (codes.tiers, codes.regions, codes.auditors))
    visits = _audits(seen.audits[MYSTERY], place, column, auditor)
    inspections = _audits(seen.audits[INSPECTION], place, column, auditor)
    shape = (len(halls), len(months))
    return Evidence(
        months=np.array([_number(month) for month in months], dtype=np.int64),
        tier=np.array([tier(hall.tier) for hall in halls], dtype=np.int64),
        region=np.array([region(hall.region_id) for hall in halls], dtype=np.int64),
        n_tiers=len(codes.tiers),
        n_regions=len(codes.regions),
        n_auditors=len(codes.auditors),
        visits=visits,
        inspections=last_of_each(inspections),
        callbacks=_answers(seen.answers["callback"], place, column, shape),
        feedback=_answers(seen.answers["sms"], place, column, shape),
    )


def read_states(
    session: Session, month: str, hall_ids: Collection[str] | None = None
) -> dict[str, bytes]:
    """Return what was known of each hall after a month, as it is stored."""
    statement = select(MonthScoreRow.hall_id, MonthScoreRow.state).where(
        MonthScoreRow.month == month, MonthScoreRow.state.is_not(None)
    )
    if hall_ids is not None:
        statement = statement.where(MonthScoreRow.hall_id.in_(sorted(hall_ids)))
    # rows are plain: the session would look each of them over
    rows = session.connection().execute(statement.execution_options(yield_per=BATCH))
    return {hall_id: state for hall_id, state in rows if state is not None}


def window(month: str, length: int, first: str | None) -> list[str]:
    """Return so many months up to ``month``, none before the first with evidence."""
    months = [later(month, -back) for back in range(length - 1, -1, -1)]
    return [each for each in months if first is None or each >= first] or [month]


def _read_audits(
    session: Session, months: Sequence[str], hall_ids: Collection[str] | None
) -> dict[str, list[Columns]]:
    statement = counted(
        select(
            VisitRow.hall_id,
            VisitRow.month,
            VisitRow.auditor_id,
            ScoreRow.lost_hard_milli,
            ScoreRow.lost_soft_milli,
            ScoreRow.cap_loss_milli,
            ScoreRow.coverage_pct,
            ScoreRow.is_complete,
        ),
        VisitRow.month.between(months[0], months[-1]),
        hall_ids,
    ).where(ScoreRow.outcome == COMPLETED)
    chunks: dict[str, list[Columns]] = {}
    for kind in (MYSTERY, INSPECTION):
        # one order for all databases: sums of floats depend on it
        ordered = statement.where(VisitRow.kind == kind).order_by(
            VisitRow.month, VisitRow.hall_id, AuditRow.finished_at, AuditRow.audit_id
        )
        chunks[kind] = list(_columns(session, ordered))
    return chunks


def _columns(
    session: Session, statement: Select[*tuple[Any, ...]]
) -> Iterator[Columns]:
    """Yield the rows as columns, some at a time: a row's tuple lives only briefly."""
    result = session.connection().execute(statement.execution_options(yield_per=BATCH))
    for rows in result.partitions():
        yield [list(column) for column in zip(*rows, strict=True)]


def _audits(
    chunks: Sequence[Columns],
    place: Mapping[str, int],
    column: Mapping[str, int],
    auditor: Any,  # noqa: ANN401 (a coder)
) -> Audits:
    parts = [
        (
            np.array([place.get(hall, -1) for hall in halls], dtype=np.int64),
            np.array([column[month] for month in months], dtype=np.int64),
            np.array([auditor(str(each)) for each in auditors], dtype=np.int64),
            np.array([hard, soft, cap], dtype=np.float64) / MILLI_PER_POINT,
            np.array(coverage, dtype=np.float64),
            np.array(complete, dtype=bool),
        )
        for halls, months, auditors, hard, soft, cap, coverage, complete in chunks
    ] or [_NO_AUDITS]
    hall, month, person, lost, coverage, is_complete = (
        np.concatenate(arrays, axis=-1) for arrays in zip(*parts, strict=True)
    )
    known = hall >= 0  # an inactive hall without evidence this month is not scored
    return Audits(
        hall=hall[known],
        month=month[known],
        auditor=person[known],
        facility_points=FULL_POINTS - lost[0, known],
        service_points=FULL_POINTS - lost[1, known],
        cap_loss_points=lost[2, known],
        coverage=np.maximum(coverage[known], LEAST_COVERAGE_PCT) / 100,
        is_complete=is_complete[known],
    )


def last_of_each(audits: Audits) -> Audits:
    """Return only the last audit of each hall and month, as the official month does."""
    cell = audits.hall * (audits.month.max(initial=0) + 1) + audits.month
    _cells, from_end = np.unique(cell[::-1], return_index=True)
    kept = np.sort(len(cell) - 1 - from_end)
    return Audits(*(getattr(audits, each.name)[kept] for each in fields(Audits)))


_NO_AUDITS = (
    np.zeros(0, dtype=np.int64),
    np.zeros(0, dtype=np.int64),
    np.zeros(0, dtype=np.int64),
    np.zeros((3, 0)),
    np.zeros(0),
    np.zeros(0, dtype=bool),
)


def _read_answers(
    session: Session, months: Sequence[str], hall_ids: Collection[str] | None
) -> dict[str, list[Columns]]:
    statement = select(
        TallyRow.hall_id,
        TallyRow.month,
        TallyRow.responses,
        TallyRow.total_milli,
        TallyRow.squares_milli,
    ).where(TallyRow.month.between(months[0], months[-1]), TallyRow.responses > 0)
    if hall_ids is not None:
        statement = statement.where(TallyRow.hall_id.in_(sorted(hall_ids)))
    return {
        source: list(_columns(session, statement.where(TallyRow.source == source)))
        for source in ("callback", "sms")
    }


def _answers(
    chunks: Sequence[Columns],
    place: Mapping[str, int],
    column: Mapping[str, int],
    shape: tuple[int, int],
) -> Answers:
    count = np.zeros(shape, dtype=np.int64)
    mean, squares = np.zeros(shape), np.zeros(shape)
    for halls, months, responses, totals, sums in chunks:
        row = np.array([place.get(hall, -1) for hall in halls], dtype=np.int64)
        known = row >= 0
        cell = (
            row[known],
            np.array([column[month] for month in months], dtype=np.int64)[known],
        )
        n = np.array(responses, dtype=np.int64)[known]
        total = np.array(totals, dtype=np.float64)[known] / MILLI_PER_POINT
        square = np.array(sums, dtype=np.float64)[known] / MILLI_PER_POINT**2
        count[cell] = n
        mean[cell] = total / n
        squares[cell] = np.maximum(square - total**2 / n, 0)
    return Answers(count, mean, squares)


def _coder(known: list[str]) -> Any:  # noqa: ANN401 (a function from id to code)
    codes = {name: index for index, name in enumerate(known)}

    def code(name: str) -> int:
        if name not in codes:
            codes[name] = len(known)
            known.append(name)
        return codes[name]

    return code


def _number(month: str) -> int:
    year, number = map(int, month.split("-"))
    return 12 * year + number
