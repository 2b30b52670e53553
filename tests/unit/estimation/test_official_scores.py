"""The official score as floats, against the contract's figures and exact fractions."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditapp.estimation.official import official_scores, source_anchors
from auditapp.estimation.policy import MonthPolicy

POLICY = MonthPolicy()
SOURCE = st.tuples(st.integers(0, 80), st.integers(0, 100))


def scored(rows, policy=POLICY, tier=None):
    """Official scores of rows of (count, mean) per source."""
    table = np.array(rows, dtype=float)
    counts = table[..., 0].astype(int)
    totals = table[..., 0] * table[..., 1]
    tier = np.zeros(len(rows), dtype=int) if tier is None else np.array(tier)
    anchors = source_anchors(policy, totals, counts, tier)[tier]
    return official_scores(policy, totals, counts, anchors)


def test_the_worked_example():
    one_visit = [(1, 52), (1, 84), (12, 83), (60, 82)]
    two_visits = [(2, (52 + 83) / 2), *one_visit[1:]]

    found = scored([one_visit, two_visits])

    assert [f"{s:.1f}" for s in found.score_points] == ["70.6", "76.8"]
    assert [f"{h:.1f}" for h in found.half_width_points] == ["6.7", "5.2"]
    assert found.is_full.all()
    assert found.can_be_graded.all()


def test_too_few_answers_are_missing_and_their_weight_is_shared_out():
    found = scored([[(1, 50), (1, 80), (4, 0), (14, 0)]])

    assert abs(found.score_points[0] - (40 * 50 + 20 * 80) / 60) < 1e-9
    assert found.available_weight_pct[0] == 60
    assert not found.is_full[0]
    assert found.can_be_graded[0]


def test_under_two_fifths_of_the_weight_there_is_no_score():
    rows = [[(0, 0), (1, 80), (0, 0), (0, 0)], [(1, 80), (0, 0), (0, 0), (0, 0)]]

    found = scored(rows)

    assert found.has_score.tolist() == [False, True]
    assert found.score_points.tolist() == [0, 80]
    assert not found.can_be_graded.any()  # one source is never graded


def test_anchoring_takes_the_lift_out_of_a_missing_strict_source():
    strict, lenient = 60, 90
    whole = [(1, strict), (1, lenient), (20, lenient), (40, lenient)]
    rows = [whole, whole, [(0, 0), *whole[1:]]]
    anchored = scored(rows, replace(POLICY, is_anchored=True))
    shared_out = scored(rows)

    assert abs(shared_out.score_points[2] - lenient) < 1e-9
    assert np.allclose(anchored.score_points, 0.4 * strict + 0.6 * lenient)
    assert np.array_equal(anchored.score_points[:2], shared_out.score_points[:2])


@given(rows=st.lists(st.tuples(SOURCE, SOURCE, SOURCE, SOURCE), min_size=1, max_size=5))
def test_floats_round_like_fractions_unless_marked(rows):
    found = scored(rows)

    for index, row in enumerate(rows):
        present = [
            (weight, mean)
            for weight, least, (count, mean) in zip(
                POLICY.weights, POLICY.minimum_counts, row, strict=True
            )
            if count >= least
        ]
        weight = sum(w for w, _ in present)
        assert found.has_score[index] == (weight >= 40)
        if found.has_score[index] and not found.is_near_tie[index]:
            exact = Fraction(int(sum(w * m for w, m in present)), int(weight))
            assert round(found.score_points[index] * 1000) == round(exact * 1000)


def test_half_a_milli_point_is_marked_as_a_near_tie():
    policy = replace(POLICY, weights=(50, 50, 0, 0))
    rows = [[(1, 50.001), (1, 50), (0, 0), (0, 0)], [(1, 50), (1, 50), (0, 0), (0, 0)]]

    assert scored(rows, policy).is_near_tie.tolist() == [True, False]
