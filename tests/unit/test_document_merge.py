"""Two people's work on one version in the making."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.document_merge import Change, differences, merge, settle
from auditapp.gateways.checklist_files import checklist_paths, load_yaml


def checklist(*sections, **head):
    return {
        "id": "c",
        **head,
        "sections": [
            {"id": name, "zh": name, "items": [dict(item) for item in items]}
            for name, *items in sections
        ],
    }


RACK = {"id": "rack", "weight": 2, "zh": "雨伞架"}
SEAT = {"id": "seat", "weight": 1, "zh": "座椅"}
BASE = checklist(("inside", RACK, SEAT), ("outside",), pass_mark=60)


def test_changes_of_different_keys_are_merged():
    mine, theirs = deepcopy(BASE), deepcopy(BASE)
    mine["sections"][0]["items"][0]["weight"] = 3
    theirs["sections"][0]["items"][0]["zh"] = "伞架"
    merged = merge(BASE, mine, theirs)
    assert not merged.conflicts
    assert merged.document["sections"][0]["items"][0] == {
        "id": "rack",
        "weight": 3,
        "zh": "伞架",
    }


def test_the_same_key_changed_differently_is_a_conflict_a_person_settles():
    mine, theirs = deepcopy(BASE), deepcopy(BASE)
    mine["sections"][0]["items"][0]["weight"] = 3
    theirs["sections"][0]["items"][0]["weight"] = 5
    merged = merge(BASE, mine, theirs)
    (conflict,) = merged.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == (2, 3, 5)
    assert merged.document == theirs
    assert settle(merged, {conflict.place}) == mine


def test_items_that_two_people_added_are_both_there_and_a_removed_one_is_gone():
    mine, theirs = deepcopy(BASE), deepcopy(BASE)
    mine["sections"][0]["items"].append({"id": "mat", "weight": 1, "zh": "垫"})
    theirs["sections"][0]["items"][0:1] = [{"id": "cup", "weight": 1, "zh": "杯"}]
    merged = merge(BASE, mine, theirs)
    assert not merged.conflicts
    ids = [item["id"] for item in merged.document["sections"][0]["items"]]
    assert ids == ["cup", "seat", "mat"]


def test_an_item_they_removed_and_i_changed_comes_back_whole_if_mine_is_kept():
    mine, theirs = deepcopy(BASE), deepcopy(BASE)
    mine["sections"][0]["items"][0].update(weight=3, guide="看门口")
    theirs["sections"][0]["items"].pop(0)
    merged = merge(BASE, mine, theirs)
    places = {conflict.place for conflict in merged.conflicts}
    assert places == {("items", "rack", "weight"), ("items", "rack", "guide")}
    assert merged.document == theirs
    assert settle(merged, places) == mine
    mine["sections"][0]["items"][0]["weight"] = 2
    assert settle(merged, {("items", "rack", "guide")}) == mine


def test_an_item_i_removed_and_they_changed_goes_only_if_mine_is_kept():
    mine, theirs = deepcopy(BASE), deepcopy(BASE)
    mine["sections"][0]["items"].pop(0)
    theirs["sections"][0]["items"][0].update(weight=3, guide="看门口")
    merged = merge(BASE, mine, theirs)
    places = {conflict.place for conflict in merged.conflicts}
    assert places == {("items", "rack", "weight"), ("items", "rack", "guide")}
    assert merged.document == theirs
    assert settle(merged, {("items", "rack", "weight")}) == theirs
    assert settle(merged, places) == mine


def test_an_item_comes_back_with_the_section_that_was_removed_around_it():
    mine, theirs = deepcopy(BASE), deepcopy(BASE)
    mine["sections"][0]["items"][1]["weight"] = 4
    theirs["sections"].pop(0)
    merged = merge(BASE, mine, theirs)
    settled = settle(merged, {conflict.place for conflict in merged.conflicts})
    inside = {**mine["sections"][0], "items": [mine["sections"][0]["items"][1]]}
    assert settled["sections"] == [inside, mine["sections"][1]]


def test_an_item_moved_to_another_section_keeps_its_keys():
    mine = deepcopy(BASE)
    mine["sections"][1]["items"].append(mine["sections"][0]["items"].pop(0))
    assert merge(BASE, mine, BASE).document == mine


def test_a_difference_names_the_item_and_both_values():
    mine = deepcopy(BASE)
    del mine["sections"][0]["items"][1]["weight"]
    (change,) = differences(BASE, mine)
    assert change == Change(("items", "seat", "weight"), 1, None)
    assert change.item_id == "seat"


def test_every_shipped_checklist_survives_taking_apart():
    for path in checklist_paths():
        document = load_yaml(path).document
        assert merge({}, document, {}).document == document


KEYS = st.sampled_from(["weight", "zh", "owner"])
EDITS = st.dictionaries(
    st.tuples(st.sampled_from(["rack", "seat"]), KEYS), st.integers(0, 3), max_size=4
)


def edited(edits):
    document = deepcopy(BASE)
    for (item_id, key), value in edits.items():
        for item in document["sections"][0]["items"]:
            if item["id"] == item_id:
                item[key] = value
    return document


@given(EDITS, EDITS)
def test_nothing_either_of_two_people_did_is_lost(one, other):
    mine, theirs = edited(one), edited(other)
    merged = merge(BASE, mine, theirs)
    told = {conflict.place for conflict in merged.conflicts}
    for document in (mine, theirs):
        for change in differences(BASE, document):
            kept = {c.place: c.after for c in differences(BASE, merged.document)}
            assert change.place in told or kept[change.place] == change.after


@given(EDITS)
def test_merging_into_an_unchanged_document_gives_mine(edits):
    mine = edited(edits)
    assert merge(BASE, mine, BASE).document == mine
    assert merge(BASE, BASE, mine).document == mine


def test_two_people_change_different_numbers_of_a_policy_and_keep_both():
    base = {"sources": {"sms": {"weight": 10}, "mystery": {"weight": 40}}, "grades": []}
    mine = {"sources": {"sms": {"weight": 15}, "mystery": {"weight": 40}}, "grades": []}
    theirs = {
        "sources": {"sms": {"weight": 10}, "mystery": {"weight": 35}},
        "grades": [],
    }
    merged = merge(base, mine, theirs)
    assert merged.conflicts == ()
    assert merged.document["sources"] == {
        "sms": {"weight": 15},
        "mystery": {"weight": 35},
    }
