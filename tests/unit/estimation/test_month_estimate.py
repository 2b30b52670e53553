"""One month for all halls, against the reference and against itself."""

import dataclasses
import json

import numpy as np
import pytest

from auditapp.estimation.grids import PRIOR_ANSWERS
from auditapp.estimation.history import run_months
from auditapp.estimation.month import apply_model, estimate_month
from auditapp.estimation.network import NetworkModel
from auditapp.estimation.policy import MonthPolicy
from auditapp.estimation.states import STORED_BYTES, HallStates
from estimation_samples import (
    arrays_of,
    make_evidence,
    of_halls,
    sample_file,
    sample_policy,
    sample_world,
)

USUAL_VARIANCE = 625.0
MONTHS = 6


def with_the_references_answer_variance(evidence):
    """The reference pools answers over all months, also later ones; ours never does.

    Here every month's pool is given the value of the whole file, to compare the rest.
    """
    both = (evidence.callbacks, evidence.feedback)
    freedom = [np.maximum(a.count - 1, 0) for a in both]
    per_tier = [
        sum(x[evidence.tier == tier].sum() for x in columns)
        for columns in (freedom, [a.squares for a in both])
        for tier in range(evidence.n_tiers)
    ]
    of, squares = np.array(per_tier).reshape(2, -1)
    variance = (squares / of)[evidence.tier][:, None]
    made = [variance * f for f in freedom]
    made[0][:, 0] += _prior_share(evidence, variance[:, 0])
    callbacks, feedback = (
        dataclasses.replace(a, squares=s) for a, s in zip(both, made, strict=True)
    )
    return dataclasses.replace(evidence, callbacks=callbacks, feedback=feedback)


def _prior_share(evidence, variance):
    """What undoes the prior, spread over a tier's halls."""
    return (
        PRIOR_ANSWERS
        * (variance - USUAL_VARIANCE)
        / np.bincount(evidence.tier)[evidence.tier]
    )


@pytest.fixture(scope="module")
def run():
    """The sample world's first months: models, states and estimates."""
    model, states, steps = None, None, []
    for month in range(MONTHS):
        step = estimate_month(sample_world(), month, sample_policy(), model, states)
        steps.append(step)
        model, states, _ = step
    return steps


def test_scores_agree_with_the_reference_to_a_thousandth():
    evidence = with_the_references_answer_variance(sample_world())
    expected = sample_file("expected_adjusted.csv", ("score",))[:, :, 0]

    for month, estimate in enumerate(run_months(evidence, sample_policy())):
        assert np.abs(estimate.score_points - expected[:, month]).max() < 1e-3


def test_without_looking_ahead_scores_stay_near_the_reference():
    expected = sample_file("expected_adjusted.csv", ("score",))[:, :, 0]
    estimates = list(run_months(sample_world(), sample_policy()))

    gap = np.abs(np.stack([e.score_points for e in estimates], axis=1) - expected)

    assert gap.mean() < 0.02
    assert gap[:, 3:].max() < 0.1
    assert gap.max() < 0.4


def test_the_ranges_hold_the_sample_worlds_truth_also_of_the_worst_tenth():
    truth = sample_file("truth.csv", ("truth",), n_halls=12)[:, :, 0].T
    estimates = list(run_months(sample_world(), sample_policy()))
    low = np.stack([e.low_points for e in estimates], axis=1)
    high = np.stack([e.high_points for e in estimates], axis=1)

    held = (low <= truth) & (truth <= high)

    assert 0.88 < held.mean() < 0.92
    worst = np.argsort(truth, axis=0)[:20]
    assert np.take_along_axis(held, worst, axis=0).mean() > 0.83


def test_the_official_score_is_the_plain_weighted_mean():
    plain = sample_file("expected_plain.csv", ("score",))[:, :, 0]

    for month, estimate in enumerate(run_months(sample_world(), sample_policy())):
        scored = estimate.has_official
        assert scored.mean() > 0.9
        gap = (estimate.official_points - plain[:, month])[scored]
        assert np.abs(gap).max() < 2e-4


