"""The same points lost, seen from every side, and as they are printed.

Whatever the grouping: Σ ``lost`` + the cap's loss + the score = 100, exactly before
rounding and exactly again in the tenths that are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from auditapp.domain.rounding import (
    MILLI_PER_POINT,
    TENTHS_PER_POINT,
    apportion,
    apportion_tenths,
    milli_to_tenths,
    to_milli,
)
from auditapp.domain.scoring import FULL, AuditScore, Line

DIMENSIONS = (
    "section",
    "quality",
    "group",
    "rater",
    "stage",
    "skill",
    "cause",
    "owner",
)
CAP = "critical_cap"
UNTAGGED = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What the counted items with one tag earned and lost.

    ``lost`` and ``earned`` are points of the audit's 100, ``score`` is 0–100 within the
    group; all unrounded. Items without the tag share the key "".
    """

    key: str
    weight: int
    items: int
    failed: int
    lost: Fraction
    earned: Fraction

    @property
    def score(self) -> Fraction:
        """The group's own score, as if nothing else had been asked."""
        return FULL * self.earned / (self.earned + self.lost)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One printed table in tenths of a point: ``score`` + Σ ``lost`` = 1000.

    What the critical cap took is in ``lost`` under ``critical_cap``.
    """

    score: int
    lost: dict[str, int]


def breakdown(
    form: Mapping[str, Any], score: AuditScore
) -> dict[str, tuple[Share, ...]]:
    """Return the shares of every dimension, each in the order of the form."""
    tags = {item["id"]: item for item in form["items"]}
    counted = [line for line in score.lines if line.is_counted]
    total = sum(line.weight for line in counted)
    groups: dict[str, dict[str, list[Line]]] = {name: {} for name in DIMENSIONS}
    for line in counted:
        item = line.attributed(tags[line.item_id])
        for dimension, by_key in groups.items():
            by_key.setdefault(item.get(dimension) or UNTAGGED, []).append(line)
    return {
        dimension: tuple(_share(key, lines, total) for key, lines in by_key.items())
        for dimension, by_key in groups.items()
    }


def lost_by_quality(form: Mapping[str, Any], score: AuditScore) -> dict[str, Fraction]:
    """Return the points lost on hard and on soft items, unrounded."""
    quality = {item["id"]: item["quality"] for item in form["items"]}
    lost = {"hard": Fraction(0), "soft": Fraction(0)}
    for line in score.lines:
        if line.is_counted:
            lost[quality[line.item_id]] += line.lost
    return lost


def item_ledger(score: AuditScore) -> Ledger | None:
    """Return the printed points lost by item id; None when there is no score."""
    lost = {line.item_id: line.lost for line in score.lines if line.is_counted}
    return _ledger(score, lost)


def share_ledger(score: AuditScore, shares: tuple[Share, ...]) -> Ledger | None:
    """Return the printed points lost of one dimension; None without a score."""
    return _ledger(score, {share.key: share.lost for share in shares})


def _share(key: str, lines: list[Line], total_weight: int) -> Share:
    weight = sum(line.weight for line in lines)
    lost = sum((line.lost for line in lines), Fraction(0))
    return Share(
        key=key,
        weight=weight,
        items=len(lines),
        failed=sum(line.is_failed for line in lines),
        lost=lost,
        earned=Fraction(FULL * weight, total_weight) - lost,
    )


def _ledger(score: AuditScore, lost: Mapping[str, Fraction]) -> Ledger | None:
    if score.score is None:
        return None
    # the score is published first; what was lost shares out the rest
    score_milli = to_milli(score.score)
    score_tenths = milli_to_tenths(score_milli)
    exact = {key: part * MILLI_PER_POINT for key, part in lost.items()}
    if score.cap_loss:
        exact[CAP] = score.cap_loss * MILLI_PER_POINT
    parts_milli = apportion(exact, FULL * MILLI_PER_POINT - score_milli)
    shown = apportion_tenths(parts_milli, FULL * TENTHS_PER_POINT - score_tenths)
    return Ledger(score_tenths, shown)
