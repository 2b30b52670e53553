"""A checklist is complete once read, and says why in one sentence."""

from dataclasses import replace

import pytest

from auditapp.domain.applicability import Decision, Place, Requirement, Rule
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.reasons import reason
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.checklist_files import (
    CHECKLIST_DIR,
    load_checklist,
    load_vocabulary,
    load_yaml,
)

VOCABULARY = load_vocabulary()
ITEMS = {item.item_id: item for item in load_checklist("telecom_hall_mystery").items}


def make_document(item, section=None, **changes):
    tags = {"quality": "hard", "rater": "tangibles", "cause": "support", "owner": "it"}
    whole = {"id": "made_item", "zh": "题", "en": "Item", "kind": "yes_no", "weight": 1}
    return {
        "id": "made_list",
        "version": "1",
        "status": "draft",
        "source": "mystery",
        "zh": "表",
        "en": "List",
        "pass_mark": 60,
        "min_coverage": 80,
        "sections": [
            {
                "id": "one",
                "zh": "一",
                "en": "One",
                "stage": "wait",
                "answer_at": "inside",
                "items": [{**whole, **tags, **item}],
                **(section or {}),
            }
        ],
        **changes,
    }


def only_item(document):
    (item,) = read_checklist(document, VOCABULARY).items
    return item


def test_an_item_takes_defaults_from_section_then_checklist():
    document = make_document(
        {"note": "always"},
        section={"defaults": {"note": "none", "photo": "on_fail"}},
        defaults={"note": "on_fail", "photo": "none", "critical": True},
    )
    item = only_item(document)
    assert (item.note, item.photo, item.is_critical) == ("always", "on_fail", True)
    assert (item.tags.stage, item.answer_at) == ("wait", "inside")


def test_an_items_own_stage_wins():
    assert only_item(make_document({"stage": "leave"})).tags.stage == "leave"


def test_an_item_is_required_everywhere_unless_it_says_otherwise():
    applies = only_item(make_document({})).applies
    assert set(applies) == set(VOCABULARY.tiers)
    assert set(applies.values()) == {Requirement.REQUIRED}


def test_a_named_option_set_is_filled_in():
    options = [
        {"id": "good", "zh": "好", "en": "Good", "score": 100},
        {"id": "gone", "zh": "不涉及", "en": "Does not apply", "score": "skip"},
    ]
    document = make_document(
        {"kind": "choice", "options": "known"}, option_sets={"known": options}
    )
    good, gone = only_item(document).scale.options
    assert (good.score, gone.score) == (100, None)


def test_every_anchor_has_both_languages():
    anchors = ITEMS["ent_greet_manner"].scale.anchors
    assert set(anchors) == {"1", "3", "5"}
    assert anchors["1"] == Text("冷淡或无视", "cold or ignored")


def test_a_word_of_the_vocabulary_needs_both_languages():
    document = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document
    del document["traits"]["rainy"]["en"]
    with pytest.raises(KeyError):
        Vocabulary.from_document(document)


def test_words_that_exclude_each_other_know_each_other():
    for words in (VOCABULARY.traits, VOCABULARY.today):
        for word_id, word in words.items():
            for other in word.excludes:
                assert word_id in words[other].excludes


def test_every_scenario_has_three_briefs_in_both_languages():
    briefs = load_yaml(CHECKLIST_DIR / "_briefs.yaml").document
    assert list(briefs) == list(VOCABULARY.scenarios)
    every = [brief for scenario in briefs.values() for brief in scenario]
    assert len({brief["id"] for brief in every}) == 3 * len(briefs)
    for brief in every:
        for part in ("persona", "question", "answer", "request"):
            assert brief[part]["zh"]
            assert brief[part]["en"]


def why(item_id, tier, *traits, scenario=None, today=()):
    item = ITEMS[item_id]
    place = Place(tier, frozenset(traits), scenario)
    decision = item.requirement_at(place).decide(today)
    return reason(item, decision, place, VOCABULARY)


@pytest.mark.parametrize(
    ("asked", "zh", "en"),
    [
        (("int_clean", "small"), "全部等级必查", "Required in every tier"),
        (("int_demo", "standard"), "标准厅可选", "Standard hall: optional"),
        (("int_demo", "township"), "乡镇厅不问", "Township hall: not asked"),
        (
            ("int_umbrella_rack", "standard", "rainy"),
            "本厅是标准厅、多雨，所以必查",
            "Required because this is a standard hall and it rains often here",
        ),
        (
            ("int_umbrella_rack", "standard", "rainy", "in_mall"),
            "本厅开在商场内，所以不问",
            "Not asked because the hall is inside a mall",
        ),
        (
            ("int_umbrella_rack", "small"),
            "只有多雨的小型厅才问",
            "Asked only if this is a small hall and it rains often here",
        ),
        (
            ("int_reading_aids", "small", "campus"),
            "本厅开在校园、老年客户不多，所以可选",
            (
                "Optional because the hall is on a campus and few customers are older "
                "people"
            ),
        ),
        (
            ("int_lang_sign", "standard"),
            "只有地处多语言区的厅、地处旅游区的标准厅才问",
            (
                "Asked only if a second language is in use here, or if this is a "
                "standard hall and the hall is in a tourist area"
            ),
        ),
        (
            ("res_calm", "standard"),
            "只在现场投诉时才问",
            "Asked only for: Complaint on the spot",
        ),
    ],
)
def test_the_sentence_says_why(asked, zh, en):
    assert why(*asked) == Text(zh, en)


def test_the_sentence_speaks_of_the_visit_and_of_today():
    plan = why("off_disclose", "small", scenario="plan_change")
    assert plan.zh == "这次办理套餐变更，所以必查"
    rain = why("ext_slip_mat", "small", today=["raining"])
    assert rain == Text("今天下雨，所以必查", "Required because it is raining today")


def test_hall_visit_and_day_come_in_this_order():
    document = make_document(
        {
            "overrides": [
                {
                    "if": [
                        "today.raining",
                        "scenario.complaint",
                        "not rainy",
                        "tier.small",
                    ],
                    "set": "optional",
                }
            ]
        }
    )
    sentence = reason(
        only_item(document),
        Decision(Requirement.OPTIONAL, 1),
        Place("small", scenario="complaint"),
        VOCABULARY,
    )
    assert sentence.zh == "本厅是小型厅、不多雨，这次要现场投诉，今天下雨，所以可选"


def test_mixed_conditions_are_listed_case_by_case():
    nowhere = dict.fromkeys(VOCABULARY.tiers, "not_applicable")
    document = make_document(
        {
            "applies": nowhere,
            "overrides": [
                {"if": "rainy", "set": "optional"},
                {"if": "today.raining", "set": "optional"},
            ],
        }
    )
    sentence = reason(
        only_item(document),
        Decision(Requirement.NOT_APPLICABLE, 0),
        Place("small"),
        VOCABULARY,
    )
    assert sentence.zh == "只在这些情况下才问：本厅多雨；今天下雨"


def test_a_new_word_without_clauses_still_makes_a_sentence():
    document = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document
    document["traits"]["island"] = {"zh": "海岛", "en": "Island"}
    vocabulary = Vocabulary.from_document(document)
    item = ITEMS["int_umbrella_rack"]
    rule = Rule(1, ("island",), Requirement.REQUIRED)
    island = replace(item, overrides=(rule,))
    sentence = reason(
        island,
        Decision(Requirement.REQUIRED, 1),
        Place("small", frozenset({"island"})),
        vocabulary,
    )
    assert sentence == Text(
        "本厅属于“海岛”，所以必查", "Required because the hall is “Island”"
    )
