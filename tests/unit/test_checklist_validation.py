"""A checklist is refused with a sentence for every mistake, and never with a crash."""

import copy
import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from auditapp.domain.applicability import Place
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.checklist_rules import advise, check_checklist, plain_halls
from auditapp.domain.checklist_rules.keys import (
    checklist_keys,
    item_keys,
    section_keys,
)
from auditapp.domain.form import build_form, form_digest
from auditapp.domain.text import Text
from auditapp.gateways.checklist_files import (
    CHECKLIST_DIR,
    checklist_paths,
    load_vocabulary,
    load_yaml,
)

VOCABULARY = load_vocabulary()
SHIPPED = {path.stem: load_yaml(path) for path in checklist_paths()}
SCHEMA = json.loads((CHECKLIST_DIR / "schema.json").read_text())


def make_item(**changes):
    item = {
        "id": "chk_item",
        "zh": "问题",
        "en": "Question",
        "short_zh": "短",
        "short_en": "Short",
        "kind": "yes_no",
        "weight": 2,
        "quality": "soft",
        "group": "attitude",
        "rater": "empathy",
        "cause": "front_line",
        "owner": "hall",
    }
    merged = {**item, **changes}
    return {key: value for key, value in merged.items() if value is not ...}


def make_document(*items, **changes):
    document = {
        "schema": 1,
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
                "items": list(items) or [make_item()],
            }
        ],
    }
    return {**document, **changes}


def codes(document, ids_in_use=None):
    problems = check_checklist(document, VOCABULARY, ids_in_use or {})
    assert all(problem.text.zh and problem.text.en for problem in problems)
    return {(problem.code, problem.pointer) for problem in problems}


ITEM = "/sections/0/items/0"
BAND = {"up_to": 10, "score": 100}
OPTIONS = [
    {"id": "good", "zh": "好", "en": "Good", "score": 100},
    {"id": "bad", "zh": "差", "en": "Bad", "score": 0},
]
TIMER = {"from": "enter", "to": "greeted"}
EARLIER = make_item(id="ear_lier")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_checklists_are_sound(name):
    others = {
        item["id"]: other
        for other, file in SHIPPED.items()
        for section in file.document["sections"]
        for item in section["items"]
        if other != name
    }
    assert codes(SHIPPED[name].document, others) == set()
    checklist = read_checklist(SHIPPED[name].document, VOCABULARY)
    assert advise(checklist, plain_halls(VOCABULARY)) == []


def test_the_mystery_visit_keeps_its_length():
    checklist = read_checklist(SHIPPED["telecom_hall_mystery"].document, VOCABULARY)
    assert len(checklist.items) == 66
    assert sum(item.weight > 0 for item in checklist.items) == 60
    assert (checklist.version, checklist.status) == ("2026.11", "published")


def test_a_small_made_checklist_is_sound():
    assert codes(make_document()) == set()


