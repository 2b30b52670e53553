"""The ability to practise in a hall, and what became of what it practised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.drill import (
    LOOKED_AT,
    AbilityGap,
    PeerSum,
    weakest_ability,
)
from auditapp.domain.month import later
from auditapp.store.drills import PracticeRow
from auditapp.store.profiles import EVERYWHERE, HallProfileRow, ProfileSumRow

YEAR, SKILL, ALL_TRAITS = 12, "skill", ""
SHOWN = 6
AROUND = 3  # months before and after a practice


@dataclass(frozen=True, slots=True)
class PracticeSeen:
    """A day of practice and the ability's means of months around it, if any."""

    skill: str
    practised_on: date
    before_milli: float | None
    after_milli: float | None
    months_after: int


@dataclass(frozen=True, slots=True)
class AbilityView:
    """What to practise now, and what was practised, the latest first."""

    weakest: AbilityGap | None
    practices: tuple[PracticeSeen, ...]


def get_abilities(session: Session, hall_id: str, month: str) -> AbilityView:
    """Return what a hall should practise after a month; later months are not read.

    Whoever asks has seen to it that the person may read this hall's month.
    """
    year = [later(month, -back) for back in range(YEAR)]
    profiles = session.execute(
        select(HallProfileRow.month, HallProfileRow.tier, HallProfileRow.figures)
        .where(HallProfileRow.hall_id == hall_id, HallProfileRow.month.in_(year))
        .order_by(HallProfileRow.month)
    ).all()
    seen = {row.month: row.figures.get(SKILL, {}) for row in profiles}
    days = session.execute(
        select(PracticeRow.skill, PracticeRow.practised_on)
        .where(PracticeRow.hall_id == hall_id)
        .order_by(PracticeRow.practised_on.desc(), PracticeRow.skill)
        .limit(SHOWN)
    ).all()
    practices = tuple(_practice(row.skill, row.practised_on, seen) for row in days)
    if not profiles:
        return AbilityView(None, practices)
    lately = year[:LOOKED_AT]
    own: dict[str, list[int]] = {}
    for each in lately:
        for skill, milli in seen.get(each, {}).items():
            own.setdefault(skill, []).append(milli)
    peers = _peers(session, profiles[-1].tier, lately)
    return AbilityView(weakest_ability(own, peers), practices)


def _peers(session: Session, tier: str, months: Sequence[str]) -> dict[str, PeerSum]:
    rows = session.execute(
        select(
            ProfileSumRow.key,
            func.sum(ProfileSumRow.halls),
            func.sum(ProfileSumRow.total_milli),
            func.sum(ProfileSumRow.squares_milli),
        )
        .where(
            ProfileSumRow.month.in_(months),
            ProfileSumRow.trait == ALL_TRAITS,
            ProfileSumRow.region_id == EVERYWHERE,
            ProfileSumRow.dimension == SKILL,
            ProfileSumRow.tier == tier,
        )
        .group_by(ProfileSumRow.key)
    )
    return {
        key: PeerSum(int(halls), int(total), int(squares))
        for key, halls, total, squares in rows
    }


def _practice(skill: str, day: date, seen: dict[str, Any]) -> PracticeSeen:
    """Compare the months before that of a practice with those after it."""
    month = f"{day:%Y-%m}"
    before = [
        seen[each][skill] for each in seen if each < month and skill in seen[each]
    ]
    after = [seen[each][skill] for each in seen if each > month and skill in seen[each]]
    return PracticeSeen(
        skill,
        day,
        _mean(before[-AROUND:]),
        _mean(after[:AROUND]),
        len(after[:AROUND]),
    )


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None
