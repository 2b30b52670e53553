"""What stands around one hall's month: its peers, its history, its ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from auditapp.domain.month import later
from auditapp.reads.hall_month_parts import HallMonth
from auditapp.reads.month_heads import CLOSED
from auditapp.store.months import LedgerRow, MonthRow, MonthScoreRow

MOST_PEERS = 400  # a drawing shows forty of them


@dataclass(frozen=True, slots=True)
class PastMonth:
    """One of a hall's months; a month without any score has none of the numbers."""

    month: str
    is_closed: bool
    official_milli: int | None = None
    adjusted_milli: int | None = None
    low_milli: int | None = None
    high_milli: int | None = None
    peers_milli: int | None = None
    has_score: bool = False


def list_past_months(
    session: Session, hall_id: str, month: str, count: int = 12, *, only_closed: bool
) -> list[PastMonth]:
    """Return a hall's months up to one, oldest first; months before its first are left.

    A month without a score in between is in the list: a gap must be seen.
    """
    first = later(month, 1 - count)
    rows = session.execute(
        select(
            MonthScoreRow.month,
            MonthScoreRow.official_milli,
            MonthScoreRow.adjusted_milli,
            MonthScoreRow.low_milli,
            MonthScoreRow.high_milli,
            MonthScoreRow.details["peers"]["milli"].as_integer().label("peers"),
            func.coalesce(MonthRow.state, "").label("state"),
        )
        .outerjoin(MonthRow, MonthRow.month == MonthScoreRow.month)
        .where(
            MonthScoreRow.hall_id == hall_id,
            MonthScoreRow.month.between(first, month),
        )
        .order_by(MonthScoreRow.month)
    ).all()
    known = {
        row.month: PastMonth(
            row.month,
            row.state == CLOSED,
            row.official_milli,
            row.adjusted_milli,
            row.low_milli,
            row.high_milli,
            row.peers,
            has_score=True,
        )
        for row in rows
        if row.state == CLOSED or not only_closed
    }
    if not known:
        return []
    start = min(known)
    months = [later(first, index) for index in range(count)]
    return [
        known.get(each, PastMonth(each, is_closed=False))
        for each in months
        if each >= start
    ]


def list_peer_scores(
    session: Session, hall: HallMonth, kind: str
) -> Sequence[tuple[int, int | None]]:
    """Return (official, adjusted) of the halls that one is compared with."""
    rows = session.execute(
        select(MonthScoreRow.official_milli, MonthScoreRow.adjusted_milli)
        .where(
            MonthScoreRow.month == hall.month,
            MonthScoreRow.hall_id != hall.hall_id,
            MonthScoreRow.official_milli.is_not(None),
            _are_peers(kind, hall.tier, hall.region_id),
        )
        .order_by(MonthScoreRow.hall_id)
        .limit(MOST_PEERS)
    )
    return [(official or 0, adjusted) for official, adjusted in rows]


def find_latest_month(
    session: Session, hall_id: str, *, only_closed: bool
) -> PastMonth | None:
    """Return a hall's latest month with an official score; None before any has."""
    statement = (
        select(MonthScoreRow, func.coalesce(MonthRow.state, "").label("state"))
        .outerjoin(MonthRow, MonthRow.month == MonthScoreRow.month)
        .where(
            MonthScoreRow.hall_id == hall_id,
            MonthScoreRow.official_milli.is_not(None),
        )
        .order_by(MonthScoreRow.month.desc())
        .limit(1)
    )
    if only_closed:
        statement = statement.where(MonthRow.state == CLOSED)
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    score = row.MonthScoreRow
    return PastMonth(
        score.month,
        row.state == CLOSED,
        score.official_milli,
        score.adjusted_milli,
        score.low_milli,
        score.high_milli,
        has_score=True,
    )


def find_ledger_digest(session: Session, month: str, number: int | None) -> str | None:
    """Return the digest of a ledger; None while the month has none in force."""
    if number is None:
        return None
    return session.scalar(
        select(LedgerRow.digest).where(
            LedgerRow.month == month, LedgerRow.number == number
        )
    )


def _are_peers(kind: str, tier: str, region_id: str) -> ColumnElement[bool]:
    match kind:
        case "region_and_tier":
            return and_(
                MonthScoreRow.tier == tier, MonthScoreRow.region_id == region_id
            )
        case "tier":
            return MonthScoreRow.tier == tier
        case _:
            return true()
