"""What matters only where a trait holds is found there, and not said of others."""

import numpy as np

from auditapp.estimation.relevance import MATTERS, NO_SIGN
from auditapp.estimation.satisfaction import Satisfaction
from auditapp.services.standard_effects import Ground, effects_by_place

HALLS = 1200
RACK = {
    "id": "rack",
    "applies": {"small": "not_applicable", "big": "not_applicable"},
    "overrides": [{"if": ["rainy", "tier.small"], "set": "required"}],
}
SEATS = {"id": "seats", "applies": "all"}


def ground(**has_trait):
    """Return halls of two tiers: a rack is worth five points in the rain only."""
    chance = np.random.default_rng(5)
    rainy = chance.random(HALLS) < 0.4
    is_there = chance.random((HALLS, 2)) < 0.5
    points = 5.0 * (is_there[:, 0] & rainy) + chance.normal(0, 3, HALLS)
    is_seen = np.ones((HALLS, 2), dtype=bool)
    traits = {"rainy": rainy, **has_trait}
    return Ground(
        Satisfaction(points, np.ones(HALLS), np.ones(HALLS, dtype=bool)),
        np.zeros(HALLS),
        is_there.astype(float),
        is_seen,
        np.arange(HALLS) % 2,
        ["small", "big"],
        traits,
    )


def test_an_item_is_judged_where_it_is_asked_by_tier_and_by_trait():
    found = effects_by_place(ground(), [RACK, SEATS])
    assert found["rack", "small", "rainy"].word == MATTERS
    assert found["seats", "small", "rainy"].word == NO_SIGN
    assert ("rack", "small", "") not in found
    assert ("rack", "big", "rainy") not in found
    assert found["seats", "big", ""].halls == HALLS // 2


def test_a_trait_of_few_halls_or_of_nearly_all_makes_no_group():
    few, all_but_few = np.arange(HALLS) < 80, np.arange(HALLS) >= 20
    found = effects_by_place(ground(campus=few, hot=all_but_few), [RACK, SEATS])
    assert {trait for _item, _tier, trait in found} == {"", "rainy"}
