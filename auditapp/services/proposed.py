"""What the evidence suggests about items: from customers, records and auditors."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from auditapp.domain.item_signs import (
    JUDGES_DISAGREE,
    LIGHT_WEIGHT,
    RAISE_WEIGHT,
    ItemHealth,
    is_protected,
    signs_of,
)
from auditapp.estimation.judges import Counted, spread_of
from auditapp.estimation.relevance import MATTERS, ItemEffect
from auditapp.services.item_counts import Key
from auditapp.services.standard_effects import EffectKey

Items = Mapping[str, Mapping[str, Any]]
Proposed = dict[str, Any]

PERCENT = 100


def by_effect(
    effects: Mapping[EffectKey, ItemEffect],
    sizes: Mapping[tuple[str, str], int],
    items: Items,
) -> list[Proposed]:
    """Return what effects on customers suggest, tier by tier.

    What a whole tier suggests already is not said again of a trait within it.
    """
    kinds = {key: _kind(effect, items[key[0]]) for key, effect in effects.items()}
    return [
        {
            "item_id": item,
            "kind": kind,
            "place": [f"tier.{tier}", *([trait] if trait else [])],
            "halls": sizes[tier, trait],
            "evidence": {"halls": effect.halls, **figures_of(effect)},
        }
        for (item, tier, trait), effect in effects.items()
        if (kind := kinds[item, tier, trait])
        and not (trait and kinds.get((item, tier, "")) == kind)
    ]


def by_record(
    items: Items, records: Mapping[Key, ItemHealth], halls: int
) -> list[Proposed]:
    """Return what the items' own records suggest."""
    totals: dict[str, ItemHealth] = defaultdict(ItemHealth)
    for (_month, item, _tier), record in records.items():
        totals[item] = totals[item].plus(record)
    return [
        _everywhere(
            item,
            sign,
            halls,
            asked=record.asked,
            passed=record.passed,
            not_observed=record.not_observed,
        )
        for item, record in totals.items()
        if item in items
        for sign in signs_of({"weight": LIGHT_WEIGHT, **items[item]}, record)
    ]


def by_judges(
    items: Items, judged: Mapping[str, Counted], halls: int
) -> list[Proposed]:
    """Return the items that auditors surely judge differently; nobody is named."""
    found = []
    for item, counted in judged.items():
        spread = spread_of(counted)
        if item in items and spread is not None and spread.is_wide:
            found.append(
                _everywhere(
                    item,
                    JUDGES_DISAGREE,
                    halls,
                    auditors=spread.auditors,
                    visits=spread.visits,
                    spread_pct=round(PERCENT * spread.sd),
                )
            )
    return found


def figures_of(effect: ItemEffect) -> dict[str, int]:
    """Return effect and interval in milli-points of satisfaction."""
    return {
        "effect_milli": round(effect.effect * 1000),
        "low_milli": round(effect.low * 1000),
        "high_milli": round(effect.high * 1000),
    }


def _kind(effect: ItemEffect, item: Mapping[str, Any]) -> str:
    """Return what an effect suggests; "" for nothing."""
    is_light = item.get("weight", LIGHT_WEIGHT) <= LIGHT_WEIGHT
    if effect.word == MATTERS and effect.is_required and is_light:
        # a law's item weighs what the law makes it weigh
        return "" if is_protected(item) else RAISE_WEIGHT
    return effect.suggestion


def _everywhere(item: str, kind: str, halls: int, **evidence: int) -> Proposed:
    return {
        "item_id": item,
        "kind": kind,
        "place": [],
        "halls": halls,
        "evidence": evidence,
    }
