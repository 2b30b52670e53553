"""What a draft would have done to past months, in figures people can decide by."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BIN_MILLI = 500  # half points
EDGE_MILLI = 5_000  # what moved further shares the outermost bin
_NOBODY = "–"


@dataclass(frozen=True, slots=True)
class HallChange:
    """One hall's month before and after; scores in milli-points, None: no score.

    ``half_milli`` is the sampling range of the score before, ±; ``audits_…`` are the
    means of its mystery visits alone.
    """

    month: str
    hall_id: str
    region_id: str
    tier: str
    traits: tuple[str, ...]
    before_milli: int | None
    after_milli: int | None
    half_milli: int | None
    grade_before: str | None
    grade_after: str | None
    band_before: int | None
    band_after: int | None
    unknown_items: int
    audits_before_milli: int | None = None
    audits_after_milli: int | None = None

    @property
    def change_milli(self) -> int:
        """How far the score moves; 0 where there is none on either side."""
        if self.before_milli is None or self.after_milli is None:
            return 0
        return self.after_milli - self.before_milli

    @property
    def is_beyond_error(self) -> bool:
        """Whether it moves further than its own sampling range."""
        return abs(self.change_milli) > (self.half_milli or 0)


def summarise(changes: Sequence[HallChange]) -> dict[str, Any]:
    """Return the figures of a replay over all its halls and months."""
    moved = [each for each in changes if each.change_milli]
    scored = [each for each in changes if each.before_milli is not None]
    shifts = [each.change_milli for each in moved]
    return {
        "hall_months": len(scored),
        "halls": len({each.hall_id for each in scored}),
        "moved_halls": len({each.hall_id for each in moved}),
        "moved_hall_months": len(moved),
        "mean_milli": round(sum(shifts) / len(scored)) if scored else 0,
        "lowest_milli": min(shifts, default=0),
        "highest_milli": max(shifts, default=0),
        "beyond_error": sum(each.is_beyond_error for each in moved),
        "grade_changes": _pairs(
            (each.grade_before, each.grade_after)
            for each in changes
            if each.grade_before != each.grade_after
        ),
        "band_changes": sum(each.band_before != each.band_after for each in changes),
        "scores_lost": sum(
            each.before_milli is not None and each.after_milli is None
            for each in changes
        ),
        "unknown_items": sum(each.unknown_items for each in changes),
        "bins": _bins(shifts),
        "by_tier": _groups((each.tier, each) for each in scored),
        "by_region": _groups((each.region_id, each) for each in scored),
        "by_trait": _groups((trait, each) for each in scored for trait in each.traits),
        **_agreement(scored),
    }


def rank_correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Spearman's coefficient; None for fewer than three or without spread.

    Source: the product-moment coefficient of mid-ranks.
    """
    if len(pairs) < 3:  # noqa: PLR2004 (two points always agree or disagree wholly)
        return None
    one, other = (_ranks([pair[side] for pair in pairs]) for side in (0, 1))
    middle = (len(pairs) + 1) / 2
    across = sum((a - middle) * (b - middle) for a, b in zip(one, other, strict=True))
    spread = [sum((each - middle) ** 2 for each in side) for side in (one, other)]
    return across / (spread[0] * spread[1]) ** 0.5 if all(spread) else None


def _agreement(scored: Sequence[HallChange]) -> dict[str, Any]:
    """Return how far the order of halls stays, over all and in the worst tier."""
    both = [each for each in scored if each.after_milli is not None]
    tiers = {each.tier for each in both}
    found = {tier: _rank([e for e in both if e.tier == tier]) for tier in sorted(tiers)}
    known = {tier: value for tier, value in found.items() if value is not None}
    lowest = min(known, key=lambda tier: known[tier], default=None)
    return {
        "rank": _rank(both),
        "lowest_tier": lowest,
        "lowest_rank": known[lowest] if lowest is not None else None,
    }


def _rank(changes: Sequence[HallChange]) -> float | None:
    return rank_correlation(
        [(each.before_milli or 0, each.after_milli or 0) for each in changes]
    )


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda index: values[index])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for index in order[start:end]:
            ranks[index] = (start + end + 1) / 2
        start = end
    return ranks


def _pairs(pairs: Iterable[tuple[str | None, str | None]]) -> list[list[Any]]:
    counts = Counter((one or _NOBODY, other or _NOBODY) for one, other in pairs)
    return [[one, other, count] for (one, other), count in sorted(counts.items())]


def _bins(shifts: Iterable[int]) -> list[list[int]]:
    """Count changes by half points: [lower edge in milli-points, how many]."""
    counts: Counter[int] = Counter()
    for shift in shifts:
        kept = max(-EDGE_MILLI, min(EDGE_MILLI - 1, shift))
        counts[kept // BIN_MILLI * BIN_MILLI] += 1
    if not counts:
        return []
    edges = range(min(counts), max(counts) + 1, BIN_MILLI)
    return [[edge, counts[edge]] for edge in edges]


def _groups(pairs: Iterable[tuple[str, HallChange]]) -> list[dict[str, Any]]:
    groups: dict[str, list[HallChange]] = {}
    for key, each in pairs:
        groups.setdefault(key, []).append(each)
    return [
        {
            "id": key,
            "hall_months": len(found),
            "moved": sum(bool(each.change_milli) for each in found),
            "mean_milli": round(sum(each.change_milli for each in found) / len(found)),
            "unknown_items": sum(each.unknown_items for each in found),
        }
        for key, found in sorted(groups.items())
    ]


def merged_counts(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return counts of several months added up."""
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return dict(total)
