"""Auditors who judge an item differently are noticed; chance and places are not."""

import numpy as np
import pytest

from auditapp.estimation.judges import spread_of


def counted(seed, sd, *, auditors=12, visits=60, regions=3):
    """Return visits of auditors who differ by ``sd``, in regions that differ too."""
    chance = np.random.default_rng(seed)
    found = {}
    for auditor in range(auditors):
        lenient = chance.normal(0, sd)
        for region in range(regions):
            number = visits // regions
            rate = np.clip(0.5 + 0.15 * region + lenient, 0, 1)
            found[f"a{auditor}", f"r{region}"] = (
                number,
                int(chance.binomial(number, rate)),
            )
    return found


def test_auditors_who_judge_alike_are_hardly_ever_said_to_differ():
    wide = sum(spread_of(counted(seed, 0)).is_wide for seed in range(300))
    assert wide <= 3


def test_auditors_who_differ_are_found_with_about_their_spread():
    found = [spread_of(counted(seed, 0.2)) for seed in range(40)]
    assert sum(each.is_wide for each in found) >= 36
    assert np.mean([each.sd for each in found]) == pytest.approx(0.19, abs=0.04)


def test_halls_that_differ_do_not_make_auditors_differ():
    apart = {
        (f"a{n}", "good" if n < 6 else "bad"): (60, 58 if n < 6 else 10)
        for n in range(12)
    }
    assert not spread_of(apart).is_wide


def test_few_auditors_or_visits_tell_nothing():
    assert spread_of(counted(1, 0.3, auditors=4)) is None
    assert spread_of(counted(1, 0.3, visits=6)) is None
    assert spread_of({}) is None


def test_what_always_passes_has_no_spread():
    always = {(f"a{n}", "all"): (20, 20) for n in range(8)}
    assert spread_of(always).sd == 0