MISTAKES = {
    "an unknown key": ({"wieght": 3}, "unknown-key", "/wieght"),
    "an unknown word": ({"owner": "hal"}, "unknown-word", "/owner"),
    "a missing language": ({"en": ...}, "missing-language", ""),
    "a guide in one language": ({"guide_zh": "看"}, "missing-language", "/guide_zh"),
    "a missing kind": ({"kind": ...}, "missing", ""),
    "an unquoted yes": ({"zh": True}, "unquoted", "/zh"),
    "an unquoted number": ({"en": 7}, "unquoted", "/en"),
    "an empty text": ({"zh": " "}, "not-text", "/zh"),
    "a control character": ({"zh": "问\x07题"}, "bad-character", "/zh"),
    "half a surrogate pair": ({"zh": "问\ud800"}, "bad-character", "/zh"),
    "an endless limit": (
        {"kind": "number", "bands": [{"up_to": 10**30, "score": 0}]},
        "not-a-number",
        "/bands/0/up_to",
    ),
    "an id with capitals": ({"id": "Bad Id"}, "bad-id", "/id"),
    "soft without group": ({"group": ...}, "soft-without-group", ""),
    "hard with group": ({"quality": "hard"}, "hard-with-group", "/group"),
    "a light critical item": ({"critical": True}, "light-critical", "/weight"),
    "a weight of six": ({"weight": 6}, "out-of-range", "/weight"),
    "a weight of true": ({"weight": True}, "out-of-range", "/weight"),
    "scored words": ({"kind": "text"}, "scored-text", "/weight"),
    "critical as a word": ({"critical": "yes"}, "not-true-or-false", "/critical"),
    "a scale without anchors": ({"kind": "scale"}, "no-anchors", ""),
    "a scale with two anchors": (
        {"kind": "scale", "anchors_zh": {1: "差", 5: "好"}},
        "bad-anchors",
        "/anchors_zh",
    ),
    "a choice without options": ({"kind": "choice"}, "bad-options", "/options"),
    "a choice that cannot fail": (
        {"kind": "choice", "options": [OPTIONS[0], {**OPTIONS[1], "score": 60}]},
        "bad-option-scores",
        "/options",
    ),
    "a choice without full marks": (
        {"kind": "choice", "options": [{**OPTIONS[0], "score": 99}, OPTIONS[1]]},
        "bad-option-scores",
        "/options",
    ),
    "an option twice": (
        {"kind": "choice", "options": [OPTIONS[0], {**OPTIONS[1], "id": "good"}]},
        "bad-options",
        "/options",
    ),
    "an option called no": (
        {"kind": "choice", "options": [OPTIONS[0], {**OPTIONS[1], "id": False}]},
        "unquoted",
        "/options/1/id",
    ),
    "an option set that is not there": (
        {"kind": "choice", "options": "knowlege"},
        "unknown-option-set",
        "/options",
    ),
    "a time without bands": (
        {"kind": "timing_seconds", "timer": TIMER},
        "no-bands",
        "",
    ),
    "a time without timer": ({"kind": "timing_seconds"}, "no-timer", ""),
    "clock events in the wrong order": (
        {
            "kind": "timing_seconds",
            "bands": [BAND],
            "timer": {"from": "greeted", "to": "enter"},
        },
        "timer-order",
        "/timer",
    ),
    "a number without bands": ({"kind": "number"}, "no-bands", ""),
    "an empty range": ({"kind": "number", "min": 3, "max": 2}, "empty-range", "/min"),
    "bands that do not rise": (
        {"kind": "number", "bands": [BAND, {"up_to": 10, "score": 50}]},
        "bands-not-rising",
        "/bands",
    ),
    "a longer time that scores more": (
        {
            "kind": "timing_seconds",
            "timer": TIMER,
            "bands": [{"up_to": 5, "score": 50}, BAND],
        },
        "slower-scores-more",
        "/bands",
    ),
    "later bands that do not rise": (
        {"kind": "number", "bands": [BAND], "bands_when": [
            {"if": "today.peak", "bands": [BAND, BAND]}
        ]},
        "bands-not-rising",
        "/bands_when/0/bands",
    ),
    "an unknown condition": (
        {"overrides": [{"if": "rain", "set": "optional"}]},
        "unknown-condition",
        "/overrides/0/if",
    ),
    "an unknown requirement": (
        {"overrides": [{"if": "rainy", "set": "maybe"}]},
        "unknown-word",
        "/overrides/0/set",
    ),
    "traits that exclude each other": (
        {"overrides": [{"if": ["rainy", "arid"], "set": "optional"}]},
        "contradiction",
        "/overrides/0/if",
    ),
    "two tiers at once": (
        {"overrides": [{"if": ["tier.small", "tier.township"], "set": "optional"}]},
        "contradiction",
        "/overrides/0/if",
    ),
    "a word and its opposite": (
        {"overrides": [{"if": ["rainy", "not rainy"], "set": "optional"}]},
        "contradiction",
        "/overrides/0/if",
    ),
    "weather that cannot be": (
        {"overrides": [{"if": ["today.hot_day", "today.snowing"], "set": "optional"}]},
        "contradiction",
        "/overrides/0/if",
    ),
    "an override that never fires": (
        {"overrides": [
            {"if": ["rainy", "tier.small"], "set": "required"},
            {"if": "rainy", "set": "optional"},
        ]},
        "never-fires",
        "/overrides/0",
    ),
    "an empty condition": (
        {"overrides": [{"if": [], "set": "optional"}]},
        "not-a-list",
        "/overrides/0/if",
    ),
    "a tier left out": (
        {"applies": {"flagship": "required"}},
        "missing",
        "/applies",
    ),
    "an item that waits for itself": (
        {"ask_if": {"chk_item": "no"}},
        "not-earlier",
        "/ask_if/chk_item",
    ),
    "an item that replaces itself": (
        {"replaces": "chk_item"},
        "replaces-present",
        "/replaces",
    ),
    "no short name": ({"short_zh": ..., "short_en": ...}, "no-short-name", ""),
    "a long short name": ({"short_zh": "非常长的名称"}, "too-long", "/short_zh"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_an_item_is_named_where_it_is(mistake):
    changes, code, step = MISTAKES[mistake]
    assert (code, ITEM + step) in codes(make_document(make_item(**changes)))


@pytest.mark.parametrize(
    ("ask_if", "code"),
    [
        ({"ear_lier": "perhaps"}, "impossible-answer"),
        ({"ear_lier": ">600"}, "impossible-answer"),
        ({"lat_er": "no"}, "not-earlier"),
        ({"ear_lier": True}, "unquoted"),
    ],
)
def test_skips_must_be_possible(ask_if, code):
    document = make_document(EARLIER, make_item(ask_if=ask_if), make_item(id="lat_er"))
    assert code in {code for code, _ in codes(document)}


def test_skips_on_real_answers_pass():
    number = make_item(id="how_many", kind="number", weight=0)
    document = make_document(
        EARLIER,
        number,
        make_item(id="one_more", ask_if={"ear_lier": "no", "how_many": ">=3"}),
        make_item(id="two_more", ask_if={"ear_lier": ["no", "yes"], "how_many": 3}),
    )
    assert codes(document) == set()


def test_a_skip_on_an_item_with_a_mistake_is_not_blamed_too():
    document = make_document(
        {**EARLIER, "weight": 9}, make_item(ask_if={"ear_lier": "no"})
    )
    assert {code for code, _ in codes(document)} == {"out-of-range"}


def test_two_mistakes_in_one_item_are_both_named():
    item = make_item(owner="hal", critical=True)
    assert codes(make_document(item)) == {
        ("unknown-word", ITEM + "/owner"),
        ("light-critical", ITEM + "/weight"),
    }


def test_an_id_is_used_once_in_a_checklist():
    document = make_document(make_item(), make_item())
    assert ("id-twice", "/sections/0/items/1/id") in codes(document)


def test_an_id_belongs_to_one_checklist_for_ever():
    assert codes(make_document(), {"chk_item": "made_list"}) == set()
    assert codes(make_document(), {"chk_item": "old_list"}) == {
        ("id-in-use", ITEM + "/id")
    }


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"version": 2026.11}, "unquoted", "/version"),
        ({"version": "a b"}, "bad-version", "/version"),
        ({"status": "done"}, "unknown-word", "/status"),
        ({"pass_mark": 0}, "out-of-range", "/pass_mark"),
        ({"sections": []}, "not-a-list", "/sections"),
        ({"sections": ["?"]}, "not-keys", "/sections/0"),
        ({"opening_zh": "您好"}, "missing-language", "/opening_zh"),
        ({"source": "sms", "critical_cap": 59}, "cap-without-visit", "/critical_cap"),
        ({"defaults": {"weight": "2"}}, "out-of-range", "/defaults/weight"),
        ({"defaults": {"id": "abc"}}, "unknown-key", "/defaults/id"),
        ({"defaults": 3}, "not-keys", "/defaults"),
    ],
)
def test_a_mistake_in_the_head_is_named_where_it_is(changes, code, pointer):
    assert (code, pointer) in codes(make_document(**changes))


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("【{brand}】" + "好" * 70, "too-long"),
        ("{name}，您好", "unknown-place"),
    ],
)
def test_a_text_message_fits_one_sms(message, code):
    item = make_item(sms_zh=message, sms_en="Fine", answer_at="after")
    document = make_document(item, source="sms")
    assert (code, ITEM + "/sms_zh") in codes(document)


