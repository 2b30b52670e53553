"""Whether customers care: what each facility does, by tier, and by trait within one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from auditapp.domain.cell_rules import acting, base_of
from auditapp.domain.item_signs import is_protected
from auditapp.domain.tier_matrix import Document
from auditapp.estimation.evidence import Counts, Evidence, Flags, Floats
from auditapp.estimation.presence import Sightings, estimate_presence
from auditapp.estimation.relevance import (
    LEAST_HALLS,
    LEAST_SHARE,
    Facilities,
    ItemEffect,
    find_effects,
    one_per_tier,
)
from auditapp.estimation.satisfaction import Satisfaction, hall_satisfaction
from auditapp.estimation.states import SERVICE, HallStates
from auditapp.reads.month_evidence import read_states
from auditapp.reads.month_inputs import MonthHall
from auditapp.reads.organisation import list_hall_places

EffectKey = tuple[str, str, str]  # item, tier, trait ("" for the whole tier)
Group = tuple[str, str]  # tier, trait


@dataclass(frozen=True)
class Ground:
    """What effects are estimated from; ``chance`` and ``is_seen`` are halls × items."""

    satisfaction: Satisfaction
    service: Floats
    chance: Floats
    is_seen: Flags
    tier: Counts
    tiers: Sequence[str]
    has_trait: Mapping[str, Flags]  # by trait, over the halls


def ground_of(
    evidence: Evidence,
    sightings: Sightings,
    service: Floats,
    tiers: Sequence[str],
    has_trait: Mapping[str, Flags],
) -> Ground:
    """Return the ground: how satisfied customers are, what halls have."""
    return Ground(
        hall_satisfaction(evidence),
        service,
        estimate_presence(sightings, evidence.tier).chance,
        sightings.is_seen,
        evidence.tier,
        tiers,
        has_trait,
    )


def effects_by_place(
    ground: Ground, items: Sequence[Document]
) -> dict[EffectKey, ItemEffect]:
    """Return the effects of facilities by tier, then by trait within each tier.

    They are two lists, each holding its share of false ones: a trait's halls are a part
    of their tier's, and must not make the tier's list longer.
    """
    tiers = ground.tiers
    whole = one_per_tier(ground.tier, len(tiers))
    by_tier: list[Group] = [(tier, "") for tier in tiers]
    by_trait, members = _within_tiers(ground, whole)
    return {
        **_effects(ground, items, by_tier, whole),
        **_effects(ground, items, by_trait, members),
    }


def read_service(
    session: Session, months: Sequence[str], halls: Sequence[MonthHall]
) -> Floats:
    """Return each hall's shrunken deviation in service, the mean of the months."""
    total = np.zeros(len(halls))
    for month in months:
        stored = read_states(session, month)
        states = HallStates.unpack([stored.get(hall.hall_id) for hall in halls])
        total += states.mean[:, SERVICE]
    return total / len(months)


def read_traits(
    session: Session, month: str, halls: Sequence[MonthHall]
) -> dict[str, Flags]:
    """Return which halls had which trait in a month."""
    held = {place.hall_id: place.traits for place in list_hall_places(session, month)}
    traits = sorted({trait for own in held.values() for trait in own})
    return {
        trait: np.array([trait in held.get(hall.hall_id, ()) for hall in halls])
        for trait in traits
    }


def _within_tiers(ground: Ground, whole: Flags) -> tuple[list[Group], Flags]:
    """Return the groups a trait makes in a tier: enough halls, and not all of them."""
    groups: list[Group] = []
    members = []
    for tier, own in zip(ground.tiers, whole, strict=True):
        for trait, has_it in ground.has_trait.items():
            both = own & has_it
            most = (1 - LEAST_SHARE) * own.sum()
            if LEAST_HALLS <= both.sum() <= most:
                groups.append((tier, trait))
                members.append(both)
    halls = whole.shape[1]
    return groups, np.array(members, dtype=bool).reshape(len(groups), halls)


def _effects(
    ground: Ground,
    items: Sequence[Document],
    groups: Sequence[Group],
    members: Flags,
) -> dict[EffectKey, ItemEffect]:
    asked = np.array(
        [[_asked(item, group, ground.tiers) for item in items] for group in groups],
        dtype=object,
    ).reshape(len(groups), len(items))
    facilities = Facilities(
        ground.chance,
        ground.is_seen,
        np.asarray(asked == "required"),
        np.asarray(asked == "optional"),
        np.array([is_protected(item) for item in items], dtype=bool),
    )
    found = find_effects(ground.satisfaction, ground.service, facilities, members)
    return {(items[e.item]["id"], *groups[e.group]): e for e in found}


def _asked(item: Document, group: Group, tiers: Sequence[str]) -> str:
    tier, trait = group
    by_trait = acting(item, trait, tiers) if trait else {}
    return by_trait.get(tier, base_of(item, tiers)[tier])
