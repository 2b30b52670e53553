"""Rows of ``month_scores``: from a composite to columns, and into the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.domain.composite import Composite
from auditapp.reads.month_inputs import MonthHall
from auditapp.store.bulk import insert_rows
from auditapp.store.contention import table_of
from auditapp.store.months import MonthScoreRow

SCORES = table_of(MonthScoreRow)
COLUMNS = tuple(column.name for column in SCORES.columns)
BATCH = 500
# the columns of each source: how many, and their mean
SOURCE_COLUMNS = (
    ("visits", "visit_milli"),
    ("inspections", "inspection_milli"),
    ("callbacks", "callback_milli"),
    ("feedbacks", "feedback_milli"),
)


@dataclass(slots=True)
class HallScore:
    """One hall's month on its way into the database.

    ``adjusted`` and ``peers`` are documents for the ledger, None where there is none.
    """

    hall: MonthHall
    official: tuple[Any, ...]  # in the order of OFFICIAL_COLUMNS
    score_milli: int | None
    is_ranked: bool
    flags: tuple[str, ...]
    gap_milli: int | None
    band: int | None = None
    adjusted: dict[str, Any] | None = None
    peers: dict[str, Any] | None = None
    state: bytes | None = None
    is_worst_tenth: bool = False  # as good as certain, so it may be named
    grades: tuple[str, ...] = field(default=())

    def columns(self) -> dict[str, Any]:
        """Return the row's values by column, but for month and time."""
        adjusted = self.adjusted or {}
        return dict(zip(OFFICIAL_COLUMNS, self.official, strict=True)) | {
            "hall_id": self.hall.hall_id,
            "region_id": self.hall.region_id,
            "tier": self.hall.tier,
            "adjusted_milli": adjusted.get("milli"),
            "low_milli": adjusted.get("low_milli"),
            "high_milli": adjusted.get("high_milli"),
            "band": self.band,
            "details": {
                "adjusted": self.adjusted,
                "peers": self.peers,
                "grades": list(self.grades),
                "is_worst_tenth": self.is_worst_tenth,
            },
            "state": self.state,
        }


OFFICIAL_COLUMNS = (
    "status",
    "weight_pct",
    "official_milli",
    "half_milli",
    "grade",
    "is_ranked",
    "flags",
    "gap_milli",
    *(name for pair in SOURCE_COLUMNS for name in pair),
)


def hall_score(hall: MonthHall, composite: Composite) -> HallScore:
    """Return a hall's row with its official part."""
    gap_milli = composite.gap_milli
    counts: list[int | None] = []
    for source in composite.sources:
        counts += [source.n, None if source.mean is None else source.mean.milli]
    official = (
        composite.status,
        composite.weight_pct,
        composite.score_milli,
        composite.half_milli,
        composite.grade,
        composite.is_ranked,
        list(composite.flags),
        gap_milli,
        *counts,
    )
    return HallScore(
        hall,
        official,
        composite.score_milli,
        composite.is_ranked,
        composite.flags,
        gap_milli,
        grades=composite.grades,
    )


def as_row(month: str, score: HallScore, computed_at: datetime) -> Sequence[Any]:
    """Return the values of ``COLUMNS``."""
    values = score.columns() | {"month": month, "computed_at": computed_at}
    return [values[name] for name in COLUMNS]


def replace_all(
    session: Session, month: str, scores: Iterable[HallScore], computed_at: datetime
) -> list[str]:
    """Replace a month's rows; return the halls whose row was computed later than ours.

    Those rows stay: they were made from newer evidence.
    """
    connection = session.connection()
    connection.execute(
        delete(SCORES).where(
            SCORES.c.month == month, SCORES.c.computed_at <= computed_at
        )
    )
    newer = set(
        connection.scalars(select(SCORES.c.hall_id).where(SCORES.c.month == month))
    )
    rows = (
        as_row(month, score, computed_at)
        for score in scores
        if score.hall.hall_id not in newer
    )
    insert_rows(connection, SCORES, COLUMNS, rows)
    return sorted(newer)


def replace_some(
    session: Session, month: str, scores: Sequence[HallScore], computed_at: datetime
) -> None:
    """Write the rows of some halls, unless one was computed later than ours."""
    connection = session.connection()
    kind: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = kind.insert(SCORES)
    changed = {
        name: statement.excluded[name]
        for name in COLUMNS
        if name not in SCORES.primary_key.columns
    }
    statement = statement.on_conflict_do_update(
        index_elements=["month", "hall_id"],
        set_=changed,
        where=SCORES.c.computed_at <= statement.excluded.computed_at,
    )
    rows = [
        dict(zip(COLUMNS, as_row(month, score, computed_at), strict=True))
        for score in scores
    ]
    if rows:
        connection.execute(statement, rows)


Groups = Mapping[str, Mapping[str, Sequence[int]]]
LEAST_PEERS = 5


def peer_groups(scores: Iterable[HallScore]) -> dict[str, dict[str, list[int]]]:
    """Return halls and their summed official scores by kind of group and group."""
    groups: dict[str, dict[str, list[int]]] = {}
    for score in scores:
        if score.score_milli is None:
            continue
        for kind, key in _keys(score.hall).items():
            entry = groups.setdefault(kind, {}).setdefault(key, [0, 0])
            entry[0] += 1
            entry[1] += score.score_milli
    return groups


def peers_of(
    hall: MonthHall, groups: Groups, kinds: Collection[str]
) -> dict[str, Any] | None:
    """Return the first group with enough halls, and its mean."""
    keys = _keys(hall)
    for kind in kinds:
        halls, total = groups.get(kind, {}).get(keys[kind], (0, 0))
        if halls >= LEAST_PEERS:
            return {
                "kind": kind,
                "halls": halls,
                "milli": (2 * total + halls) // (2 * halls),
            }
    return None


def _keys(hall: MonthHall) -> dict[str, str]:
    return {
        "region_and_tier": f"{hall.region_id} {hall.tier}",
        "tier": hall.tier,
        "all": "all",
    }
