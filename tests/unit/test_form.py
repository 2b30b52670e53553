"""The form: one checklist at one hall, with only today left open."""

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.domain.applicability import Place
from auditapp.domain.checklist import Checklist
from auditapp.domain.form import (
    build_form,
    form_digest,
    is_asked,
    item_bands,
    item_requirement,
)
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways import checklist_files
from auditapp.gateways.checklist_files import checklist_paths
from vectors.make_applicability import vectors as fresh_vectors

load_checklist = cache(checklist_files.load_checklist)
load_vocabulary = cache(checklist_files.load_vocabulary)
VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors/applicability.json").read_text()
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def mystery() -> Checklist:
    return load_checklist("telecom_hall_mystery")


@pytest.fixture(scope="module")
def form(mystery, vocabulary):
    place = Place("flagship", frozenset({"rainy", "hot", "kiosk"}), "plan_change")
    return build_form(mystery, vocabulary, "SX01", place)


def _item(form, item_id):
    return next(item for item in form["items"] if item["id"] == item_id)


@pytest.mark.parametrize("case", VECTORS["items"], ids=lambda case: case["about"])
def test_today_decides_as_the_shared_vectors_say(case):
    for day in case["days"]:
        verdict = item_requirement(case["item"], day["today"])
        expected = (day["requirement"], day["rule"], day["why"])
        assert verdict == expected
        assert item_bands(case["item"], day["today"]) == day["bands"]


@pytest.mark.parametrize("case", VECTORS["asked"], ids=lambda case: case["about"])
def test_earlier_answers_decide_as_the_shared_vectors_say(case):
    assert is_asked(case["item"], case["answers"]) is case["asked"]


def test_the_shared_vectors_belong_to_the_shipped_checklist():
    """When this fails: python tests/vectors/make_applicability.py."""
    assert fresh_vectors() == VECTORS


def test_the_form_names_what_it_was_made_of(form):
    assert form["checklist"] == "telecom_hall_mystery"
    assert (form["hall"], form["tier"]) == ("SX01", "flagship")
    assert form["traits"] == ["hot", "kiosk", "rainy"]
    assert form["scenario_name"] == {"zh": "套餐变更", "en": "Change of tariff plan"}


def test_every_item_is_asked_or_excluded_once_and_in_order(form, mystery):
    asked = [item["id"] for item in form["items"]]
    excluded = [item["id"] for item in form["excluded"]]
    walking_order = [item.item_id for item in mystery.items]
    assert sorted(asked + excluded) == sorted(walking_order)
    assert asked == [item_id for item_id in walking_order if item_id in asked]


def test_an_item_that_only_the_weather_brings_stays_in_the_form(form):
    mat = _item(form, "ext_slip_mat")
    assert mat["requirement"] == "not_applicable"
    assert item_requirement(mat, ["raining"]).requirement == "required"
    assert item_requirement(mat, ["raining"]).why["zh"] == "今天下雨，所以必查"


def test_an_item_that_nothing_can_bring_back_is_excluded_with_its_reason(
    mystery, vocabulary
):
    place = Place("standard", frozenset({"rainy", "in_mall"}), "plan_change")
    form = build_form(mystery, vocabulary, "X", place)
    excluded = {item["id"]: item for item in form["excluded"]}
    assert excluded["ext_slip_mat"]["rule"] == 3
    assert excluded["ext_slip_mat"]["why"]["zh"] == "本厅开在商场内，所以不问"
    assert excluded["res_accept"]["why"]["zh"] == "只在现场投诉时才问"


def test_lasting_conditions_on_bands_are_settled_in_the_form(mystery, vocabulary):
    small = build_form(mystery, vocabulary, "X", Place("small"))
    greeting = _item(small, "ent_greet_time")
    assert greeting["bands"][0] == {"up_to": 30, "score": 100}
    assert [rule["if"] for rule in greeting["bands_when"]] == [["today.peak"]]


def test_the_clock_has_only_the_buttons_that_this_visit_needs(
    form, mystery, vocabulary
):
    events = [event["id"] for event in form["events"]]
    assert events == [
        "enter", "greeted", "queue_start", "service_start", "service_end", "leave",
    ]  # fmt: skip
    complaint = build_form(
        mystery, vocabulary, "X", Place("small", scenario="complaint")
    )
    assert "complaint_raised" in [event["id"] for event in complaint["events"]]


def test_keys_without_a_value_are_absent(form):
    for item in form["items"]:
        assert None not in item.values()
        assert "critical" in item
        assert "weight" in item
    assert "bands" not in _item(form, "ext_open")


def test_a_form_without_scenario_says_nothing_of_one(vocabulary):
    checklist = load_checklist("telecom_hall_open_inspection")
    form = build_form(checklist, vocabulary, "X", Place("township"))
    assert "scenario" not in form
    assert form["items"]
    assert form["excluded"]


def test_quick_ticks_have_a_short_name(form):
    for item in form["items"]:
        if item["answer_at"] in ("outside", "inside"):
            assert item["short"]["zh"], item["id"]


_places = st.builds(
    Place,
    st.sampled_from(list(load_vocabulary().tiers)),
    st.frozensets(st.sampled_from(list(load_vocabulary().traits)), max_size=6),
    st.sampled_from([None, *load_vocabulary().scenarios]),
)


@given(
    _places,
    st.sampled_from([path.stem for path in checklist_paths()]),
    st.lists(st.sampled_from(list(load_vocabulary().today)), unique=True),
)
@settings(max_examples=40, deadline=None)
def test_the_form_and_the_checklist_decide_alike_everywhere(place, name, today):
    checklist, vocabulary = load_checklist(name), load_vocabulary()
    form = build_form(checklist, vocabulary, "X", place)
    asked = {item["id"]: item for item in form["items"]}
    for item in checklist.items:
        decision = item.requirement_at(place).decide(today)
        if item.item_id not in asked:
            assert decision.outcome.value == "not_applicable"
            continue
        entry = asked[item.item_id]
        verdict = item_requirement(entry, today)
        assert (verdict.requirement, verdict.rule) == (
            decision.outcome.value,
            decision.rule,
        )
        assert verdict.why["zh"]
        assert len(item_bands(entry, today)) == len(
            item.bands_at(place).decide(today).outcome
        )


@given(_places)
@settings(max_examples=20, deadline=None)
def test_the_same_place_makes_the_same_digest(place):
    checklist, vocabulary = load_checklist("telecom_hall_mystery"), load_vocabulary()
    other_order = Place(place.tier, frozenset(sorted(place.traits)), place.scenario)
    one = form_digest(build_form(checklist, vocabulary, "X", place))
    two = form_digest(build_form(checklist, vocabulary, "X", other_order))
    assert one == two
    assert len(one) == 64