def test_conditions_on_the_scenario_need_a_visit():
    item = make_item(overrides=[{"if": "scenario.complaint", "set": "optional"}])
    document = make_document(item, source="open_inspection")
    assert ("never-fires", ITEM + "/overrides/0/if") in codes(document)


def test_a_sentence_names_item_mistake_and_way_out():
    document = make_document(make_item(owner="hal"))
    (problem,) = check_checklist(document, VOCABULARY, {})
    assert problem.text == Text(
        "题目“chk_item”：“owner”里没有“hal”这个词，是不是“hall”？",
        "Item “chk_item”: “owner” knows no word “hal”; did you mean “hall”?",
    )


def test_much_furniture_and_many_items_are_advised_against():
    hard = [make_item(id=f"hard_{n}", quality="hard", group=...) for n in range(71)]
    checklist = read_checklist(make_document(*hard), VOCABULARY)
    warned = {problem.code for problem in advise(checklist, [])}
    assert warned == {"little-soft", "many-items"}


def test_a_hall_with_few_items_is_named():
    checklist = read_checklist(make_document(), VOCABULARY)
    (problem,) = advise(checklist, [(Text("甲厅", "Hall A"), Place("small"))])
    assert problem.code == "few-items"
    assert "甲厅" in problem.text.zh
    assert "Hall A" in problem.text.en


