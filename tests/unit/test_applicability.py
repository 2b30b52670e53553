"""Who asks what, where: the resolver."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.domain.applicability import (
    Decision,
    Place,
    Requirement,
    Rule,
    resolve,
    word_holds,
)
from auditapp.gateways.checklist_files import load_checklist

NEEDED, OPTIONAL, NEVER = (
    Requirement.REQUIRED,
    Requirement.OPTIONAL,
    Requirement.NOT_APPLICABLE,
)


@pytest.fixture(scope="module")
def rack():
    items = load_checklist("telecom_hall_mystery").items
    return next(item for item in items if item.item_id == "int_umbrella_rack")


@pytest.mark.parametrize(
    ("tier", "plain", "rainy", "arid", "rainy_in_mall"),
    [
        ("flagship", (OPTIONAL, 0), (NEEDED, 1), (NEVER, 4), (NEVER, 5)),
        ("standard", (OPTIONAL, 0), (NEEDED, 2), (NEVER, 4), (NEVER, 5)),
        ("small", (NEVER, 0), (OPTIONAL, 3), (NEVER, 4), (NEVER, 5)),
        ("township", (NEVER, 0), (NEVER, 0), (NEVER, 4), (NEVER, 5)),
    ],
)
def test_the_umbrella_rack_is_asked_where_umbrellas_are(
    rack, tier, plain, rainy, arid, rainy_in_mall
):
    def decided(*traits):
        decision = rack.requirement_at(Place(tier, frozenset(traits))).decide()
        return decision.outcome, decision.rule

    assert decided() == plain
    assert decided("rainy") == rainy
    assert decided("arid") == arid
    assert decided("rainy", "in_mall") == rainy_in_mall


def test_the_rack_does_not_depend_on_todays_weather(rack):
    assert rack.requirement_at(Place("standard", frozenset({"rainy"}))).today == ()


def test_a_rule_whose_lasting_part_fails_vanishes():
    rules = (Rule(1, ("rainy", "today.raining"), NEEDED),)
    assert resolve(OPTIONAL, rules, Place("small")).today == ()


def test_a_rule_without_todays_words_supersedes_all_before_it():
    rules = (
        Rule(1, ("today.raining",), NEEDED),
        Rule(2, ("in_mall",), NEVER),
        Rule(3, ("in_mall", "not today.peak"), OPTIONAL),
    )
    resolution = resolve(OPTIONAL, rules, Place("small", frozenset({"in_mall"})))
    assert resolution.base == Decision(NEVER, 2)
    assert [rule.number for rule in resolution.today] == [3]
    assert resolution.decide(["peak"]) == Decision(NEVER, 2)
    assert resolution.decide([]) == Decision(OPTIONAL, 3)


def test_an_unset_scenario_is_no_scenario():
    rules = (Rule(1, ("not scenario.complaint",), NEEDED),)
    assert resolve(NEVER, rules, Place("small")).decide().rule == 1
    complaint = Place("small", scenario="complaint")
    assert resolve(NEVER, rules, complaint).decide().rule == 0


def test_every_thinkable_day_is_seen():
    rules = (
        Rule(1, ("today.raining",), NEEDED),
        Rule(2, ("not today.peak",), NEVER),
    )
    outcomes = resolve(NEVER, rules, Place("small")).every_outcome()
    assert set(outcomes) == {NEVER, NEEDED}


TRAITS = ["rainy", "arid", "in_mall"]
TODAY = ["raining", "peak"]
_word = st.sampled_from(
    [*TRAITS, "tier.small", "scenario.complaint", "today.raining", "today.peak"]
)
_maybe_not = st.builds(lambda no, word: "not " * no + word, st.booleans(), _word)
_rules = st.lists(
    st.tuples(
        st.lists(_maybe_not, min_size=1, max_size=3), st.sampled_from(Requirement)
    ),
    max_size=6,
).map(
    lambda lines: [
        Rule(n, tuple(condition), outcome)
        for n, (condition, outcome) in enumerate(lines, start=1)
    ]
)


def _read_aloud(base, rules, facts):
    """The rule as headquarters reads it: top to bottom, the last that holds."""
    decision = Decision(base, 0)
    for rule in rules:
        if all(word_holds(word, facts) for word in rule.condition):
            decision = Decision(rule.outcome, rule.number)
    return decision


@given(
    st.sampled_from(Requirement),
    _rules,
    st.sampled_from(["small", "flagship"]),
    st.lists(st.sampled_from(TRAITS), unique=True),
    st.sampled_from([None, "complaint", "device"]),
    st.lists(st.sampled_from(TODAY), unique=True),
)
@settings(max_examples=60, deadline=None)
def test_resolving_early_or_late_decides_the_same(
    base, rules, tier, traits, scenario, today
):
    facts = {f"tier.{tier}", f"scenario.{scenario}", *traits}
    facts |= {f"today.{fact}" for fact in today}
    expected = _read_aloud(base, rules, facts)
    for order in (traits, traits[::-1]):
        place = Place(tier, frozenset(order), scenario)
        resolution = resolve(base, rules, place)
        assert resolution.decide(today) == expected
        assert resolution.decide(today[::-1]) == expected
        assert expected.outcome in resolution.every_outcome()
        assert all(
            word.removeprefix("not ").startswith("today.")
            for rule in resolution.today
            for word in rule.condition
        )
