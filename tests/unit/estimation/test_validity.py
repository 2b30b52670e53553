"""A standard that foretells customers better is told from one that does not."""

import numpy as np
import pytest

from auditapp.estimation.validity import LEAST_HALLS, validity


def world(halls=400, seed=1):
    chance = np.random.default_rng(seed)
    group = np.arange(halls) % 8
    truth = chance.normal(0, 5, halls)
    callbacks = truth + chance.normal(0, 4, halls) + 10.0 * group
    noisy = truth + chance.normal(0, 12, halls) - 7.0 * group
    clear = truth + chance.normal(0, 4, halls) - 7.0 * group
    return noisy, clear, callbacks, group


def test_a_clearer_standard_foretells_better_and_surely():
    noisy, clear, callbacks, group = world()
    found = validity(noisy, clear, callbacks, group)
    assert found.after - found.before > 0.2
    assert 0 < found.low < found.after - found.before < found.high
    assert found == validity(noisy, clear, callbacks, group)
    for value, (low, high) in (
        (found.before, found.before_range),
        (found.after, found.after_range),
    ):
        assert low < value < high


def test_the_same_standard_is_neither_better_nor_worse():
    noisy, _clear, callbacks, group = world()
    found = validity(noisy, noisy, callbacks, group)
    assert (found.low, found.high) == (0, 0)
    assert found.before == found.after


def test_the_correlation_is_that_of_deviations_from_tier_and_region():
    noisy, clear, callbacks, group = world(48)
    own = [
        values - np.array([values[group == each].mean() for each in group])
        for values in (noisy, callbacks)
    ]
    expected = np.corrcoef(*own)[0, 1]
    assert validity(noisy, clear, callbacks, group).before == pytest.approx(expected)


def test_chance_alone_is_seldom_called_a_difference():
    sure = 0
    for seed in range(60):
        chance = np.random.default_rng(seed)
        one, other, callbacks = chance.normal(0, 1, (3, 200))
        found = validity(one, other, callbacks, np.zeros(200, dtype=int))
        sure += found.low > 0 or found.high < 0
    assert sure <= 12


def test_a_hall_without_peers_says_nothing():
    noisy, clear, callbacks, group = world(48)
    alone = np.concatenate([group, [8, 9]])
    more = [np.concatenate([each, [500, -500]]) for each in (noisy, clear, callbacks)]
    assert validity(*more, alone) == validity(noisy, clear, callbacks, group)
    singles = np.arange(LEAST_HALLS + 10)
    values = np.random.default_rng(1).normal(0, 1, (3, len(singles)))
    assert validity(*values, singles) is None


def test_few_halls_or_no_spread_tell_nothing():
    few = LEAST_HALLS - 1
    assert validity(*np.zeros((3, few)), np.zeros(few, dtype=int)) is None
    assert validity(*np.zeros((3, 50)), np.zeros(50, dtype=int)) is None
