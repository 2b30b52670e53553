"""What halls' profiles are made of that no score holds: who is stale, who complains."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from auditapp.domain.contradiction import complaints_in
from auditapp.store.months import MonthScoreRow
from auditapp.store.profiles import HallProfileRow
from auditapp.store.responses import ResponseRow

BATCH = 5000


@dataclass(slots=True)
class Voices:
    """One hall's customers of a month: how many answered, how many named a trouble."""

    answered: int = 0
    troubles: Counter[str] = field(default_factory=Counter)


def list_stale_halls(session: Session, month: str) -> list[str]:
    """Return the halls whose score is newer than their profile, by id."""
    return list(
        session.scalars(
            select(MonthScoreRow.hall_id)
            .outerjoin(
                HallProfileRow,
                and_(
                    HallProfileRow.month == MonthScoreRow.month,
                    HallProfileRow.hall_id == MonthScoreRow.hall_id,
                ),
            )
            .where(
                MonthScoreRow.month == month,
                or_(
                    HallProfileRow.scored_at.is_(None),
                    HallProfileRow.scored_at < MonthScoreRow.computed_at,
                ),
            )
            .order_by(MonthScoreRow.hall_id)
        )
    )


def list_stale_months(session: Session) -> list[str]:
    """Return the months with a score that is newer than every profile, oldest first."""
    scored = (
        select(MonthScoreRow.month, func.max(MonthScoreRow.computed_at).label("at"))
        .group_by(MonthScoreRow.month)
        .subquery()
    )
    profiled = (
        select(HallProfileRow.month, func.max(HallProfileRow.scored_at).label("at"))
        .group_by(HallProfileRow.month)
        .subquery()
    )
    return list(
        session.scalars(
            select(scored.c.month)
            .outerjoin(profiled, profiled.c.month == scored.c.month)
            .where(or_(profiled.c.at.is_(None), profiled.c.at < scored.c.at))
            .order_by(scored.c.month)
        )
    )


def read_voices(
    session: Session, month: str, hall_ids: Collection[str]
) -> dict[str, Voices]:
    """Count what the customers of some halls complained of in a month."""
    rows = session.execute(
        select(ResponseRow.hall_id, ResponseRow.answers)
        .where(ResponseRow.hall_id.in_(sorted(hall_ids)), ResponseRow.month == month)
        .execution_options(yield_per=BATCH)
    )
    found: dict[str, Voices] = defaultdict(Voices)
    for hall_id, answers in rows:
        voices = found[hall_id]
        voices.answered += 1
        voices.troubles.update(complaints_in(answers))
    return found
