"""Cells of the tier matrix and the rules behind them."""

from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.applicability import Place
from auditapp.domain.cell_rules import acting, trait_of, with_tier, with_trait
from auditapp.domain.tier_matrix import (
    item_of,
    places_changed,
    requirement_in,
    tier_matrix,
    with_item,
)
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml

TIERS = ("flagship", "standard", "small", "township")
TRAITS = ("rainy", "arid", "tourist")
WORDS = ("required", "optional", "not_applicable")
MYSTERY = load_yaml(CHECKLIST_DIR / "telecom_hall_mystery.yaml").document
VOCABULARY = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document
RACK, _SECTION = item_of(MYSTERY, "int_umbrella_rack")


def cell(item, trait):
    return acting(item, trait, TIERS)


def test_a_line_about_one_trait_and_at_most_one_tier_is_a_cell():
    assert trait_of(("rainy",)) == "rainy"
    assert trait_of(("tier.small", "rainy")) == "rainy"
    for more in (
        ("rainy", "tourist"),
        ("not rainy",),
        ("tier.small",),
        ("rainy", "today.raining"),
        ("rainy", "scenario.complaint"),
        ("rainy", "tier.small", "tier.township"),
    ):
        assert trait_of(more) is None


def test_the_racks_rainy_cell_says_what_each_tier_is_asked():
    assert cell(RACK, "rainy") == {
        "flagship": "required",
        "standard": "required",
        "small": "optional",
    }
    assert cell(RACK, "tourist") == {}
    assert set(cell(RACK, "arid")) == set(TIERS)


def test_the_rack_becomes_required_where_tourists_are():
    changed = with_trait(RACK, "tourist", dict.fromkeys(TIERS, "required"), TIERS)
    assert changed["overrides"][-1] == {"if": "tourist", "set": "required"}
    assert changed["overrides"][:-1] == RACK["overrides"]


def test_a_cell_of_some_tiers_gets_a_line_for_each():
    changed = with_trait(RACK, "rainy", {"small": "required"}, TIERS)
    assert changed["overrides"][:3] == [
        {"if": ["rainy", "tier.flagship"], "set": "required"},
        {"if": ["rainy", "tier.standard"], "set": "required"},
        {"if": ["rainy", "tier.small"], "set": "required"},
    ]
    assert changed["overrides"][3:] == RACK["overrides"][3:]


def test_a_cell_that_changes_nothing_any_more_has_no_line():
    changed = with_trait(RACK, "rainy", dict.fromkeys(TIERS), TIERS)
    assert changed["overrides"] == RACK["overrides"][3:]
    bare = {"id": "x", "overrides": [{"if": "rainy", "set": "optional"}]}
    assert "overrides" not in with_trait(bare, "rainy", dict.fromkeys(TIERS), TIERS)


def test_lines_that_would_be_overruled_go_to_the_end():
    item = {
        "id": "x",
        "applies": "all",
        "overrides": [
            {"if": "rainy", "set": "optional"},
            {"if": "not arid", "set": "optional"},
        ],
    }
    changed = with_trait(item, "rainy", dict.fromkeys(TIERS, "not_applicable"), TIERS)
    assert changed["overrides"][-1] == {"if": "rainy", "set": "not_applicable"}
    assert cell(changed, "rainy") == dict.fromkeys(TIERS, "not_applicable")


def test_a_tier_is_asked_otherwise_and_all_required_is_written_in_a_word():
    changed = with_tier({"id": "x"}, "small", "optional", TIERS)
    assert changed["applies"]["small"] == "optional"
    assert with_tier(changed, "small", "required", TIERS)["applies"] == "all"


def test_the_matrix_of_the_mystery_visit_marks_only_what_a_draft_changes():
    changed = with_trait(RACK, "tourist", dict.fromkeys(TIERS, "required"), TIERS)
    draft = with_item(MYSTERY, changed)
    matrix = tier_matrix(draft, TIERS, tuple(VOCABULARY["traits"]), MYSTERY)
    rows = [row for _section, rows in matrix.sections for row in rows]
    assert [row.item_id for row in rows if row.is_changed] == ["int_umbrella_rack"]
    marked = [each for row in rows for each in row.traits if each.is_changed]
    assert [(each.at, each.parts) for each in marked] == [
        ("tourist", (("required", ()),))
    ]


def test_the_halls_that_a_change_touches_are_those_that_are_asked_otherwise():
    changed = with_trait(RACK, "tourist", dict.fromkeys(TIERS, "required"), TIERS)
    places = [
        Place("small", frozenset({"tourist"})),
        Place("small", frozenset({"rainy"})),
        Place("flagship", frozenset({"rainy", "tourist"})),
    ]
    assert places_changed(RACK, changed, places, TIERS) == [
        (places[0], "not_applicable", "required")
    ]


lines = st.lists(
    st.fixed_dictionaries(
        {
            "if": st.lists(
                st.sampled_from([*TRAITS, "tier.small", "not rainy", "tier.flagship"]),
                min_size=1,
                max_size=2,
                unique=True,
            ),
            "set": st.sampled_from(WORDS),
        }
    ),
    max_size=5,
)
items = st.builds(
    lambda base, rules: {
        "id": "x",
        "applies": dict(zip(TIERS, base, strict=True)),
        **({"overrides": rules} if rules else {}),
    },
    st.tuples(*[st.sampled_from(WORDS)] * len(TIERS)),
    lines,
)


@given(
    items,
    st.sampled_from(TRAITS),
    st.dictionaries(st.sampled_from(TIERS), st.sampled_from(WORDS), min_size=1),
)
def test_a_cell_that_was_set_is_what_halls_with_that_trait_are_asked(
    item, trait, wanted
):
    changed = with_trait(item, trait, wanted, TIERS)
    for tier, word in wanted.items():
        assert requirement_in(changed, Place(tier, frozenset({trait})), TIERS) == word


@given(
    items,
    st.sampled_from(TRAITS),
    st.dictionaries(st.sampled_from(TIERS), st.sampled_from(WORDS), min_size=1),
    st.frozensets(st.sampled_from(TRAITS)),
    st.sampled_from(TIERS),
)
def test_halls_without_the_trait_are_asked_what_they_were(
    item, trait, wanted, traits, tier
):
    place = Place(tier, traits - {trait})
    changed = with_trait(item, trait, wanted, TIERS)
    assert requirement_in(changed, place, TIERS) == requirement_in(item, place, TIERS)
