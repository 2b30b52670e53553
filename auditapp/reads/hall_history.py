"""What halls' tiers and traits were, are and will be, and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.text import Text
from auditapp.store.organisation import HallPlaceRow
from auditapp.store.people import PersonRow


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """What holds from a month on; ``from_month`` "" is what was always so."""

    from_month: str
    tier: str
    traits: tuple[str, ...]
    reason: str
    changed_by: Text | None
    changed_at: datetime


def list_hall_history(session: Session, hall_id: str) -> list[PlaceLine]:
    """Return a hall's changes, the latest month first."""
    rows = session.execute(
        select(HallPlaceRow, PersonRow.name_zh, PersonRow.name_en)
        .outerjoin(PersonRow, PersonRow.person_id == HallPlaceRow.changed_by)
        .where(HallPlaceRow.hall_id == hall_id)
        .order_by(HallPlaceRow.from_month.desc())
    )
    return [
        PlaceLine(
            row.from_month,
            row.tier,
            tuple(row.traits),
            row.reason,
            Text(name_zh, name_en) if name_zh else None,
            row.changed_at,
        )
        for row, name_zh, name_en in rows
    ]
