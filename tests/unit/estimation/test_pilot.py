"""What a trial changed is told from what would have changed anyway."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.estimation.pilot import (
    FEWEST_PILOTS,
    NEIGHBOURS,
    match_halls,
    pilot_effect,
)
from auditapp.estimation.student import student_reach, student_within

# Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2
TABLE = [(1, 6.314), (2, 2.920), (3, 2.353), (5, 2.015), (10, 1.812), (30, 1.697)]


@pytest.mark.parametrize(("freedom", "reach"), TABLE)
def test_the_reach_is_that_of_the_published_table(freedom, reach):
    assert student_reach(90.0, freedom) == pytest.approx(reach, abs=5e-4)


@given(st.floats(0, 50), st.integers(1, 60))
def test_probabilities_are_probabilities_and_grow(t, freedom):
    here, farther = student_within(t, freedom), student_within(t + 1, freedom)
    assert -1e-9 <= here <= farther + 1e-9 <= 1 + 2e-9


def world(chance, *, effect, choose, halls=400, pilots=12, months=4):
    """Return before, after, pilots and strata of a company where a trial adds."""
    truth = chance.normal(80, 5, halls)
    stratum = chance.integers(0, 4, halls)
    before = truth + chance.normal(0, 8, (months, halls)).mean(axis=0)
    is_pilot = np.zeros(halls, dtype=bool)
    is_pilot[choose(chance, before)[:pilots]] = True
    after = truth + chance.normal(0, 8, (months, halls)).mean(axis=0) + 1.5
    return before, after + effect * is_pilot, is_pilot, stratum


def at_random(chance, before):
    return chance.permutation(len(before))


def the_worst(_chance, before):
    return np.argsort(before)


@pytest.mark.parametrize("choose", [at_random, the_worst])
@pytest.mark.parametrize("effect", [0.0, 4.0])
@pytest.mark.parametrize("pilots", [4, 12, 40])
def test_the_range_holds_the_truth_nine_times_in_ten_however_halls_were_chosen(
    choose, effect, pilots
):
    chance = np.random.default_rng(7)
    held, found = 0, []
    for _world in range(400):
        before, after, is_pilot, stratum = world(
            chance, effect=effect, choose=choose, pilots=pilots
        )
        result = pilot_effect(before, after, is_pilot, stratum)
        held += result.low <= effect <= result.high
        found.append(result.effect)

    assert np.mean(found) == pytest.approx(effect, abs=0.45)
    assert 0.86 <= held / 400 <= 0.97


def test_bare_before_and_after_would_praise_halls_that_only_had_bad_luck():
    """Why like halls are needed: the worst get better by themselves."""
    chance = np.random.default_rng(3)
    before, after, is_pilot, _stratum = world(chance, effect=0.0, choose=the_worst)

    assert (after - before)[is_pilot].mean() > 3


def test_a_pilot_hall_stands_beside_the_nearest_of_its_own_kind():
    before = np.array([70.0, 71, 90, 70, 69, 68, 67, 66, 65])
    is_pilot = np.array([True] + [False] * 8)
    stratum = np.array([0, 0, 0, 1, 0, 0, 0, 0, 0])

    matched = match_halls(before, is_pilot, stratum)

    (beside,) = matched.neighbours
    assert sorted(beside.tolist()) == [1, 4, 5, 6, 7]
    assert len(beside) == NEIGHBOURS
    assert sum(matched.weights.values()) == pytest.approx(1)


def test_with_too_few_halls_there_is_an_effect_and_no_range():
    before, after = np.array([70.0, 70, 71]), np.array([75.0, 71, 72])
    is_pilot = np.array([True, False, False])
    result = pilot_effect(before, after, is_pilot, np.zeros(3))

    assert result.pilots < FEWEST_PILOTS
    assert (result.effect, result.low, result.high) == (pytest.approx(4), None, None)
    assert (result.like, result.behind) == (2, pytest.approx(0.5))


def test_without_a_like_hall_nothing_is_said():
    before = np.array([70.0, 71])
    is_pilot = np.array([True, False])

    assert pilot_effect(before, before, is_pilot, np.array([0, 1])) is None