_scalar = (
    st.none()
    | st.booleans()
    | st.integers(-3, 10**30)
    | st.floats()
    | st.sampled_from(["", "no", "all", "skip", ">600", "rainy", "not rainy", "{x}"])
)
_anything = st.recursive(
    _scalar,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_scalar, inner, max_size=3)
    ),
    max_leaves=8,
)


@given(_anything)
@settings(max_examples=50, deadline=None)
def test_any_value_gives_problems_and_never_an_exception(value):
    assert check_checklist(value, VOCABULARY, {})


@cache
def _paths(name):
    """Return the steps to every part of a shipped checklist."""
    found = []

    def walk(value, path):
        if path:
            found.append(path)
        entries = value.items() if isinstance(value, dict) else ()
        entries = enumerate(value) if isinstance(value, list) else entries
        for step, inner in entries:
            walk(inner, (*path, step))

    walk(SHIPPED[name].document, ())
    return found


@given(st.data(), st.sampled_from(list(SHIPPED)), _anything)
@settings(max_examples=60, deadline=None)
def test_a_spoilt_checklist_is_refused_or_usable_but_never_an_exception(
    data, name, value
):
    path = data.draw(st.sampled_from(_paths(name)))
    document = copy.deepcopy(SHIPPED[name].document)
    *outer, last = path
    target = document
    for step in outer:
        target = target[step]
    target[last] = value
    if not check_checklist(document, VOCABULARY, {}):
        checklist = read_checklist(document, VOCABULARY)
        advise(checklist, plain_halls(VOCABULARY))
        for tier in VOCABULARY.tiers:
            assert form_digest(build_form(checklist, VOCABULARY, "X", Place(tier)))


def _as_json(document):
    """Return a document as JSON reads it, where every key is text."""
    return json.loads(json.dumps(document))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_checklists_satisfy_the_json_schema(name):
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(_as_json(SHIPPED[name].document))


@pytest.mark.parametrize(
    "changes",
    [
        {"wieght": 3},
        {"weight": 6},
        {"zh": True},
        {"kind": "yesno"},
        {"en": ...},
        {"id": "Bad Id"},
        {"guide_zh": "看"},
        {"kind": "scale"},
        {"kind": "timing_seconds"},
        {"options": [OPTIONS[0]]},
        {"overrides": [{"if": [], "set": "optional"}]},
        {"applies": {"small": "perhaps"}},
        {"short_zh": "非常长的名称"},
    ],
)
def test_the_json_schema_refuses_typical_mistakes(changes):
    validator = Draft202012Validator(SCHEMA)
    assert validator.is_valid(_as_json(make_document()))
    assert not validator.is_valid(_as_json(make_document(make_item(**changes))))


def test_the_json_schema_knows_the_same_keys():
    properties = SCHEMA["properties"]
    assert set(properties) == set(checklist_keys(VOCABULARY))
    defs = SCHEMA["$defs"]
    assert set(defs["section"]["properties"]) == set(section_keys(VOCABULARY))
    assert set(defs["item"]["properties"]) == set(item_keys(VOCABULARY))
