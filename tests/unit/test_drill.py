"""The weakest ability is named with enough evidence only, and each has a drill."""

from datetime import date, timedelta

import pytest

from auditapp.domain.drill import PeerSum, check_practised_on, weakest_ability
from auditapp.domain.errors import InvalidError
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.gateways.drill_files import load_drills

TODAY = date(2026, 11, 18)


def peers(mean, spread, halls=30):
    squares = halls * (mean * mean + spread * spread)
    return PeerSum(halls, halls * mean, squares)


def test_the_furthest_below_peers_for_its_spread_is_weakest():
    own = {"perception": [60000, 64000], "composure": [50000, 50000]}
    all_peers = {"perception": peers(80000, 5000), "composure": peers(70000, 40000)}
    found = weakest_ability(own, all_peers)
    assert (found.skill, found.own_milli, found.is_clear) == ("perception", 62000, True)
    unclear = weakest_ability({"composure": [50000, 50000]}, all_peers)
    assert not unclear.is_clear


@pytest.mark.parametrize(
    ("own", "others"),
    [
        ([50000], peers(80000, 5000)),
        ([50000, 50000], peers(80000, 5000, halls=7)),
        ([90000, 90000], peers(80000, 5000)),
    ],
)
def test_too_little_evidence_or_no_gap_names_none(own, others):
    assert weakest_ability({"etiquette": own}, {"etiquette": others}) is None
    assert weakest_ability({"etiquette": own}, {}) is None


def test_every_ability_has_a_drill_of_three_to_five_steps():
    drills = load_drills()
    abilities = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document["skill"]
    assert drills.keys() == abilities.keys()
    assert all(3 <= len(drill.steps) <= 5 for drill in drills.values())


def test_a_practice_was_lately():
    assert check_practised_on(TODAY, TODAY) == TODAY
    for day in (None, TODAY + timedelta(days=1), TODAY - timedelta(days=61)):
        with pytest.raises(InvalidError):
            check_practised_on(day, TODAY)
