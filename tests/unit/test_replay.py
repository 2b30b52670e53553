"""A stored audit scored by another version of its checklist."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.applicability import Place
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.form import build_form
from auditapp.domain.replay import HEAD, place_of, replay
from auditapp.domain.tier_matrix import item_of, with_item
from auditapp.domain.vocabulary import Vocabulary
from auditapp.domain.what_if import HallChange, rank_correlation, summarise
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml

MYSTERY = load_yaml(CHECKLIST_DIR / "telecom_hall_mystery.yaml").document
WORDS = Vocabulary.from_document(load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document)
PLACE = Place("standard", frozenset({"rainy"}), "plan_change")


def form_of(document, place=PLACE):
    return build_form(read_checklist(document, WORDS), WORDS, "BD01", place)


OLD = form_of(MYSTERY)
YES_NO = [
    item["id"]
    for item in OLD["items"]
    if item["kind"] == "yes_no" and item["requirement"] == "required"
    and not item["critical"] and "ask_if" not in item and not item.get("today")
]  # fmt: skip


def answered(values=("no", "yes", "no")):
    answers = {
        item: {"value": values[index % len(values)]}
        for index, item in enumerate(YES_NO)
    }
    return {"answers": answers, "today": []}


def changed(item_id, **keys):
    item, _section = item_of(MYSTERY, item_id)
    return form_of(with_item(MYSTERY, {**item, **keys}))


def test_the_place_of_a_form_is_where_it_was_made():
    assert place_of(OLD) == PLACE


def test_the_same_version_changes_nothing():
    result = replay(OLD, OLD, answered())
    assert result.before == result.after
    assert result.unknown == ()
    assert result.changed_items() == []


def test_what_becomes_optional_falls_out_of_the_sum():
    document = answered()
    new = changed(YES_NO[0], applies=dict.fromkeys(WORDS.tiers, "optional"))
    left = deepcopy(document)
    del left["answers"][YES_NO[0]]
    without = {
        **OLD, "items": [item for item in OLD["items"] if item["id"] != YES_NO[0]]
    }  # fmt: skip
    after = replay(OLD, new, document).after
    assert after.score == replay(without, without, left).after.score


def test_what_was_never_asked_is_unknown_and_left_out():
    gone = {**OLD, "items": [i for i in OLD["items"] if i["id"] != YES_NO[0]]}
    document = answered()
    del document["answers"][YES_NO[0]]
    result = replay(gone, OLD, document)
    assert result.unknown == (YES_NO[0],)
    assert result.after.score == result.before.score
    assert result.after.coverage == result.before.coverage


def test_what_was_optional_and_left_open_is_unknown():
    old = changed(YES_NO[0], applies=dict.fromkeys(WORDS.tiers, "optional"))
    document = answered()
    del document["answers"][YES_NO[0]]
    assert replay(old, OLD, document).unknown == (YES_NO[0],)


def test_what_was_required_and_left_open_stays_open():
    document = answered()
    del document["answers"][YES_NO[0]]
    assert replay(OLD, OLD, document).unknown == ()


def test_an_answer_that_is_none_any_more_is_unknown():
    new = changed(
        YES_NO[0],
        kind="scale",
        anchors_zh={1: "差", 3: "中", 5: "好"},
        anchors_en={1: "bad", 3: "fair", 5: "good"},
    )
    assert replay(OLD, new, answered()).unknown == (YES_NO[0],)


@given(
    st.lists(st.sampled_from(["yes", "no"]), min_size=3, max_size=7),
    st.sampled_from(YES_NO),
    st.integers(1, 5),
)
def test_one_change_alone_does_all_that_the_draft_does(values, item, weight):
    document = answered(tuple(values))
    result = replay(OLD, changed(item, weight=weight), document)
    whole = result.after.score - result.before.score
    assert sum(result.alone(each, document) for each in result.changed_items()) == whole
    assert result.together == whole


def test_what_was_only_reworded_moves_nothing():
    new = changed(YES_NO[0], zh="换一种说法", guide_zh="看清楚再答")
    assert replay(OLD, new, answered()).changed_items() == []


def test_of_two_changes_each_is_tried_without_the_other():
    first, second = YES_NO[:2]
    document = answered(("no", "yes"))
    tiers = dict.fromkeys(WORDS.tiers, "optional")
    one, _section = item_of(MYSTERY, first)
    other, _section = item_of(MYSTERY, second)
    both = with_item(
        with_item(MYSTERY, {**one, "applies": tiers}), {**other, "weight": 5}
    )
    result = replay(OLD, form_of(both), document)
    assert set(result.changed_items()) == {first, second}
    for item, keys in ((first, {"applies": tiers}), (second, {"weight": 5})):
        only = replay(OLD, changed(item, **keys), document)
        alone = only.after.score - only.before.score
        assert result.alone(item, document) == alone


def test_a_changed_cap_is_a_change_of_its_own():
    critical = next(item["id"] for item in OLD["items"] if item["critical"])
    document = answered(("yes",))
    document["answers"][critical] = {"value": "no"}
    lower = {**MYSTERY, "critical_cap": 40}
    item, _section = item_of(lower, YES_NO[0])
    both = form_of(with_item(lower, {**item, "weight": 5}))
    result = replay(OLD, both, document)
    assert set(result.changed_items()) == {YES_NO[0], HEAD}
    assert result.alone(HEAD, document) == 40 - result.before.score < 0


def test_where_no_score_is_left_nothing_is_said_to_have_moved():
    only = {"answers": {YES_NO[0]: {"value": "no"}}, "today": []}
    new = changed(YES_NO[0], applies=dict.fromkeys(WORDS.tiers, "not_applicable"))
    result = replay(OLD, new, only)
    assert result.after.score is None
    assert result.before.score is not None
    assert result.together == result.alone(YES_NO[0], only) == 0


def hall(number, before, after, **more):
    values = {
        "month": "2026-10",
        "hall_id": f"H{number}",
        "region_id": "north",
        "tier": "small",
        "traits": ("rainy",),
        "before_milli": before,
        "after_milli": after,
        "half_milli": 1000,
        "grade_before": "B",
        "grade_after": "B",
        "band_before": 1,
        "band_after": 1,
        "unknown_items": 0,
    }
    return HallChange(**values | more)


def test_a_summary_counts_what_moves_and_what_is_beyond_its_own_error():
    found = summarise(
        [
            hall(1, 80_000, 80_400),
            hall(2, 70_000, 68_500, grade_after="C", band_after=2),
            hall(3, 60_000, 60_000),
            hall(4, None, None),
            hall(5, 50_000, None, grade_before="D", grade_after=None),
        ]
    )
    assert (found["hall_months"], found["moved_halls"]) == (4, 2)
    assert (found["lowest_milli"], found["highest_milli"]) == (-1500, 400)
    assert found["beyond_error"] == 1
    assert found["grade_changes"] == [["B", "C", 1], ["D", "–", 1]]
    assert (found["band_changes"], found["scores_lost"]) == (1, 1)
    assert sum(count for _edge, count in found["bins"]) == 2
    assert found["by_tier"][0]["moved"] == 2
    assert found["rank"] == 1.0


def test_nothing_replayed_gives_a_summary_too():
    assert summarise([])["rank"] is None


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(1, 1), (2, 2), (3, 3)], 1),
        ([(1, 3), (2, 2), (3, 1)], -1),
        ([(1, 1), (1, 2), (1, 3)], None),
        ([(1, 1), (2, 2)], None),
        # by hand: ranks 1 2.5 2.5 4 and 1 2 3 4
        ([(10, 1), (20, 2), (20, 3), (30, 4)], 4.5 / (4.5 * 5) ** 0.5),
    ],
)
def test_rank_correlation(pairs, expected):
    found = rank_correlation(pairs)
    assert found == (expected if expected is None else pytest.approx(expected))
