"""Changing halls' tiers and traits, from a month that has not begun."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.month import is_month, month_of
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.organisation import (
    HallPlace,
    changed_places,
    effective_traits,
    list_hall_places,
)
from auditapp.services.checklists import MonthBegunError
from auditapp.services.events import record_event
from auditapp.services.visit_forms import request_reform
from auditapp.store.organisation import CityRow, HallPlaceRow, HallRow, RegionRow

ALWAYS = ""  # the month of what was before the first change
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class PlaceTarget:
    """What one hall is to be: its tier (None: stays), traits it has and has not."""

    hall_id: str
    tier: str | None
    traits: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """What changes at which halls, from when on and why."""

    targets: Sequence[PlaceTarget]
    from_month: str
    reason: str

    @classmethod
    def alike(
        cls,
        hall_ids: Collection[str],
        traits: Mapping[str, bool],
        *,
        tier: str | None,
        from_month: str,
        reason: str,
    ) -> "PlaceChange":
        """Return the same change for many halls."""
        targets = [PlaceTarget(hall_id, tier, traits) for hall_id in hall_ids]
        return cls(targets, from_month, reason)


Pair = tuple[HallPlace, HallPlace]  # as it would be, as it is to be


def change_places(
    session: Session,
    actor: Actor,
    change: PlaceChange,
    vocabulary: Vocabulary,
    *,
    now: datetime,
) -> list[str]:
    """Change halls from a month on and return those that differ then.

    Forms of visits that nobody has begun are made anew by a job.

    Raises:
        MonthBegunError: The month has begun, or is none.
        NotFoundError: One of the halls does not exist or is closed.
        InvalidError: Words are unknown or exclude each other; every problem is named.
    """
    if not is_month(change.from_month) or change.from_month <= month_of(now):
        raise MonthBegunError
    problems = [*_problems(change, vocabulary)]
    differing = places_differing(session, change.targets, change.from_month)
    problems += place_clashes(differing, vocabulary)[:1]
    if problems:
        raise InvalidError(problems)
    _write_down_the_past(session, [old.hall_id for old, _new in differing], now)
    _keep(session, actor, [new for _old, new in differing], change, now)
    for old, new in differing:
        record_event(
            session,
            "hall.place_changed",
            new.hall_id,
            now=now,
            actor_id=actor.person_id,
            from_month=change.from_month,
            tier=[old.tier, new.tier],
            added=sorted(new.traits - old.traits),
            removed=sorted(old.traits - new.traits),
            reason=change.reason,
        )
    if differing:
        request_reform(session, change.from_month, now=now)
    return [new.hall_id for _old, new in differing]


def places_differing(
    session: Session, targets: Sequence[PlaceTarget], month: str
) -> list[Pair]:
    """Return the halls that a change makes different from what they would be then.

    Raises:
        NotFoundError: One of the halls does not exist or is closed.
    """
    then = {place.hall_id: place for place in list_hall_places(session, month)}
    if not targets or not {target.hall_id for target in targets} <= then.keys():
        raise NotFoundError
    pairs = [(then[t.hall_id], _changed(then[t.hall_id], t)) for t in targets]
    return [(old, new) for old, new in pairs if old != new]


def place_clashes(pairs: Sequence[Pair], vocabulary: Vocabulary) -> list[Problem]:
    """Name the halls that would have two traits that exclude each other."""
    problems = []
    for _old, new in pairs:
        told: set[frozenset[str]] = set()
        for trait in sorted(new.traits):
            word = vocabulary.traits.get(trait)
            others = sorted(word.excludes & new.traits) if word else []
            pair = frozenset({trait, *others[:1]})
            if word and others and pair not in told:
                told.add(pair)
                other = vocabulary.traits[others[0]].name
                text = Text(
                    f"{new.hall_id}不能同时是“{word.name.zh}”和“{other.zh}”，请去掉一个。",
                    f"{new.hall_id} cannot be both “{word.name.en}” and “{other.en}”;"
                    " take one away.",
                )
                pointer = f"/traits/{new.hall_id}"
                problems.append(Problem(pointer, "contradiction", text))
    return problems


def settle_places(session: Session, *, now: datetime) -> int:
    """Let halls' own rows say what holds in the running month; return how many moved.

    Lists and filters read those rows; months and forms read what holds in their month.
    """
    changed = changed_places(session, month_of(now))
    rows = session.execute(
        select(HallRow, CityRow, RegionRow)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .join(RegionRow, RegionRow.region_id == CityRow.region_id)
        .where(HallRow.hall_id.in_(list(changed)))
    )
    moved = 0
    for hall, city, region in rows:
        tier, traits = changed[hall.hall_id]
        if (hall.tier, effective_traits(region, city, hall)) == (tier, traits):
            continue
        inherited = (set(region.traits) - set(city.traits_remove)) | set(
            city.traits_add
        )
        hall.tier = tier
        hall.traits_add = sorted(traits - inherited)
        hall.traits_remove = sorted(inherited - traits)
        moved += 1
    session.flush()
    return moved


def _changed(place: HallPlace, target: PlaceTarget) -> HallPlace:
    come = {trait for trait, has_it in target.traits.items() if has_it}
    traits = (place.traits - target.traits.keys()) | come
    tier = target.tier or place.tier
    return HallPlace(place.hall_id, place.region_id, tier, frozenset(traits))


def _write_down_the_past(session: Session, ids: Sequence[str], now: datetime) -> None:
    """Keep what halls were before they are changed for the first time."""
    written = set(
        session.scalars(
            select(HallPlaceRow.hall_id).where(
                HallPlaceRow.hall_id.in_(ids), HallPlaceRow.from_month == ALWAYS
            )
        )
    )
    new = set(ids) - written
    session.add_all(
        HallPlaceRow(
            hall_id=place.hall_id,
            from_month=ALWAYS,
            tier=place.tier,
            traits=sorted(place.traits),
            reason="",
            changed_by=None,
            changed_at=now,
        )
        for place in (list_hall_places(session) if new else ())
        if place.hall_id in new
    )
    session.flush()


def _keep(
    session: Session,
    actor: Actor,
    places: Sequence[HallPlace],
    change: PlaceChange,
    now: datetime,
) -> None:
    """Write what holds from the month on, over what was written for it before."""
    rows = session.scalars(
        select(HallPlaceRow).where(
            HallPlaceRow.from_month == change.from_month,
            HallPlaceRow.hall_id.in_([place.hall_id for place in places]),
        )
    )
    known = {row.hall_id: row for row in rows}
    for place in places:
        row = known.get(place.hall_id)
        if row is None:
            row = HallPlaceRow(hall_id=place.hall_id, from_month=change.from_month)
            session.add(row)
        row.tier, row.traits = place.tier, sorted(place.traits)
        row.reason = change.reason[:LONGEST_REASON]
        row.changed_by, row.changed_at = actor.person_id, now
    session.flush()


def _problems(change: PlaceChange, vocabulary: Vocabulary) -> list[Problem]:
    problems = []
    if not change.reason.strip():
        problems.append(Problem("/reason", "no-reason", _NO_REASON))
    tiers = {target.tier for target in change.targets if target.tier}
    if not tiers <= vocabulary.tiers.keys():
        problems.append(Problem("/tier", "unknown-tier", _UNKNOWN))
    traits = {trait for target in change.targets for trait in target.traits}
    if not traits <= vocabulary.traits.keys():
        problems.append(Problem("/traits", "unknown-trait", _UNKNOWN))
    if not tiers and not traits:
        problems.append(Problem("", "nothing-changed", _NOTHING))
    return problems


_NO_REASON = Text(
    "请写一句理由，以后的人会看到。",
    "Give a reason in a sentence; others will read it.",
)
_UNKNOWN = Text("没有这个等级或特征。", "There is no such tier or trait.")
_NOTHING = Text("请选择要改的等级或特征。", "Choose a tier or a trait to change.")
