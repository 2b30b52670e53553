"""Changing halls' tiers and traits, from a month that has not begun."""

from collections.abc import Collection, Sequence
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
class PlaceChange:
    """What changes at some halls: a tier (None: stays), traits that come and go."""

    hall_ids: Sequence[str]
    from_month: str
    reason: str
    tier: str | None = None
    add: Collection[str] = ()
    remove: Collection[str] = ()


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
    known = {place.hall_id: place for place in list_hall_places(session)}
    if not change.hall_ids or not set(change.hall_ids) <= known.keys():
        raise NotFoundError
    then = {
        place.hall_id: place for place in list_hall_places(session, change.from_month)
    }
    pairs = [(then[hall], _changed(then[hall], change)) for hall in change.hall_ids]
    problems = [*_problems(change, vocabulary), *_clashes(pairs, vocabulary)]
    if problems:
        raise InvalidError(problems)
    differing = [(old, new) for old, new in pairs if old != new]
    _write_down_the_past(session, [known[old.hall_id] for old, _new in differing], now)
    for old, new in differing:
        _keep(session, actor, new, change, now)
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


def _changed(place: HallPlace, change: PlaceChange) -> HallPlace:
    traits = (place.traits - set(change.remove)) | set(change.add)
    tier = change.tier or place.tier
    return HallPlace(place.hall_id, place.region_id, tier, frozenset(traits))


def _write_down_the_past(
    session: Session, places: Sequence[HallPlace], now: datetime
) -> None:
    """Keep what halls were before they are changed for the first time."""
    ids = [place.hall_id for place in places]
    written = set(
        session.scalars(
            select(HallPlaceRow.hall_id).where(
                HallPlaceRow.hall_id.in_(ids), HallPlaceRow.from_month == ALWAYS
            )
        )
    )
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
        for place in places
        if place.hall_id not in written
    )
    session.flush()


def _keep(
    session: Session, actor: Actor, place: HallPlace, change: PlaceChange, now: datetime
) -> None:
    key = (place.hall_id, change.from_month)
    row = session.get(HallPlaceRow, key)
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
    if change.tier is not None and change.tier not in vocabulary.tiers:
        problems.append(Problem("/tier", "unknown-tier", _UNKNOWN))
    unknown = {*change.add, *change.remove} - vocabulary.traits.keys()
    if unknown:
        problems.append(Problem("/traits", "unknown-trait", _UNKNOWN))
    if change.tier is None and not change.add and not change.remove:
        problems.append(Problem("", "nothing-changed", _NOTHING))
    return problems


def _clashes(
    pairs: Sequence[tuple[HallPlace, HallPlace]], vocabulary: Vocabulary
) -> list[Problem]:
    """Name the first hall that would have two traits that exclude each other."""
    for _old, new in pairs:
        for trait in sorted(new.traits):
            word = vocabulary.traits.get(trait)
            others = sorted(word.excludes & new.traits) if word else []
            if word and others:
                other = vocabulary.traits[others[0]].name
                text = Text(
                    f"{new.hall_id}不能同时是“{word.name.zh}”和“{other.zh}”，请去掉一个。",
                    f"{new.hall_id} cannot be both “{word.name.en}” and “{other.en}”;"
                    " take one away.",
                )
                return [Problem("/traits", "contradiction", text)]
    return []


_NO_REASON = Text(
    "请写一句理由，以后的人会看到。",
    "Give a reason in a sentence; others will read it.",
)
_UNKNOWN = Text("没有这个等级或特征。", "There is no such tier or trait.")
_NOTHING = Text("请选择要改的等级或特征。", "Choose a tier or a trait to change.")
