"""Bands instead of ranks, and what may be said of a hall by name."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditapp.estimation.bands import assign_bands
from auditapp.estimation.change import Standing, find_changes
from auditapp.estimation.naming import (
    NAMED_FROM,
    chance_in_worst_tenth,
    grades_covered,
)
from auditapp.estimation.normal import normal_cdf
from auditapp.estimation.policy import MonthPolicy

HALLS = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0.5, 8)), min_size=1, max_size=40
)


def test_a_band_holds_everyone_its_first_cannot_be_told_from():
    scores = np.array([89, 88, 86, 70, 84, 68.0])
    errors = np.array([1, 1, 1, 1, 1, 9.0])

    bands = assign_bands(scores, errors)

    # 89 and 86 differ by 3 > 1.645·√2; 68 ± much is told from nobody above 82
    assert bands.band.tolist() == [1, 1, 2, 3, 2, 3]
    assert bands.first_rank.tolist() == [1, 1, 3, 5, 3, 5]
    assert bands.last_rank.tolist() == [2, 2, 4, 6, 4, 6]


@given(halls=HALLS)
def test_bands_share_out_the_ranks(halls):
    scores, errors = np.array(halls).T
    bands = assign_bands(scores, errors)

    for band in range(1, bands.band.max() + 1):
        members = np.flatnonzero(bands.band == band)
        first = members[np.argmax(scores[members])]
        reach = 1.645 * np.hypot(errors[first], errors[members])
        assert (scores[first] - scores[members] <= reach + 1e-9).all()
        assert (bands.last_rank - bands.first_rank + 1)[members[0]] == len(members)
    assert sorted(
        np.repeat(*np.unique(bands.first_rank, return_counts=True))
    ) == sorted(bands.first_rank)


def test_the_chance_of_the_worst_tenth_is_what_drawing_says():
    chance = np.random.default_rng(5)
    scores = chance.normal(82, 5, 120)
    errors = chance.uniform(1, 4, 120)
    drawn = chance.normal(scores, errors, (20_000, 120))
    cut = np.partition(drawn, 11, axis=1)[:, 11:12]

    ours = chance_in_worst_tenth(scores, errors)

    assert np.abs(ours - (drawn <= cut).mean(axis=0)).max() < 0.03
    assert abs(ours.sum() - 12) < 0.5


def test_hardly_anyone_is_named_without_cause():
    chance = np.random.default_rng(6)
    truth = chance.normal(82, 5, 50_000)
    seen = truth + chance.normal(0, 2, truth.size)
    scores = 82 + (seen - 82) * 25 / 29
    named = chance_in_worst_tenth(scores, np.full(truth.size, np.sqrt(100 / 29)))

    is_named = named >= NAMED_FROM
    is_worst = truth <= np.quantile(truth, 0.1)
    assert 0.03 < is_named.mean() < 0.1
    assert is_worst[is_named].mean() > NAMED_FROM


def test_fewer_than_ten_halls_have_no_worst_tenth():
    assert chance_in_worst_tenth(np.array([10.0, 90.0]), np.ones(2)).tolist() == [0, 0]


def test_a_range_across_a_cut_covers_both_grades():
    low, high = np.array([91, 78, 66, -1, 90.0]), np.array([95, 82, 92, 5, 90.0])

    covered = grades_covered(low, high, MonthPolicy().grades)

    assert covered == ["A", "B–C", "A–D", "D", "A"]


def test_unchanged_halls_raise_alarms_as_rarely_as_promised():
    chance = np.random.default_rng(7)
    errors = np.full(4000, 2.0)
    peers = np.full(4000, 80.0)
    before = Standing(80 + chance.normal(0, 2, 4000), errors, peers)
    after = 80 + chance.normal(0, 2, 4000)
    after[:200] += 12
    changes = find_changes(Standing(after, errors, peers + 1), before)

    assert 0.08 < changes.is_alarm[200:].mean() < 0.12
    assert changes.is_listed[:200].mean() > 0.9
    assert changes.is_listed[200:].sum() < 0.2 * changes.is_listed.sum()
    assert (changes.peer_change_points == 1).all()


def test_the_normal_distribution_is_the_tables():
    table = normal_cdf(np.array([-1.6448536269514722, 0, 1.959963984540054]))

    assert np.abs(table - [0.05, 0.5, 0.975]).max() < 1e-12
