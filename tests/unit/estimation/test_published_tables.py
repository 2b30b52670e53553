"""Published numbers, reproduced to the digits printed (tests/data/published)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from auditapp.estimation.crossed_effects import crossed_effects
from auditapp.estimation.discovery import benjamini_hochberg
from auditapp.estimation.drivers import shapley_bands, shapley_shares
from auditapp.estimation.generalisability import (
    crossed_components,
    nested_components,
)
from auditapp.estimation.intervals import wilson_interval
from auditapp.estimation.official import shared_out
from auditapp.estimation.scales import linear_points, service_gaps, unweighted_gap
from auditapp.estimation.shrinkage import shrinkage_factor, shrunken
from auditapp.estimation.small_area import fay_herriot

PUBLISHED = Path(__file__).parent.parent.parent / "data/published"
AT_BATS = 45


def rows_of(name):
    with (PUBLISHED / name).open() as file:
        return list(csv.DictReader(file))


def column(rows, name):
    return np.array([float(row[name]) for row in rows])


def half_a_digit(text):
    """Half a unit of the last digit printed."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2])


def test_wilson_ranges_are_newcombes():
    for row in rows_of("wilson_newcombe1998.csv"):
        low, high = wilson_interval(
            np.array([int(row["successes"])]),
            np.array([int(row["n"])]),
            100 * float(row["level"]),
        )
        assert f"{low[0]:.4f}" == row["low"]
        assert f"{high[0]:.4f}" == row["high"]


def test_benjamini_and_hochberg_reject_their_four_of_fifteen():
    rows = rows_of("benjamini_hochberg1995.csv")
    shuffled = np.random.default_rng(1).permutation(len(rows))
    p_values, expected = column(rows, "p"), column(rows, "rejected_at_q05") == 1

    assert np.array_equal(benjamini_hochberg(p_values, 0.05), expected)
    assert np.array_equal(
        benjamini_hochberg(p_values[shuffled], 0.05), expected[shuffled]
    )
    assert np.count_nonzero(p_values <= 0.05 / len(rows)) == 3  # Bonferroni


def test_baseball_averages_shrink_by_the_printed_factor():
    rows = rows_of("efron_morris.csv")
    average = column(rows, "hits45") / AT_BATS
    grand = average.mean()
    noise = grand * (1 - grand) / AT_BATS
    season = column(rows, "rest_avg")

    assert f"{grand:.3f}" == "0.265"
    assert f"{shrinkage_factor(average, noise):.3f}" == "0.212"
    assert f"{shrunken(average, noise)[0]:.3f}" == "0.294"  # Clemente
    errors = [np.square(x - season).sum() for x in (average, shrunken(average, noise))]
    assert errors[0] / errors[1] > 3


def test_a_missing_group_leaves_the_printed_weights():
    rows = rows_of("cms_reproportion_example.csv")
    is_present = column(rows, "missing") == 0

    shares = shared_out(column(rows, "weight"), is_present[None])[0]

    for row, share in zip(rows, shares, strict=True):
        printed = row["published_percent"]
        assert (f"{100 * share:.1f}" if share else "") == printed


def test_all_hospitals_have_their_summary_scores():
    groups = ("mortality", "safety", "readmission", "experience", "process")
    rows = rows_of("cms_overall_2021.csv")
    texts = [[row[group] for group in groups] for row in rows]
    is_present = np.array([[text != "" for text in line] for line in texts])
    scores = np.array([[float(text or 0) for text in line] for line in texts])
    rounding = np.array(
        [[half_a_digit(text) if text else 0 for text in line] for line in texts]
    )

    shares = shared_out(np.array([22, 22, 22, 22, 12]), is_present)

    gap = np.abs((shares * scores).sum(axis=1) - column(rows, "summary_score"))
    printed = np.array([half_a_digit(row["summary_score"]) for row in rows])
    assert len(rows) == 4536
    assert (gap <= printed + (shares * rounding).sum(axis=1) + 1e-15).all()


