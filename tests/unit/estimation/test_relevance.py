"""What customers care about: planted truth is found, nothing without halls."""

import csv

import numpy as np
import pytest

from auditapp.estimation.__main__ import main
from auditapp.estimation.presence import Sightings, estimate_presence
from auditapp.estimation.relevance import (
    CANNOT_TELL,
    MAKE_OPTIONAL,
    MAKE_REQUIRED,
    MATTERS,
    NO_SIGN,
    Facilities,
    find_effects,
    regression,
    student_cdf,
)
from auditapp.estimation.satisfaction import Satisfaction
from script.simulation.relevance import trial

HALLS, ITEMS, MONTHS = 600, 4, 12


def sightings(chance, is_there, hit=0.93, false_hit=0.05):
    rate = np.where(is_there, hit, false_hit)[:, :, None]
    saw = chance.random((*is_there.shape, MONTHS)) < rate
    return Sightings(saw.astype(float), (~saw).astype(float))


def test_see_rates_and_presence_are_recovered():
    chance = np.random.default_rng(1)
    is_there = chance.random((HALLS, ITEMS)) < [0.2, 0.5, 0.8, 0.6]
    found = estimate_presence(sightings(chance, is_there), np.arange(HALLS) % 2)
    assert found.hit == pytest.approx(0.93, abs=0.01)
    assert found.false_hit == pytest.approx(0.05, abs=0.01)
    assert found.switching < 0.01
    assert ((found.chance > 0.5) == is_there).mean() > 0.99


def test_a_facility_that_came_in_the_middle_was_there_half_the_time():
    yes = np.zeros((50, 1, MONTHS))
    yes[:, :, 6:] = 1
    found = estimate_presence(Sightings(yes, 1 - yes), np.zeros(50, dtype=int))
    assert found.chance.mean() == pytest.approx(0.5, abs=0.05)


def test_nobody_who_ever_looked_leaves_it_open():
    nothing = np.zeros((3, 1, 2))
    found = estimate_presence(Sightings(nothing, nothing), np.zeros(3, dtype=int))
    assert np.all((found.chance > 0.1) & (found.chance < 0.9))


@pytest.mark.parametrize(
    ("t", "freedom", "expected"),
    # Source: any table of Student's t, one-sided
    [
        (1.812, 10, 0.95),
        (1.697, 30, 0.95),
        (1.671, 60, 0.95),
        (2.457, 30, 0.99),
        (0, 5, 0.5),
    ],
)
def test_students_distribution_is_that_of_the_tables(t, freedom, expected):
    assert student_cdf(np.array([t]), freedom)[0] == pytest.approx(expected, abs=1e-3)


def test_robust_errors_are_those_computed_by_hand():
    x = np.array([0.0, 1.0, 2.0, 3.0])
    y = np.array([0.0, 1.0, 1.0, 4.0])
    columns = np.column_stack([np.ones(4), x])
    # equal variances: ordinary least squares. b = (-0.3, 1.2), leverage .7 .3 .3 .7
    left = y - columns @ [-0.3, 1.2]
    inverse = np.linalg.inv(columns.T @ columns)
    scores = columns * (left / (1 - np.array([0.7, 0.3, 0.3, 0.7])))[:, None]
    expected = np.sqrt(np.diag(inverse @ scores.T @ scores @ inverse))
    effect, se = regression(columns, y, np.full(4, 0.01))
    assert effect == pytest.approx([-0.3, 1.2])
    assert se == pytest.approx(expected)


def network(worth, *, halls=HALLS, seed=3, **changes):
    """Return what customers say of halls with facilities worth so many points."""
    chance = np.random.default_rng(seed)
    is_there = chance.random((halls, len(worth))) < 0.5
    points = is_there @ np.array(worth) + chance.normal(0, 3, halls)
    values = {
        "chance": is_there.astype(float),
        "is_seen": np.ones((halls, len(worth)), dtype=bool),
        "is_required": np.ones((1, len(worth)), dtype=bool),
        "is_optional": np.zeros((1, len(worth)), dtype=bool),
        "is_protected": np.zeros(len(worth), dtype=bool),
    } | changes
    satisfaction = Satisfaction(points, np.ones(halls), np.ones(halls, dtype=bool))
    return find_effects(
        satisfaction, np.zeros(halls), Facilities(**values), np.ones((1, halls)) > 0
    )


