"""The official month of one hall, digit by digit. Source: design/scoring.md 3."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditapp.domain.composite import (
    HallEvidence,
    SourceTotal,
    added_milli,
    compose,
)
from auditapp.domain.policy import SOURCES, read_policy
from auditapp.domain.ratio import Ratio

DOCUMENT = yaml.safe_load(
    (Path(__file__).parents[2] / "checklists/_monthly_score.yaml").read_text()
)
POLICY = read_policy(DOCUMENT)


def changed(**changes):
    """Return the shipped policy with top-level keys changed."""
    return read_policy(DOCUMENT | changes)


def evidence(visits=(), inspection=None, callback=None, sms=None, **more):
    """Return evidence from visits' scores and (n, mean) of the customers."""
    totals = {}
    if visits:
        totals["mystery"] = SourceTotal(len(visits), Ratio(sum(visits)))
    if inspection is not None:
        totals["open_inspection"] = SourceTotal(1, Ratio(inspection))
    for source, each in (("callback", callback), ("sms", sms)):
        if each:
            totals[source] = SourceTotal(each[0], Ratio(each[0] * each[1]))
    return HallEvidence(totals, **more)


BAD_DAY = {"inspection": 84, "callback": (12, 83), "sms": (60, 82)}


def test_the_worked_example_digit_by_digit():
    month = compose(POLICY, evidence(visits=[52], **BAD_DAY))

    assert (month.score_milli, month.half_milli) == (70_600, 6_674)
    assert added_milli(month) == {
        "mystery": 20_800,
        "open_inspection": 16_800,
        "callback": 16_600,
        "sms": 16_400,
    }
    assert month.flags == ("revisit",)
    assert month.gap_milli == -30_500
    assert (month.status, month.weight_pct) == ("full", 100)
    assert (month.is_ranked, month.grade, month.grades) == (False, None, ("C", "D"))


def test_the_worked_example_after_a_second_visit():
    month = compose(POLICY, evidence(visits=[52, 83], **BAD_DAY))

    assert (month.score_milli, month.half_milli) == (76_800, 5_197)
    assert added_milli(month)["mystery"] == 27_000
    assert (month.flags, month.is_ranked, month.grade) == ((), True, "C")
    assert month.grades == ("B", "C")


def test_one_visit_and_nothing_else_is_shown_but_not_ranked():
    month = compose(POLICY, evidence(visits=[91], callback=(4, 90), sms=(14, 90)))

    assert (month.score_milli, month.status) == (91_000, "partial")
    assert month.flags == ("one_visit", "too_few_sources", "too_little_weight")
    assert not month.is_ranked
    assert month.grade is None
    missing = {source.source: source.missing for source in month.sources}
    assert missing == {
        "mystery": None,
        "open_inspection": "none",
        "callback": "too_few",
        "sms": "too_few",
    }


def test_less_than_two_fifths_of_the_weight_makes_no_score():
    month = compose(POLICY, evidence(callback=(12, 83)))

    assert (month.score, month.half_milli, month.status) == (None, None, "insufficient")
    assert added_milli(month) == {}


@pytest.mark.parametrize(
    ("visit", "status"), [([70], "full"), ([], "partial")], ids=["80 %", "60 %"]
)
def test_the_status_follows_the_weight_at_hand(visit, status):
    month = compose(POLICY, evidence(visits=visit, callback=(5, 70), sms=(15, 70)))
    without = compose(POLICY, evidence(inspection=70, callback=(5, 70), sms=(15, 70)))

    assert (month if visit else without).status == status


def test_begging_needs_twenty_replies_and_a_gap_to_the_calls():
    def flags(replies, mean):
        return compose(POLICY, evidence(callback=(9, 70), sms=(replies, mean))).flags

    assert "begging" in flags(20, 85)
    assert "begging" not in flags(19, 85)
    assert "begging" not in flags(20, 84)


def test_an_open_critical_finding_takes_the_a_away():
    best = {"visits": [95], "inspection": 95, "callback": (9, 95), "sms": (40, 95)}
    month = compose(POLICY, evidence(**best, has_open_critical=True))

    assert compose(POLICY, evidence(**best)).grade == "A"
    assert (month.grade, month.grades) == ("B", ("B",))
    assert "critical_open" in month.flags
    assert month.is_ranked


def test_anchored_and_shared_out_agree_when_nothing_is_missing():
    anchors = dict.fromkeys(SOURCES, Fraction(60))
    whole = evidence(visits=[52], **BAD_DAY)
    anchored = compose(
        changed(missing="anchored"),
        HallEvidence(whole.totals, anchors=anchors),
    )

    assert anchored.score == compose(POLICY, whole).score


def test_a_missing_strict_source_does_not_lift_an_anchored_hall():
    means = {"mystery": 60, "open_inspection": 90, "callback": 80, "sms": 85}
    anchors = {source: Fraction(mean) for source, mean in means.items()}
    at_the_means = evidence(inspection=90, callback=(9, 80), sms=(40, 85))
    anchored = compose(
        changed(missing="anchored"),
        HallEvidence(at_the_means.totals, anchors=anchors),
    )

    assert anchored.score == Fraction(4 * 60 + 2 * 90 + 2 * 80 + 2 * 85, 10)
    assert sum(added_milli(anchored).values()) == anchored.score_milli
    assert compose(POLICY, at_the_means).score > anchored.score


calm = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
points = st.integers(0, 100)
halls = st.builds(
    evidence,
    visits=st.lists(points, max_size=3),
    inspection=st.none() | points,
    callback=st.none() | st.tuples(st.integers(1, 40), points),
    sms=st.none() | st.tuples(st.integers(1, 90), points),
)


@calm
@given(hall=halls, factor=st.integers(1, 30))
def test_weights_scaled_together_change_nothing(hall, factor):
    scaled = {
        name: source | {"weight": source["weight"] * factor}
        for name, source in DOCUMENT["sources"].items()
    }
    one, other = compose(POLICY, hall), compose(changed(sources=scaled), hall)

    assert (one.score, one.half_milli, one.flags, one.grade) == (
        other.score,
        other.half_milli,
        other.flags,
        other.grade,
    )


@calm
@given(hall=halls)
def test_what_the_sources_add_is_the_score_to_the_last_digit(hall):
    month = compose(POLICY, hall)

    assert sum(added_milli(month).values()) == (month.score_milli or 0)


@calm
@given(visit=points, mean=points, n=st.integers(5, 50))
def test_a_source_that_agrees_never_widens_the_range(visit, mean, n):
    alone = compose(POLICY, evidence(visits=[visit], sms=(30, mean)))
    both = compose(POLICY, evidence(visits=[visit], sms=(30, mean), callback=(n, mean)))

    assert both.half_milli <= alone.half_milli
