"""How the customers' answers of a hall's month are spread; never who gave them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.attribution import CAUSES
from auditapp.store.responses import ResponseRow, TallyRow

BUCKET_MILLI = 20_000  # 0–19, 20–39, … 80–99, and 100 by itself
FEWEST_OF_A_BUSINESS = 3  # a mean of fewer would be somebody's answer


@dataclass(frozen=True, slots=True)
class BusinessMean:
    """What customers of one kind of business said; ``mean_milli`` None for few."""

    business: str | None
    responses: int
    mean_milli: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The responses of one source: counts by bucket of 20 points, losses by item."""

    responses: int
    mean_milli: int | None
    buckets: Sequence[int]
    lost: Mapping[str, int]  # item id: milli-points, together for all responses
    tagged: Mapping[str, int]
    businesses: Sequence[BusinessMean]


def get_spread(session: Session, hall_id: str, month: str, source: str) -> Spread:
    """Return how the answers of one source are spread."""
    tally = session.get(TallyRow, (month, hall_id, source))
    of_these = (
        ResponseRow.hall_id == hall_id,
        ResponseRow.month == month,
        ResponseRow.source == source,
    )
    bucket = ResponseRow.score_milli // BUCKET_MILLI
    counts = {
        row.bucket: row.responses
        for row in session.execute(
            select(bucket.label("bucket"), func.count().label("responses"))
            .where(*of_these)
            .group_by(bucket)
        )
    }
    rows = session.execute(
        select(ResponseRow.business, func.count(), func.avg(ResponseRow.score_milli))
        .where(*of_these)
        .group_by(ResponseRow.business)
        .order_by(func.count().desc(), ResponseRow.business)
    )
    return Spread(
        responses=tally.responses if tally else 0,
        mean_milli=_mean(tally),
        buckets=[counts.get(number, 0) for number in range(6)],
        lost=tally.lost if tally else {},
        tagged={cause: getattr(tally, cause) for cause in CAUSES} if tally else {},
        businesses=[
            BusinessMean(
                business,
                count,
                round(float(mean)) if count >= FEWEST_OF_A_BUSINESS else None,
            )
            for business, count, mean in rows
        ],
    )


def _mean(tally: TallyRow | None) -> int | None:
    if tally is None or not tally.responses:
        return None
    return (2 * tally.total_milli + tally.responses) // (2 * tally.responses)
