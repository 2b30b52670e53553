"""A hall's abilities and journey over its last months, beside like halls."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.month import later
from auditapp.domain.rounding import FULL_MILLI
from auditapp.estimation.student import student_reach
from auditapp.reads.see import Figure
from auditapp.store.profiles import EVERYWHERE, HallProfileRow, ProfileSumRow

MONTHS = 6  # that are looked at as one: of most things a month has one visit
DIMENSIONS = ("stage", "rater", "skill")
FEWEST_HALLS = 5  # that a trait needs to be compared with
ALL_TRAITS = ""
LEVEL_PCT = 90.0
Figures = Mapping[str, Mapping[str, Figure]]


@dataclass(frozen=True, slots=True)
class HallProfile:
    """The means of a hall's months, ``halls`` of a figure being months.

    Ranges are Student's over those months; of one anything is possible. Peers are the
    halls of the tier, those with ``trait`` where there are enough of them.
    """

    months: int
    tier: str
    trait: str  # "": whatever their traits
    figures: Figures


def get_hall_profile(session: Session, hall_id: str, month: str) -> HallProfile | None:
    """Return a hall's profile up to a month; None where nothing was seen.

    Whoever asks has seen to it that the person may read this hall's month.
    """
    months = [later(month, -back) for back in range(MONTHS)]
    rows = session.scalars(
        select(HallProfileRow)
        .where(HallProfileRow.hall_id == hall_id, HallProfileRow.month.in_(months))
        .order_by(HallProfileRow.month)
    ).all()
    if not rows:
        return None
    tier, traits = rows[-1].tier, rows[-1].traits
    trait, peers = _peers(session, tier, traits, months)
    values = _values(rows)
    figures = {
        dimension: {
            key: _figure(found, peers.get((dimension, key)))
            for key, found in values[dimension].items()
        }
        for dimension in DIMENSIONS
        if dimension in values
    }
    return HallProfile(len(rows), tier, trait, figures)


def _values(rows: Sequence[HallProfileRow]) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for dimension in DIMENSIONS:
            for key, milli in row.figures.get(dimension, {}).items():
                found[dimension][key].append(milli)
    return found


def _figure(values: Sequence[int], peers: float | None) -> Figure:
    count, half = len(values), float(FULL_MILLI)  # of one month anything may be true
    if count > 1:
        reach = student_reach(LEVEL_PCT, count - 1) * stdev(values) / count**0.5
        half = min(reach, half)
    return Figure(count, mean(values), half, sum(values), peers)


def _peers(
    session: Session, tier: str, traits: Sequence[str], months: Sequence[str]
) -> tuple[str, dict[tuple[str, str], float]]:
    """Return the rarest trait that enough halls share, and the means of those."""
    rows = session.execute(
        select(
            ProfileSumRow.trait,
            ProfileSumRow.dimension,
            ProfileSumRow.key,
            func.sum(ProfileSumRow.halls).label("halls"),
            func.sum(ProfileSumRow.total_milli).label("total"),
        )
        .where(
            ProfileSumRow.month.in_(months),
            ProfileSumRow.trait.in_([ALL_TRAITS, *traits]),
            ProfileSumRow.region_id == EVERYWHERE,
            ProfileSumRow.tier == tier,
            ProfileSumRow.dimension.in_(DIMENSIONS),
        )
        .group_by(ProfileSumRow.trait, ProfileSumRow.dimension, ProfileSumRow.key)
    ).all()
    most: dict[str, int] = defaultdict(int)
    for row in rows:
        most[row.trait] = max(most[row.trait], int(row.halls))
    enough = FEWEST_HALLS * len(months)
    shared = [each for each in traits if most[each] >= enough]
    trait = min(shared, key=lambda each: (most[each], each), default=ALL_TRAITS)
    return trait, dict(_means(rows, trait))


def _means(rows: Sequence[Any], trait: str) -> list[tuple[tuple[str, str], float]]:
    return [
        ((row.dimension, row.key), float(row.total) / float(row.halls))
        for row in rows
        if row.trait == trait and row.halls
    ]
