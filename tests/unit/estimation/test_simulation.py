"""Made-up halls whose truth is known: order of scorers and honesty of ranges."""

import csv

import numpy as np
import pytest

from auditapp.estimation.__main__ import main
from auditapp.estimation.policy import MonthPolicy
from script.simulation.choices import Choices
from script.simulation.scorers import metrics, one_visit, plain_and_ours
from script.simulation.worlds import make_world, write_world


def score(choices):
    """The three scorers' metrics in one network."""
    world = make_world(choices)
    policy = MonthPolicy(weights=choices.weights, inspection_valid_months=1)
    truth = world.truth.score(choices)
    scorers = (one_visit(world.evidence), *plain_and_ours(world.evidence, policy))
    return [metrics(scored, truth) for scored in scorers]


@pytest.mark.parametrize(
    "choices",
    [
        Choices(halls=1500, seed=21),
        Choices(halls=700, seed=22, severity=2, feedback_bias_points=8),
        Choices(halls=700, seed=23, noise=1.6, drifting=0.4),
    ],
    ids=["usual", "strict auditors and begging", "noisy and drifting"],
)
def test_ours_beats_the_plain_mean_beats_one_visit(choices):
    lone, plain, ours = score(choices)

    assert ours["RMSE"] < 0.55 * plain["RMSE"]
    assert plain["RMSE"] < 0.75 * lone["RMSE"]
    assert ours["Spearman"] > plain["Spearman"] > lone["Spearman"]
    assert ours["worst tenth missed"] < plain["worst tenth missed"]


def test_ranges_hold_the_truth_nine_times_in_ten_whatever_the_size():
    small = [score(Choices(halls=60, seed=seed))[2] for seed in range(200, 212)]
    large = [score(Choices(halls=1500, seed=seed))[2] for seed in (31,)]

    for networks in (small, large):
        assert 0.88 < np.mean([each["range holds"] for each in networks]) < 0.92
        worst = np.mean([each["range holds, worst tenth"] for each in networks])
        assert worst > 0.78


def test_the_command_scores_a_folder_of_files(tmp_path):
    choices = Choices(halls=40, months=3, seed=4)
    world = make_world(choices)
    write_world(world, tmp_path)
    out = tmp_path / "scores.csv"

    policy = ["--policy", str(tmp_path / "policy.yaml")]
    assert main([str(tmp_path), *policy, "--out", str(out)]) == 0

    with out.open() as file:
        rows = list(csv.DictReader(file))
    ours = plain_and_ours(
        world.evidence,
        MonthPolicy(weights=choices.weights, inspection_valid_months=1),
    )[1]
    assert [(row["hall"], row["month"]) for row in rows[:4]] == [
        ("0", "0"),
        ("0", "1"),
        ("0", "2"),
        ("1", "0"),
    ]
    scores = np.array([float(row["score"]) for row in rows]).reshape(40, 3)
    assert np.abs(scores - ours.score).max() < 1e-3
    assert all(len(row["score"].partition(".")[2]) == 4 for row in rows)