def test_a_month_knows_nothing_of_later_months(run):
    evidence = sample_world()
    earlier = dataclasses.replace(
        evidence,
        months=evidence.months[:3],
        visits=_until(evidence.visits, 3),
        inspections=_until(evidence.inspections, 3),
        callbacks=_columns(evidence.callbacks, 3),
        feedback=_columns(evidence.feedback, 3),
    )

    for (_, _, ours), theirs in zip(
        run[:3], run_months(earlier, sample_policy()), strict=True
    ):
        assert np.array_equal(ours.score_points, theirs.score_points)


def _until(audits, month):
    chosen = audits.month < month
    return type(audits)(
        *(getattr(audits, f.name)[chosen] for f in dataclasses.fields(audits))
    )


def _columns(answers, month):
    return type(answers)(
        *(getattr(answers, f.name)[:, :month] for f in dataclasses.fields(answers))
    )


def test_some_halls_alone_get_exactly_what_the_full_run_gave_them(run):
    halls = [7, 191, 30]
    model, full_states, full = run[-1]
    stored = json.loads(json.dumps(model.to_dict()))
    before = HallStates.unpack(run[-2][1].of(halls).pack())

    states, ours = apply_model(
        of_halls(sample_world(), halls),
        MONTHS - 1,
        sample_policy(),
        NetworkModel.from_dict(stored),
        before,
    )

    theirs = dict(arrays_of(full))
    for name, values in arrays_of(ours):
        assert np.allclose(values, theirs[name][halls], rtol=0, atol=1e-9), name
    assert np.abs(states.mean - full_states.mean[halls]).max() < 1e-9
    assert all(len(entry) == STORED_BYTES for entry in states.pack())


def test_new_feedback_of_one_hall_changes_that_hall_only_with_the_same_model(run):
    evidence, hall = sample_world(), 11
    model, before = run[-1][0], run[-2][1]
    count = evidence.feedback.count.copy()
    mean = evidence.feedback.mean_points.copy()
    count[hall, MONTHS - 1], mean[hall, MONTHS - 1] = 90, 20.0
    newer = dataclasses.replace(
        evidence,
        feedback=dataclasses.replace(evidence.feedback, count=count, mean_points=mean),
    )

    _, whole = apply_model(newer, MONTHS - 1, sample_policy(), model, before)
    _, alone = apply_model(
        of_halls(newer, [hall]), MONTHS - 1, sample_policy(), model, before.of([hall])
    )

    moved = np.abs(whole.score_points - run[-1][2].score_points)
    assert moved[hall] > 1
    assert np.delete(moved, hall).max() < 1e-9
    assert abs(alone.score_points[0] - whole.score_points[hall]) < 1e-9


def test_the_order_of_halls_changes_nothing(run):
    order = np.random.default_rng(3).permutation(sample_world().n_halls)
    mixed = of_halls(sample_world(), order)

    for (_, _, ours), theirs in zip(
        run, run_months(mixed, sample_policy()), strict=False
    ):
        assert np.abs(ours.score_points[order] - theirs.score_points).max() < 1e-8
        assert np.abs(ours.se_points[order] - theirs.se_points).max() < 1e-8


def test_weights_scaled_together_change_nothing(run):
    policy = sample_policy()
    scaled = dataclasses.replace(policy, weights=tuple(7 * w for w in policy.weights))

    _, _, ours = estimate_month(sample_world(), 0, scaled)

    theirs = dict(arrays_of(run[0][2]))
    for name, values in arrays_of(ours):
        assert np.allclose(values, theirs[name], rtol=0, atol=1e-9), name


def test_the_bridge_adds_up_in_every_month(run):
    for _, _, estimate in run:
        end = estimate.bridge_start_points + estimate.bridge_points.sum(axis=1)
        assert np.abs(end - estimate.score_points).max() < 1e-9
        with_official = estimate.has_official
        assert np.array_equal(
            estimate.bridge_start_points[with_official],
            estimate.official_points[with_official],
        )


def test_ranges_widen_for_a_hall_without_evidence(run):
    model, states, estimate = run[-1]
    nothing = make_evidence(200, MONTHS + 1, tier=sample_world().tier)
    nothing = dataclasses.replace(nothing, region=sample_world().region, n_regions=6)
    nothing = dataclasses.replace(nothing, n_auditors=sample_world().n_auditors)

    _, later = apply_model(nothing, MONTHS, sample_policy(), model, states)

    assert (later.se_points > estimate.se_points).all()
    assert not later.has_official.any()
    assert not later.pieces.is_seen.any()