def test_milk_by_fay_and_herriot():
    rows = rows_of("fay_herriot_milk.csv")
    major = column(rows, "MajorArea")
    covariates = np.stack(
        [np.ones(len(rows)), *(major == area for area in (2, 3, 4))], axis=1
    )

    areas = fay_herriot(column(rows, "yi"), column(rows, "SD") ** 2, covariates)

    for row, estimate, error in zip(
        rows, areas.estimate, areas.squared_error, strict=True
    ):
        for value, printed in (
            (estimate, row["eblup_reml"]),
            (error, row["mse_reml"]),
        ):
            assert abs(value - float(printed)) <= half_a_digit(printed), row


def test_brennans_crossed_design():
    rows = rows_of("gtheory_brennan1_pxi.csv")
    found = crossed_components(column(rows, "score").reshape(10, 12))

    assert f"{found.person:.4f} {found.item:.4f} {found.residual:.4f}" == (
        "0.0574 0.0754 0.1269"
    )
    assert f"{found.coefficient:.3f} {found.dependability:.3f}" == "0.844 0.773"


def test_brennans_nested_design():
    rows = rows_of("gtheory_brennan2_i_in_p.csv")
    found = nested_components(column(rows, "score").reshape(10, 8))

    assert f"{found.person:.4f} {found.residual:.4f}" == "0.6108 2.0250"
    assert f"{found.coefficient:.2f}" == f"{found.dependability:.2f}" == "0.71"


def test_service_gaps_of_a_restaurant():
    rows = rows_of("servqual_restaurant_n51.csv")
    gaps = service_gaps(column(rows, "perception"), column(rows, "expectation"))

    for row, gap in zip(rows, gaps, strict=True):
        rounding = sum(half_a_digit(text) for text in list(row.values())[1:])
        assert abs(gap - float(row["published_gap"])) < rounding


def test_the_unweighted_gap_is_the_plain_mean_of_the_dimensions():
    *dimensions, published = rows_of("servqual_12manage.csv")

    assert f"{unweighted_gap(column(dimensions, 'gap')):.2f}" == published["gap"]


def test_answers_become_linear_points():
    for row in rows_of("cahps_linear.csv"):
        answer, lowest, highest = (
            np.array(float(row[name])) for name in ("x", "scale_min", "scale_max")
        )
        points = linear_points(answer, lowest, highest)
        printed = row["linear_0_100"]
        assert abs(points - float(printed)) <= half_a_digit(printed)


@pytest.fixture
def swiss():
    rows = rows_of("swiss.csv")
    names = [name for name in rows[0] if name != "Fertility"]
    return column(rows, "Fertility"), np.stack([column(rows, n) for n in names], 1)


def test_shapley_shares_of_swiss_fertility_to_thirteen_digits(swiss):
    *expected, whole = rows_of("swiss_lmg_expected.csv")

    shares = shapley_shares(*swiss)

    for row, share in zip(expected, shares, strict=True):
        assert abs(share - float(row["lmg"])) <= half_a_digit(row["lmg"])
    assert abs(shares.sum() - float(whole["lmg"])) <= half_a_digit(whole["lmg"])


def test_shapley_bands_hold_the_shares(swiss):
    low, high = shapley_bands(*swiss, seed=5, draws=50)
    shares = shapley_shares(*swiss)

    assert (low < shares).all()
    assert (shares < high).all()


def test_penicillins_plates_and_samples():
    rows = rows_of("penicillin.csv")
    factors = [
        np.unique([row[name] for row in rows], return_inverse=True)[1]
        for name in ("plate", "sample")
    ]

    found = crossed_effects(column(rows, "diameter"), factors)

    expected = {
        row["what"]: float(row["value"]) for row in rows_of("penicillin_expected.csv")
    }
    ours = (found.intercept, *found.sd, found.sd_residual)
    # their optimiser stops a millionth before the top of the likelihood
    assert np.abs(np.array(ours) - list(expected.values())).max() < 3e-6
    assert [f"{value:.4f}" for value in ours] == [
        "22.9722",
        "0.8467",
        "1.9316",
        "0.5499",
    ]


def test_crossed_effects_of_a_full_table_are_its_mean_squares():
    rows = rows_of("penicillin.csv")
    table = column(rows, "diameter").reshape(24, 6)
    plates, samples = np.divmod(np.arange(table.size), 6)

    found = crossed_effects(table.ravel(), [plates, samples])

    squares = crossed_components(table)
    exact = np.sqrt([squares.person, squares.item, squares.residual])
    assert np.abs([*found.sd, found.sd_residual] - exact).max() < 1e-9
