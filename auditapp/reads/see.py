"""Regions and the country as a whole: what a dashboard shows, from prepared sums.

Six selects whatever the number of halls; none reads a hall. The country is read from
its own sums, not from those of its regions, but for the cells of the heat map.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import later
from auditapp.store.profiles import EVERYWHERE, ProfileSumRow

YEAR = 12
HALF = 1.645  # standard errors: nine of ten
PROFILES = ("quality", "group", "rater", "stage", "skill")
COUNTED = ("band", "alert")
SUMMED = (*PROFILES, "cause", *COUNTED)

Tiers = dict[str, list[float]]  # halls, Σ, Σ² by tier


@dataclass(frozen=True, slots=True)
class SeeFilter:
    """Which halls and how many months back somebody looks at; None is all."""

    month: str
    span: int = 1
    region_id: str | None = None
    tier: str | None = None
    trait: str | None = None

    @property
    def months(self) -> list[str]:
        """The months that are looked at as one, oldest first."""
        return [later(self.month, -back) for back in range(self.span - 1, -1, -1)]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean of halls with its range (90 %), and that of their peers, in milli-points.

    ``halls`` counts those of a usual month of the view. ``total_milli`` is the sum over
    halls and months. Peers are the halls elsewhere of the same tiers, mixed as here.
    """

    halls: int
    mean_milli: float
    half_milli: float
    total_milli: float
    peers_milli: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The scores of one region and tier in the months of a view, or of one month."""

    halls: int  # scored ones, of a usual month
    mean_milli: float | None
    half_milli: float
    official_milli: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a dashboard shows of scores and profiles."""

    cells: Mapping[tuple[str, str], Place]
    trend: Mapping[str, Place]
    figures: Mapping[str, Mapping[str, Figure]]
    owners: Mapping[str, Mapping[str, float]]  # month: {owner: mean points lost}
    halls: int  # of the month itself, scored or not


def get_seen(session: Session, actor: Actor, wanted: SeeFilter) -> Seen:
    """Return what a dashboard shows."""
    own = sums_of(actor, wanted)
    year = [later(wanted.month, -back) for back in range(YEAR)]
    scores = _read_scores(session, wanted, own, year)
    by_region = _read_scores(session, wanted, _regions_of(actor, wanted), wanted.months)
    figures = _read_figures(session, wanted, own, SUMMED)
    # peers are everybody elsewhere: only means leave a region, never a hall
    has_peers = wanted.region_id is not None or actor.role is Role.REGION_MANAGER
    country = ProfileSumRow.region_id == EVERYWHERE
    everybody = _read_figures(session, wanted, country, PROFILES) if has_peers else {}
    now = (wanted.month, "official")
    return Seen(
        _cells(by_region, wanted),
        _trend(scores, wanted),
        _figures(figures, everybody, wanted.span),
        _read_owners(session, wanted, own),
        sum(row.halls for row in scores if (row.month, row.key) == now),
    )


def sums_of(actor: Actor, wanted: SeeFilter) -> ColumnElement[bool]:
    """Return whose sums make up a view: the country's, or those of some regions."""
    if actor.role is not Role.REGION_MANAGER:
        return ProfileSumRow.region_id == (wanted.region_id or EVERYWHERE)
    own = ProfileSumRow.region_id.in_(sorted(actor.region_ids))
    wish = wanted.region_id
    return own if wish is None else own & (ProfileSumRow.region_id == wish)


def _regions_of(actor: Actor, wanted: SeeFilter) -> ColumnElement[bool]:
    """Return which regions are told apart in a view."""
    is_all = wanted.region_id is None and actor.role is not Role.REGION_MANAGER
    return ProfileSumRow.region_id != EVERYWHERE if is_all else sums_of(actor, wanted)


def _within(wanted: SeeFilter, months: Sequence[str]) -> ColumnElement[bool]:
    within = ProfileSumRow.month.in_(months) & (
        ProfileSumRow.trait == (wanted.trait or "")
    )
    if wanted.tier is not None:
        within &= ProfileSumRow.tier == wanted.tier
    return within


def _read_scores(
    session: Session,
    wanted: SeeFilter,
    places: ColumnElement[bool],
    months: Sequence[str],
) -> Sequence[Any]:
    """Return the scores of some months by month, region and tier."""
    return session.execute(
        select(
            ProfileSumRow.month,
            ProfileSumRow.region_id,
            ProfileSumRow.tier,
            ProfileSumRow.key,
            ProfileSumRow.halls,
            ProfileSumRow.total_milli,
            ProfileSumRow.squares_milli,
        ).where(
            _within(wanted, months),
            places,
            ProfileSumRow.dimension == "score",
        )
    ).all()


