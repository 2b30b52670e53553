"""The shape of an audit document: what is told, and that nothing makes it fall over."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_samples import small_form, sound_document
from auditapp.domain.audit_document import KNOWN_KEYS, check_document, check_envelope
from auditapp.domain.audit_problems import TEXTS
from auditapp.domain.completeness import check_final
from auditapp.domain.instants import parse_instant
from auditapp.domain.scoring import score_audit
from auditapp.domain.signals import SignalContext, compute_signals, signal_text

PHOTO = sound_document()["evidence"][0]
MARK = sound_document()["marks"][0]


def faults(change):
    problems = check_document(sound_document(change), small_form())
    return [(each.pointer, each.code) for each in problems]


def test_a_sound_document_has_no_faults():
    assert check_envelope(sound_document()) == []
    assert faults({}) == []


@pytest.mark.parametrize("document", [None, True, 3, "x", [], [{}]])
def test_what_is_no_object_has_no_envelope(document):
    assert [each.code for each in check_envelope(document)] == ["not-an-object"]
    assert [each.code for each in check_document(document, small_form())] == [
        "not-an-object"
    ]


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        ("id", "0193e3a1"),
        ("id", "0193e3a1-0000-7000-8000-00000000000g"),
        ("id", 7),
        ("visit", "0193e3a1-0000-7000-8000-000000000001\n"),
        ("form", "a" * 64),
        ("form", "sha256:" + "A" * 64),
        ("device", ""),
        ("device", "x" * 65),
        ("device", "a\0b"),
        ("device", "\ud800"),
        ("revision", 0),
        ("revision", 2**31),
        ("revision", 1.0),
        ("revision", True),
        ("revision", "17"),
        ("state", "sent"),
        ("state", ["final"]),
    ],
)
def test_an_unsound_envelope_names_its_field(key, bad):
    document = {**sound_document(), key: bad}

    [found] = check_envelope(document)

    assert (found.pointer, found.code) == (f"/{key}", "malformed")


def test_each_missing_part_of_the_envelope_is_named():
    assert [(each.pointer, each.code) for each in check_envelope({})] == [
        (f"/{key}", "missing")
        for key in ("id", "visit", "form", "device", "revision", "state")
    ]


@pytest.mark.parametrize("revision", [1, 2**31 - 1])
def test_the_ends_of_the_revisions_are_sound(revision):
    assert check_envelope(sound_document({"revision": revision})) == []


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        ("open", "maybe", "not-yes-or-no"),
        ("open", True, "not-yes-or-no"),
        ("open", {"yes": 1}, "not-yes-or-no"),
        ("manner", 0, "not-on-scale"),
        ("manner", 6, "not-on-scale"),
        ("manner", 2.5, "not-on-scale"),
        ("manner", "3", "not-on-scale"),
        ("manner", True, "not-on-scale"),
        ("terms", "never", "not-listed"),
        ("terms", ["all"], "not-listed"),
        ("ahead", "3", "not-a-number"),
        ("ahead", -1, "out-of-range"),
        ("ahead", 200.5, "out-of-range"),
        ("wait_time", -1, "duration-out-of-range"),
        ("wait_time", 14_400.001, "duration-out-of-range"),
        ("wait_time", "always", "not-a-duration"),
        ("know", "full", "not-a-sample"),
        ("know", [], "not-a-sample"),
        ("know", ["full", "full", "full"], "not-a-sample"),
        ("know", ["full", "best"], "not-listed"),
        ("best", 5, "not-text"),
        ("best", "好" * 4001, "text-too-long"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_at_its_item(item, value, code):
    assert faults({"answers": {item: {"value": value}}}) == [(f"/answers/{item}", code)]


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("open", "could_not_observe"),
        ("know", "could_not_observe"),
        ("know", ["could_not_observe", "full"]),
        ("wait_time", "never"),
        ("wait_time", 0),
        ("wait_time", 14_400),
        ("ahead", 0),
        ("best", "好" * 4000),
        ("rack", "no"),
    ],
)
def test_a_sound_value_is_not_told(item, value):
    assert faults({"answers": {item: {"value": value}}}) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"colour": 1}, ("/colour", "unknown-key")),
        ({"a/b~c": 1}, ("/a~1b~0c", "unknown-key")),
        ({"answers": {"nothing": {"value": 1}}}, ("/answers/nothing", "unknown-item")),
        ({"answers": {"demo": {"value": "no"}}}, ("/answers/demo", "excluded-item")),
        ({"answers": {"open": "yes"}}, ("/answers/open", "malformed")),
        ({"answers": {"open": {"note": 3}}}, ("/answers/open/note", "malformed")),
        (
            {"answers": {"open": {"note": "x" * 4001}}},
            ("/answers/open/note", "text-too-long"),
        ),
        ({"answers": {"open": {"note": "a\0"}}}, ("/answers/open", "unsafe-text")),
        ({"answers": {"open": {"reply": "\udc00"}}}, ("/answers/open", "unsafe-text")),
        ({"answers": {"open": {"at": "noon"}}}, ("/answers/open/at", "time-invalid")),
        (
            {"answers": {"open": {"source": "guess"}}},
            ("/answers/open/source", "malformed"),
        ),
        (
            {"answers": {"open": {"photo_waived": 3}}},
            ("/answers/open/photo_waived", "malformed"),
        ),
        ({"answers": [1]}, ("/answers", "malformed")),
        ({"today": ["foggy"]}, ("/today/0", "unknown-today")),
        ({"today": "raining"}, ("/today", "malformed")),
        ({"outcome": "rejected"}, ("/outcome", "unknown-outcome")),
        ({"clock_offset_ms": "3"}, ("/clock_offset_ms", "malformed")),
        ({"started_at": "2026-11-18"}, ("/started_at", "time-invalid")),
        ({"marks": {}}, ("/marks", "malformed")),
        ({"marks": [MARK] * 501}, ("/marks", "too-many")),
        ({"marks": [3]}, ("/marks/0", "malformed")),
        ({"marks": [{**MARK, "event": "paid"}]}, ("/marks/0/event", "unknown-event")),
        ({"marks": [{**MARK, "elapsed_ms": -1}]}, ("/marks/0/elapsed_ms", "malformed")),
        ({"marks": [{**MARK, "source": "seen"}]}, ("/marks/0/source", "malformed")),
        ({"marks": [{**MARK, "at": 3}]}, ("/marks/0/at", "time-invalid")),
        ({"evidence": [PHOTO] * 201}, ("/evidence", "too-many")),
        (
            {"evidence": [{**PHOTO, "sha256": "A" * 64}]},
            ("/evidence/0/sha256", "malformed"),
        ),
        ({"evidence": [{**PHOTO, "bytes": 0}]}, ("/evidence/0/bytes", "malformed")),
        (
            {"evidence": [{**PHOTO, "bytes": 12 * 2**20 + 1}]},
            ("/evidence/0/bytes", "malformed"),
        ),
        (
            {"evidence": [{**PHOTO, "type": "image/gif"}]},
            ("/evidence/0/type", "malformed"),
        ),
        ({"evidence": [{**PHOTO, "item": "demo"}]}, ("/evidence/0/item", "malformed")),
        (
            {"evidence": [{**PHOTO, "source": "web"}]},
            ("/evidence/0/source", "malformed"),
        ),
        (
            {"evidence": [{**PHOTO, "taken_at": "x"}]},
            ("/evidence/0/taken_at", "time-invalid"),
        ),
        (
            {"evidence": [{**PHOTO, "position": {"lat": 91, "lon": 0}}]},
            ("/evidence/0/position/lat", "malformed"),
        ),
        ({"positions": [{"lat": 0, "lon": -181}]}, ("/positions/0/lon", "malformed")),
        ({"positions": ["here"]}, ("/positions/0", "malformed")),
    ],
)
def test_each_fault_is_told_at_its_place(change, expected):
    assert faults(change) == [expected]


def test_numbers_that_json_readers_disagree_on_are_told():
    document = sound_document()
    document["positions"][0]["heading"] = float("nan")
    document["marks"][0]["step"] = 2**60

    problems = check_document(document, small_form())

    assert [(each.pointer, each.code) for each in problems] == [
        ("/marks/0", "unsafe-number"),
        ("/positions/0", "unsafe-number"),
    ]


def test_a_photo_may_belong_to_no_item_and_have_no_place():
    photo = {key: PHOTO[key] for key in ("sha256", "bytes", "type")}
    assert faults({"evidence": [photo]}) == []


@pytest.mark.parametrize(
    ("text", "is_sound"),
    [
        ("2026-11-18T02:03:04.567Z", True),
        ("2026-11-18T02:03:04Z", True),
        ("2026-11-18T10:03:04+08:00", True),
        ("2026-11-18T02:03:04", False),
        ("20261118T020304Z", False),
        ("2026-W47-3T02:03:04Z", False),
        ("2026-02-30T02:03:04Z", False),
        ("2026-11-18T24:00:00Z", False),
        ("0001-01-01T00:00:00+14:00", False),
        ("２０26-11-18T02:03:04Z", False),
        ("2026-11-18T02:03:04Z\n", False),
    ],
)
def test_times_are_rfc_3339_with_a_zone(text, is_sound):
    assert (parse_instant(text) is not None) is is_sound


def test_a_fault_names_its_item_and_the_way_out_in_both_languages():
    change = {"answers": {"greet_time": {"value": 20000}}}
    [fault] = check_document(sound_document(change), small_form())

    assert fault.text.zh == "“招呼”请填0到14400秒之间的时长。"
    assert fault.text.en == "Please enter from 0 to 14400 seconds for “Greeting”."


def test_deep_nesting_is_walked_without_recursion():
    deep = {}
    for _ in range(100_000):
        deep = {"a": deep}
    document = {**sound_document(), "positions": [deep]}

    assert check_document(document, small_form())


def test_every_sentence_has_the_same_facts_in_both_languages():
    for code, text in TEXTS.items():
        assert set(re.findall(r"{\w+}", text.zh)) == set(
            re.findall(r"{\w+}", text.en)
        ), code


STRANGE = st.text(st.characters(codec=None, categories=("L", "Cs", "Cc")), max_size=4)
LEAF = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | STRANGE
    | st.sampled_from(["yes", "never", "enter", "could_not_observe", 10**400])
)
KEYS = STRANGE | st.sampled_from(
    [*sorted(KNOWN_KEYS), "value", "position", "lat", "lon", "open", "event", "at"]
)
ANY_JSON = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=15,
)


def survives(document):
    """Run all that reads a document; what it says must be storable and sendable."""
    form = small_form()
    problems = check_envelope(document) + check_final(form, document)
    for each in problems:
        (each.pointer + each.text.zh + each.text.en).encode("utf-8")
        assert "\0" not in each.pointer + each.text.zh
    score_audit(form, document)
    for signal in compute_signals(form, document, SignalContext()):
        json.dumps(signal.facts, allow_nan=False)
        signal_text(signal)
    return problems


@settings(max_examples=60, deadline=None)
@given(ANY_JSON)
def test_any_json_is_told_and_nothing_raises(document):
    assert survives(document)


def paths(value, at=()):
    """Return the way to each place in a document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield (*at, key)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*at, key))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(list(paths(sound_document()))), ANY_JSON)
def test_a_sound_document_with_one_place_spoilt_never_raises(path, spoilt):
    document = json.loads(json.dumps(sound_document()))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = spoilt

    survives(document)