def test_the_predicted_ranges_of_new_results_hold_nine_in_ten(run):
    pieces = run[-1][2].pieces
    inside = pieces.is_inside(MonthPolicy().half_width)

    assert 0.85 < inside[pieces.is_seen].mean() < 0.95


def test_a_visit_shows_facilities_better_than_service(run):
    pieces = run[-1][2].pieces
    facilities, service = pieces.reliability[pieces.is_seen[:, 0], :2].mean(axis=0)

    assert 0 < service < facilities < 1


@pytest.mark.parametrize(
    "evidence",
    [
        make_evidence(3, 2),
        make_evidence(1, 2, visits=[(0, 0, 0, 90, 70, 0), (0, 1, 0, 95, 60, 40)]),
        make_evidence(1, 1, callbacks=[(0, 0, 1, 100)]),
        make_evidence(2, 1, feedback=[(0, 0, 40, 0)], tier=[0, 5]),
        make_evidence(4, 2, visits=[(0, 0, 3, 40, 60, 0)], tier=[0, 1, 1, 2]),
        make_evidence(3, 2, inspections=[(1, 1, 0, 100, 100, 0)]),
    ],
    ids=["nothing", "one hall", "one call", "feedback", "lone visit", "inspection"],
)
def test_poor_networks_get_numbers_and_wide_ranges(evidence):
    for estimate in run_months(evidence, MonthPolicy()):
        for name, values in arrays_of(estimate):
            assert np.isfinite(values).all(), name
        assert (estimate.low_points <= estimate.score_points).all()
        assert (estimate.score_points <= estimate.high_points).all()
        assert (estimate.high_points - estimate.low_points > 3).all()


def test_a_new_hall_starts_at_its_peers_and_less_surely_than_others(run):
    model, before = run[-1][0], run[-2][1]
    nothing = make_evidence(1, MONTHS)
    nothing = dataclasses.replace(nothing, n_regions=6)

    _, new = apply_model(
        nothing, MONTHS - 1, sample_policy(), model, HallStates.unpack([None])
    )
    _, known = apply_model(nothing, MONTHS - 1, sample_policy(), model, before.of([0]))

    assert new.score_points[0] == new.peer_points[0]
    assert new.se_points[0] > known.se_points[0]


def test_new_tiers_regions_and_auditors_may_join_a_running_network():
    visits = [(0, 0, 0, 95, 85, 0), (1, 0, 1, 90, 70, 0), (0, 1, 0, 95, 80, 0)]
    first = make_evidence(2, 2, visits=visits)
    model, states, _ = estimate_month(first, 0, MonthPolicy())
    grown = make_evidence(3, 2, visits=[*visits, (2, 1, 5, 80, 60, 0)], tier=[0, 0, 3])
    grown = dataclasses.replace(grown, region=np.array([0, 0, 2]), n_regions=3)

    model, states, estimate = estimate_month(
        grown, 1, MonthPolicy(), model, HallStates.unpack([*states.pack(), None])
    )

    assert model.service.tier_mean.shape == (2, 4)
    assert model.service.region_deviation.shape == (2, 3)
    assert states.is_known.all()
    for name, values in arrays_of(estimate):
        assert np.isfinite(values).all(), name


def test_an_incomplete_audit_counts_less_and_never_officially(run):
    model, before = run[-1][0], run[-2][1]
    hall = int(np.flatnonzero(run[-1][2].pieces.is_seen[:, 0])[0])
    evidence = of_halls(sample_world(), [hall])
    halved = dataclasses.replace(
        evidence,
        visits=dataclasses.replace(
            evidence.visits,
            coverage=evidence.visits.coverage / 2,
            is_complete=~evidence.visits.is_complete,
        ),
    )

    (_, whole), (_, part) = (
        apply_model(each, MONTHS - 1, sample_policy(), model, before.of([hall]))
        for each in (evidence, halved)
    )

    assert part.pieces.reliability[0, 1] < whole.pieces.reliability[0, 1]
    assert part.available_weight_pct[0] == whole.available_weight_pct[0] - 40


def test_a_month_cannot_be_skipped():
    evidence = make_evidence(1, 3)
    model, states, _ = estimate_month(evidence, 0, MonthPolicy())

    with pytest.raises(ValueError, match="cannot precede"):
        estimate_month(evidence, 2, MonthPolicy(), model, states)
