"""What halls say against items, for the hall that said it and for headquarters."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from auditapp.domain.text import Text
from auditapp.store.organisation import CityRow, HallRow, RegionRow
from auditapp.store.standards import HallRequestRow

OPEN = "open"
NEWS_DAYS = 14  # how long an answer stands on a hall's first page
SHOWN = 200


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request; of the people behind it nobody's name."""

    request_id: UUID
    item_id: str
    reason: str
    is_open: bool
    answer: str | None
    requested_at: datetime
    answered_at: datetime | None
    hall_id: str
    hall: Text
    region: Text
    tier: str


def list_of_hall(session: Session, hall_id: str) -> list[RequestLine]:
    """Return what a hall asked, the latest first."""
    return _lines(session, HallRequestRow.hall_id == hall_id)


def list_of_checklist(
    session: Session, checklist_id: str, item_id: str | None = None
) -> list[RequestLine]:
    """Return what halls asked about a checklist: what waits, the oldest first."""
    which = HallRequestRow.checklist_id == checklist_id
    if item_id is not None:
        which &= HallRequestRow.item_id == item_id
    is_open = HallRequestRow.state == OPEN
    return _lines(
        session,
        which,
        case((is_open, 0), else_=1),
        case((is_open, HallRequestRow.requested_at)),
    )


def count_open(session: Session) -> int:
    """Return how many wait for headquarters."""
    return session.scalar(_counted.where(HallRequestRow.state == OPEN)) or 0


def count_news(session: Session, hall_id: str, now: datetime) -> int:
    """Return how many of a hall's requests were answered lately."""
    since = now - timedelta(days=NEWS_DAYS)
    counted = _counted.where(
        HallRequestRow.hall_id == hall_id, HallRequestRow.answered_at >= since
    )
    return session.scalar(counted) or 0


def count_votes(session: Session, checklist_id: str) -> dict[tuple[str, str], int]:
    """Return how many halls wait for an answer, by item and tier."""
    rows = session.execute(
        select(
            HallRequestRow.item_id,
            HallRow.tier,
            func.count(func.distinct(HallRequestRow.hall_id)),
        )
        .join(HallRow, HallRow.hall_id == HallRequestRow.hall_id)
        .where(
            HallRequestRow.checklist_id == checklist_id, HallRequestRow.state == OPEN
        )
        .group_by(HallRequestRow.item_id, HallRow.tier)
    )
    return {(item, tier): count for item, tier, count in rows}


def votes_for(
    votes: Mapping[tuple[str, str], int], item_id: str, tiers: Collection[str]
) -> int:
    """Return the votes about an item from some tiers; no tier means all of them."""
    return sum(
        count
        for (item, tier), count in votes.items()
        if item == item_id and (not tiers or tier in tiers)
    )


_counted = select(func.count()).select_from(HallRequestRow)


def _lines(
    session: Session, which: ColumnElement[bool], *first: ColumnElement[Any]
) -> list[RequestLine]:
    rows = session.execute(
        select(HallRequestRow, HallRow, RegionRow)
        .join(HallRow, HallRow.hall_id == HallRequestRow.hall_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .join(RegionRow, RegionRow.region_id == CityRow.region_id)
        .where(which)
        .order_by(*first, HallRequestRow.requested_at.desc())
        .limit(SHOWN)
    )
    return [
        RequestLine(
            row.request_id,
            row.item_id,
            row.reason,
            row.state == OPEN,
            row.answer,
            row.requested_at,
            row.answered_at,
            row.hall_id,
            Text(hall.name_zh, hall.name_en),
            Text(region.name_zh, region.name_en),
            hall.tier,
        )
        for row, hall, region in rows
    ]