def test_what_adds_nothing_may_be_optional_and_what_adds_much_matters():
    nothing, much = network([0, 5])
    assert (nothing.word, nothing.suggestion) == (NO_SIGN, MAKE_OPTIONAL)
    assert (much.word, much.suggestion) == (MATTERS, "")
    assert nothing.low < 0 < nothing.high
    assert much.effect == pytest.approx(5, abs=0.8)


def test_an_optional_facility_that_adds_much_should_be_required():
    found = network(
        [0, 5],
        is_required=np.array([[True, False]]),
        is_optional=np.array([[False, True]]),
    )
    assert [each.suggestion for each in found] == [MAKE_OPTIONAL, MAKE_REQUIRED]


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"is_protected": np.array([True])}, "protected"),
        ({"chance": np.full((HALLS, 1), 0.99)}, "share"),
        ({"halls": 40}, "few"),
    ],
)
def test_protected_and_rare_facilities_and_few_halls_are_never_proposed(changes, guard):
    (found,) = network([0], **changes)
    assert (found.guard, found.suggestion) == (guard, "")


def test_a_tier_with_too_few_halls_for_its_items_says_nothing():
    assert network([0] * 20, halls=60) == []


def test_what_cannot_be_told_from_a_point_either_way_cannot_be_told():
    (found,) = network([1], halls=80)
    assert found.word == CANNOT_TELL or found.suggestion == ""


def test_proposals_hold_the_share_of_false_ones():
    rows = np.array([trial(1600, 12, seed) for seed in range(8)])
    right, wrong, planted = rows.sum(axis=0)
    assert wrong <= 0.15 * (right + wrong)
    assert right > 0
    assert planted > 0


@pytest.fixture
def folder(tmp_path):
    """Return the files of a network in which one facility means nothing."""
    chance = np.random.default_rng(4)
    halls = range(300)
    is_there = chance.random((300, 2)) < 0.5
    files = {
        "halls.csv": ["hall,tier,region,volume"],
        "visits.csv": [
            "visit,hall,month,auditor,score,lost_facility,lost_service,cap_loss"
        ],
        "customers.csv": ["hall,month,channel,n1,n2,n3,n4,n5,front,process,support"],
        "answers.csv": ["visit,item,value"],
        "items.csv": ["item,kind,T1,protected", "0,facility,R,0", "1,facility,R,0"],
    }
    visit = 0
    for hall in halls:
        files["halls.csv"].append(f"{hall},T1,R{hall % 3},1")
        for month in range(3):
            files["visits.csv"].append(f"{visit},{hall},{month},1,90,5,5,0")
            for item in (0, 1):
                value = int(is_there[hall, item])
                files["answers.csv"].append(f"{visit},{item},{value}")
            good = 10 + 5 * is_there[hall, 1] + chance.integers(0, 3)
            answers = f"0,0,{20 - good},0,{good}"
            files["customers.csv"].append(f"{hall},{month},callback,{answers},0,0,0")
            visit += 1
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    return tmp_path


def test_the_command_writes_suggestions(folder):
    out = folder / "suggestions.csv"
    assert main(["relevance", str(folder), "--out", str(out)]) == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert [row["item"] for row in rows] == ["0", "1"]
    assert [row["suggestion"] for row in rows] == ["make_optional", ""]
    assert rows[1]["word"] == "matters"
    # the halls' own service takes a part of the 25 points that were planted
    assert 5 < float(rows[1]["low"]) < float(rows[1]["high"]) < 30


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("items.csv", "item,kind", "the header lacks T1"),
        ("answers.csv", "99999,0,1", "not in visits.csv"),
        ("answers.csv", "0,0,x", "answers.csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(folder, capsys, name, line, says):
    path = folder / name
    lines = [line] if name == "items.csv" else [*path.read_text().splitlines(), line]
    path.write_text("\n".join(lines) + "\n")
    assert main(["relevance", str(folder), "--out", str(folder / "out.csv")]) == 1
    assert says in capsys.readouterr().err
