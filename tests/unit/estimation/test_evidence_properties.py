"""What must hold of any evidence, whatever it says."""

import dataclasses
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.estimation.month import apply_model, estimate_month
from auditapp.estimation.states import CUSTOMERS
from estimation_samples import of_halls, sample_policy, sample_world

MONTH = 3
HALLS = st.integers(0, 199)
POINTS = st.floats(0, 100)
SOME = st.integers(1, 60)
MANY_RUNS = settings(max_examples=40, deadline=None)  # the first call fits the model


@cache
def model_and_states():
    """The sample world's model of the month, and the states before it."""
    model, states = None, None
    for month in range(MONTH + 1):
        before = states
        model, states, _ = estimate_month(
            sample_world(), month, sample_policy(), model, states
        )
    return model, before


def rescored(hall, **sources):
    """One hall with some customers' (count, mean) put in place of its own."""
    model, before = model_and_states()
    evidence = of_halls(sample_world(), [hall])
    for name, (number, points) in sources.items():
        answers = getattr(evidence, name)
        count, mean = answers.count.copy(), answers.mean_points.copy()
        count[0, MONTH], mean[0, MONTH] = number, points
        changed = dataclasses.replace(answers, count=count, mean_points=mean)
        evidence = dataclasses.replace(evidence, **{name: changed})
    return apply_model(evidence, MONTH, sample_policy(), model, before.of([hall]))


def customers_points(hall, states):
    """What customers are believed to think of a hall."""
    customers = model_and_states()[0].customers
    tier, region = sample_world().tier[hall], sample_world().region[hall]
    peers = customers.tier_mean[-1][tier] + customers.region_deviation[-1][region]
    return peers + states.mean[0, CUSTOMERS]


@MANY_RUNS
@given(hall=HALLS, number=SOME, many=SOME, points=POINTS)
def test_an_added_source_with_equal_mean_never_widens_the_range(
    hall, number, many, points
):
    states, without = rescored(hall, callbacks=(0, 0), feedback=(many, points))
    same = customers_points(hall, states)

    _, with_it = rescored(hall, callbacks=(number, same), feedback=(many, points))

    assert abs(with_it.score_points[0] - without.score_points[0]) < 1e-9
    assert with_it.se_points[0] <= without.se_points[0] + 1e-12


@MANY_RUNS
@given(hall=HALLS, few=SOME, more=SOME, points=POINTS)
def test_more_evidence_moves_the_score_towards_the_halls_own_mean(
    hall, few, more, points
):
    without, _ = rescored(hall, callbacks=(0, 0))
    _, some = rescored(hall, callbacks=(few, points))
    _, many = rescored(hall, callbacks=(few + more, points))

    towards = points - customers_points(hall, without)
    moved = many.score_points[0] - some.score_points[0]
    assert moved * np.sign(towards) >= -1e-9 or _bounded(some, many)
    assert many.pieces.reliability[0, 4] > some.pieces.reliability[0, 4]


def _bounded(*estimates):
    """Whether a score lies at the end of the scale, where it cannot move."""
    return any(e.score_points[0] in (0, 100) for e in estimates)


@MANY_RUNS
@given(hall=HALLS, points=POINTS, other=POINTS)
def test_a_better_answer_never_lowers_the_score(hall, points, other):
    low, high = sorted((points, other))
    _, worse = rescored(hall, feedback=(30, low))
    _, better = rescored(hall, feedback=(30, high))

    assert better.score_points[0] >= worse.score_points[0] - 1e-9
