import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.domain.organisation_rules import check_organisation
from organisation_samples import VOCABULARY, small_organisation


def found(document):
    return [(p.pointer, p.code) for p in check_organisation(document, VOCABULARY)]


def changed(part, index, **fields):
    document = small_organisation()
    document[part][index] |= fields
    return found(document)


def test_a_sound_organisation_has_no_problems():
    assert found(small_organisation()) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("tier", "palace", "unknown-word"),
        ("traits_add", ["sunny"], "unknown-word"),
        ("traits_add", "kiosk", "not-a-list"),
        ("traits_add", ["kiosk", "kiosk"], "doubled-word"),
        ("city", "nowhere", "unknown-reference"),
        ("lat", "north", "not-a-number"),
        ("lat", True, "not-a-number"),
        ("lat", float("nan"), "not-a-number"),
        ("lat", 120.59, "swapped-position"),
        ("lon", -181, "out-of-range"),
        ("geofence_m", 5, "out-of-range"),
        ("counters", 1.5, "not-whole"),
        ("hours", "8:30-18:00", "bad-hours"),
        ("hours", "18:00-08:30", "bad-hours"),
        ("hours", "24:00-25:00", "bad-hours"),
        ("zh", "=HYPERLINK(1)", "formula"),
        ("zh", "\uff1d1+1", "formula"),
        ("zh", "@home", "formula"),
        ("zh", 7, "not-text"),
        ("zh", "a\x07b", "odd-characters"),
        ("zh", "字" * 201, "text-too-long"),
        ("zh", "", "missing"),
        ("id", "SX 01", "bad-identifier"),
        ("id", 7, "not-text"),
        ("active", "maybe", "not-a-flag"),
        ("colour", "red", "unknown-field"),
    ],
)
def test_each_mistake_in_a_hall_is_named_at_its_field(field, value, code):
    assert (f"/halls/0/{field}", code) in changed("halls", 0, **{field: value})


def test_everything_wrong_is_told_at_once():
    document = small_organisation()
    document["halls"][0] |= {"tier": "x", "hours": "x", "city": "x"}
    document["users"][0]["role"] = "king"
    assert [code for _, code in found(document)] == [
        "unknown-word",
        "bad-hours",
        "unknown-reference",
        "unknown-word",
    ]


def test_traits_that_exclude_each_other_are_found_through_inheritance():
    assert changed("halls", 0, traits_add=["arid"]) == [
        ("/halls/0/traits_add", "contradicting-traits")
    ]
    assert changed("halls", 0, traits_add=["arid"], traits_remove=["rainy"]) == []


def test_a_contradiction_is_told_where_it_arises_not_in_every_hall_below():
    assert changed("cities", 0, traits_add=["arid"]) == [
        ("/cities/0/traits_add", "contradicting-traits")
    ]


def test_a_trait_cannot_be_added_and_removed_in_one_place():
    assert changed("halls", 0, traits_add=["hot"], traits_remove=["hot"]) == [
        ("/halls/0/traits_add", "added-and-removed")
    ]


@pytest.mark.parametrize(
    ("index", "fields", "pointer", "code"),
    [
        (1, {"region": None}, "/users/1/role", "scope-missing"),
        (3, {"hall": None}, "/users/3/role", "scope-missing"),
        (2, {"agency": None}, "/users/2/role", "scope-missing"),
        (0, {"hall": "SX01"}, "/users/0/hall", "scope-too-much"),
        (1, {"region": "moon"}, "/users/1/regions", "unknown-reference"),
    ],
)
def test_role_and_scope_belong_together(index, fields, pointer, code):
    document = small_organisation()
    person = document["users"][index] | fields
    document["users"][index] = {k: v for k, v in person.items() if v is not None}
    assert (pointer, code) in found(document)


def test_ids_that_differ_only_in_case_count_as_one():
    document = small_organisation()
    document["halls"].append(document["halls"][0] | {"id": "sx01"})
    assert found(document) == [("/halls/1/id", "doubled-key")]


@pytest.mark.parametrize("document", [None, [], "x", {}, {"checklists": []}, 7])
def test_what_is_no_organisation_is_told_in_one_sentence(document):
    assert [code for _, code in found(document)] == ["not-an-organisation"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
fields = st.sampled_from(
    ["id", "zh", "region", "traits_add", "hours", "lat", "role", "login", "regions"]
)


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["company", "regions", "cities", "halls", "users", "agency"]),
        anything | st.lists(st.dictionaries(fields, anything), max_size=3),
        min_size=1,
    )
)
def test_nothing_that_a_file_can_hold_makes_the_rules_stumble(document):
    for problem in check_organisation(document, VOCABULARY):
        for sentence in (problem.text.zh, problem.text.en):
            assert sentence
