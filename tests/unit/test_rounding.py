"""Shown parts add up to the shown total."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.domain.rounding import (
    apportion,
    apportion_tenths,
    milli_to_tenths,
    round_half_up,
    to_milli,
)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (Fraction(1, 2), 1),
        (Fraction(3, 2), 2),
        (Fraction(5, 2), 3),
        (Fraction(-1, 2), 0),
        (Fraction(49, 100), 0),
        (Fraction(7), 7),
    ],
)
def test_a_half_goes_up_as_people_round_by_hand(value, whole):
    assert round_half_up(value) == whole


def test_a_third_is_published_as_milli_points():
    assert to_milli(Fraction(100, 3)) == 33_333
    assert milli_to_tenths(33_333) == 333


def test_the_largest_remainders_are_rounded_up():
    parts = {"a": Fraction(14, 10), "b": Fraction(13, 10), "c": Fraction(23, 10)}

    assert apportion(parts, 5) == {"a": 2, "b": 1, "c": 2}


def test_ties_go_by_id():
    thirds = dict.fromkeys("cab", Fraction(100, 3))

    assert apportion(thirds, 100) == {"c": 33, "a": 34, "b": 33}


def test_a_total_that_is_not_beside_the_sum_is_refused():
    with pytest.raises(ValueError, match="not the rounded sum"):
        apportion({"a": Fraction(3, 2)}, 3)


def test_nothing_adds_up_to_nothing():
    assert apportion({}, 0) == {}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=3),
        st.fractions(0, 100, max_denominator=997),
        min_size=1,
        max_size=30,
    )
)
def test_parts_add_up_and_each_stands_beside_its_exact_value(parts):
    exact = sum(parts.values())
    for total in (round_half_up(exact), exact.numerator // exact.denominator):
        shown = apportion(parts, total)

        assert sum(shown.values()) == total
        assert all(abs(shown[key] - part) < 1 for key, part in parts.items())


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.integers(0, 100_000), max_size=30))
def test_tenths_add_up_to_the_rounded_total(parts_milli):
    total = milli_to_tenths(sum(parts_milli.values()))

    assert sum(apportion_tenths(parts_milli, total).values()) == total
