"""Drawing questions, and the shape of what only an open inspection's document holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_samples import merged, small_form, sound_document, vectors
from auditapp.domain.audit_document import check_document
from auditapp.domain.completeness import check_final
from auditapp.domain.inspection import (
    MOST_FINDINGS,
    draw_again,
    draw_questions,
    inspection_form,
    worst_first,
)
from auditapp.domain.signed_sheet import signed_sheet

FORM, DOCUMENT = vectors("inspection")["form"], vectors("inspection")["document"]
POOL = [f"kno_{n}" for n in range(11)]
AT = "2026-11-18T02:00:00.000Z"


@given(st.integers(1, 11), st.text(max_size=8), st.text(max_size=8))
def test_a_draw_is_part_of_the_set_repeatable_and_never_the_last_one(count, one, two):
    first = draw_questions(POOL, count, one)
    second = draw_questions(POOL, count, two, first)

    assert first == draw_questions(POOL, count, one)
    assert len(first) == len(second) == count
    assert first == [each for each in POOL if each in first]
    assert count == len(POOL) or first != second


def test_more_questions_than_there_are_is_all_of_them():
    assert draw_questions(POOL, 50, "x", POOL) == POOL


def test_draws_differ_and_every_question_comes_up():
    draws = {tuple(draw_questions(POOL, 5, f"seed {n}")) for n in range(60)}

    assert len(draws) > 40
    assert {each for draw in draws for each in draw} == set(POOL)


@given(st.integers(1, 11), st.sets(st.sampled_from(POOL)), st.text(max_size=8))
def test_a_draw_keeps_its_questions_and_replaces_those_that_are_gone(count, gone, seed):
    drawn = draw_questions(POOL, count, seed)
    pool = [each for each in POOL if each not in gone] + ["kno_new"]
    again = draw_again(pool, drawn, seed)

    assert set(drawn) - gone <= set(again) <= set(pool)
    assert len(again) == min(count, len(pool))
    assert draw_again(POOL, drawn, seed) == drawn


def test_a_question_that_was_not_drawn_may_not_be_answered():
    form = inspection_form(FORM, [], FORM["findings"])

    faults = check_document(DOCUMENT, form)

    assert [(f.pointer, f.code) for f in faults] == [("/answers/ask", "excluded-item")]
    assert "没有抽到" in form["excluded"][0]["why"]["zh"]


def test_the_gravest_findings_come_first_and_not_too_many():
    many = [
        {"id": f"i{n}", "critical": n == 7, "quality": "soft", "weight": n % 5}
        for n in range(20)
    ]
    hard = {"id": "hard", "critical": False, "quality": "hard", "weight": 1}

    found = [finding["id"] for finding in worst_first([*many, hard])]

    assert len(found) == MOST_FINDINGS
    assert found[:3] == ["i7", "hard", "i4"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"corrections": []}, ("/corrections", "malformed")),
        (
            {"corrections": {"nothing": {"at": AT}}},
            ("/corrections/nothing", "unknown-item"),
        ),
        ({"corrections": {"fire": 7}}, ("/corrections/fire", "malformed")),
        (
            {"corrections": {"fire": {"at": "noon"}}},
            ("/corrections/fire/at", "time-invalid"),
        ),
        ({"corrections": {"fire": {"x": 1}}}, ("/corrections/fire/x", "unknown-key")),
        (
            {"corrections": {"fire": {"note": "x" * 4001}}},
            ("/corrections/fire/note", "text-too-long"),
        ),
        ({"rechecks": {"fire": {"at": AT}}}, ("/rechecks/fire", "unknown-item")),
        (
            {"rechecks": {"mat": {"result": "maybe"}}},
            ("/rechecks/mat/result", "not-listed"),
        ),
        ({"rechecks": {"mat": {"result": []}}}, ("/rechecks/mat/result", "not-listed")),
        ({"signature": "x"}, ("/signature", "malformed")),
        ({"signature": {"state": "x"}}, ("/signature/state", "malformed")),
        ({"signature": {"sha256": "X"}}, ("/signature/sha256", "malformed")),
        ({"signature": {"name": "王"}}, ("/signature/name", "unknown-key")),
        (
            {"signature": {"position": "长" * 61}},
            ("/signature/position", "text-too-long"),
        ),
        ({"signature": {"reason": 7}}, ("/signature/reason", "malformed")),
        ({"staff": "counter"}, ("/staff", "malformed")),
        ({"staff": ["王小明"]}, ("/staff/0", "not-listed")),
        ({"staff": ["guide"] * 11}, ("/staff", "too-many")),
        (
            {"answers": {"calm": {"seconds": "95"}}},
            ("/answers/calm/seconds", "not-a-duration"),
        ),
        (
            {"answers": {"calm": {"seconds": 14_401}}},
            ("/answers/calm/seconds", "duration-out-of-range"),
        ),
    ],
)
def test_every_fault_of_an_inspection_is_named(change, fault):
    document = merged(DOCUMENT, change)

    faults = [(each.pointer, each.code) for each in check_document(document, FORM)]

    assert fault in faults
    assert check_final(FORM, document)


@pytest.mark.parametrize(
    "place", ["correction.x", "recheck.fire", "signature", "lock.x"]
)
def test_a_photo_of_no_place_is_refused(place):
    evidence = [{**DOCUMENT["evidence"][0], "item": place}, *DOCUMENT["evidence"][1:]]

    faults = check_document(merged(DOCUMENT, {"evidence": evidence}), FORM)

    assert ("/evidence/0/item", "malformed") in [(f.pointer, f.code) for f in faults]


def test_a_sound_inspection_has_no_fault():
    assert check_final(FORM, DOCUMENT) == []


@pytest.mark.parametrize("key", ["corrections", "rechecks", "signature", "staff"])
def test_a_mystery_visit_knows_none_of_it(key):
    document = sound_document({key: DOCUMENT[key]})

    faults = check_document(document, small_form())

    assert (f"/{key}", "unknown-key") in [(f.pointer, f.code) for f in faults]


def test_what_was_signed_is_laid_out_for_reading():
    sheet = signed_sheet(FORM, DOCUMENT)

    assert [recheck.state for recheck in sheet.rechecks] == ["good", "bad"]
    assert sheet.fixed == 1
    assert sheet.corrections["fire"].note == "换了新的"
    assert sheet.drills["calm"].en == "1 min 35 s"
    assert [position.zh for position in sheet.staff] == ["台席营业员", "值班经理"]
    assert (sheet.signature.state, sheet.signature.position) == ("signed", "值班经理")
    assert signed_sheet(FORM, {}).signature is None
