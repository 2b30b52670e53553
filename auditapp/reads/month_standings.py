"""Where halls stood in a month that is over, as later months compare with it."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.store.months import MonthScoreRow

BATCH = 20_000


class Stood(NamedTuple):
    """An adjusted score, its standard error and the peers' mean, in milli-points."""

    milli: int
    se_milli: int
    peer_milli: int


def read_standings(
    session: Session, month: str, hall_ids: Collection[str] | None = None
) -> dict[str, Stood]:
    """Return where the halls stood in a month; ``hall_ids`` None reads all."""
    adjusted = MonthScoreRow.details["adjusted"]
    se_milli = adjusted["se_milli"].as_integer()
    statement = select(
        MonthScoreRow.hall_id,
        MonthScoreRow.adjusted_milli,
        se_milli,
        adjusted["peer_milli"].as_integer(),
    ).where(MonthScoreRow.month == month, se_milli.is_not(None))
    if hall_ids is not None:
        statement = statement.where(MonthScoreRow.hall_id.in_(sorted(hall_ids)))
    # rows are plain: the session would look each of them over
    rows = session.connection().execute(statement.execution_options(yield_per=BATCH))
    return {hall_id: Stood(*numbers) for hall_id, *numbers in rows}