def _read_figures(
    session: Session,
    wanted: SeeFilter,
    places: ColumnElement[bool],
    dimensions: Sequence[str],
) -> dict[tuple[str, str], Tiers]:
    rows = session.execute(
        select(
            ProfileSumRow.dimension,
            ProfileSumRow.key,
            ProfileSumRow.tier,
            func.sum(ProfileSumRow.halls),
            func.sum(ProfileSumRow.total_milli),
            func.sum(ProfileSumRow.squares_milli),
        )
        .where(
            _within(wanted, wanted.months),
            places,
            ProfileSumRow.dimension.in_(dimensions),
        )
        .group_by(ProfileSumRow.dimension, ProfileSumRow.key, ProfileSumRow.tier)
    )
    found: dict[tuple[str, str], Tiers] = defaultdict(dict)
    for dimension, key, tier, *sums in rows:
        found[dimension, key][tier] = [float(each) for each in sums]
    return found


def _read_owners(
    session: Session, wanted: SeeFilter, places: ColumnElement[bool]
) -> dict[str, dict[str, float]]:
    """Return each owner's points lost in the mean hall, month by month for a year."""
    year = [later(wanted.month, -back) for back in range(YEAR)]
    rows = session.execute(
        select(
            ProfileSumRow.month,
            ProfileSumRow.dimension,
            ProfileSumRow.key,
            func.sum(ProfileSumRow.halls),
            func.sum(ProfileSumRow.total_milli),
        )
        .where(
            _within(wanted, year),
            places,
            (ProfileSumRow.dimension == "owner")
            | (
                (ProfileSumRow.dimension == "score") & (ProfileSumRow.key == "official")
            ),
        )
        .group_by(ProfileSumRow.month, ProfileSumRow.dimension, ProfileSumRow.key)
    )
    halls: dict[str, float] = {}
    lost: dict[str, dict[str, float]] = defaultdict(dict)
    for month, dimension, key, count, total in rows:
        if dimension == "score":
            halls[month] = float(count)
        else:
            lost[month][key] = float(total)
    return {
        month: {key: total / halls[month] for key, total in owners.items()}
        for month, owners in lost.items()
        if halls.get(month)
    }


@dataclass(slots=True)
class _Scores:
    """Scores being added up."""

    halls: float = 0
    total: float = 0
    squares: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    officials: float = 0
    official_total: float = 0

    def add(self, row: Any) -> None:  # noqa: ANN401 (a plain row)
        """Add one row of sums."""
        if row.key == "adjusted":
            self.halls += row.halls
            self.total += row.total_milli
        elif row.key == "half":
            self.squares[row.month] += float(row.squares_milli)
        else:
            self.officials += row.halls
            self.official_total += row.total_milli

    def place(self, span: int) -> Place:
        """Return the mean; the errors of a hall's months lean on each other: added."""
        error = sum(sqrt(each) for each in self.squares.values())
        months = min(span, len(self.squares)) or 1
        official = self.official_total / self.officials if self.officials else None
        if not self.halls:
            return Place(0, None, 0, official)
        return Place(
            round(self.halls / months),
            self.total / self.halls,
            error / self.halls,
            official,
        )


def _cells(rows: Sequence[Any], wanted: SeeFilter) -> dict[tuple[str, str], Place]:
    sums: dict[tuple[str, str], _Scores] = defaultdict(_Scores)
    for row in rows:
        sums[row.region_id, row.tier].add(row)
    return {key: each.place(wanted.span) for key, each in sums.items()}


def _trend(rows: Sequence[Any], wanted: SeeFilter) -> dict[str, Place]:
    """Return a year month by month; each the mean of as many months as the view has."""
    sums: dict[str, _Scores] = defaultdict(_Scores)
    for row in rows:
        for ahead in range(wanted.span):
            month = later(row.month, ahead)
            if month <= wanted.month:
                sums[month].add(row)
    return {month: each.place(wanted.span) for month, each in sums.items()}


def _figures(
    own: Mapping[tuple[str, str], Tiers],
    everybody: Mapping[tuple[str, str], Tiers],
    span: int,
) -> dict[str, dict[str, Figure]]:
    found: dict[str, dict[str, Figure]] = defaultdict(dict)
    for (dimension, key), tiers in own.items():
        halls, total, squares = (
            sum(part) for part in zip(*tiers.values(), strict=True)
        )
        mean = total / halls
        variance = max(squares / halls - mean * mean, 0)
        usual = max(halls / span, 1)  # a hall's months are not so many halls
        found[dimension][key] = Figure(
            round(usual),
            mean,
            HALF * sqrt(variance / usual),
            total,
            _peers(tiers, everybody.get((dimension, key), {})),
        )
    return found


def _peers(own: Tiers, everybody: Tiers) -> float | None:
    """Return the mean elsewhere in the same tiers, mixed as here; None: nobody is."""
    mixed, weight = 0.0, 0.0
    for tier, (halls, total, _squares) in own.items():
        all_halls, all_total, _all_squares = everybody.get(tier, [0, 0, 0])
        if all_halls > halls:
            mixed += halls * (all_total - total) / (all_halls - halls)
            weight += halls
    return mixed / weight if weight else None
