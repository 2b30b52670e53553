"""What the reviewer is told to look at, and what was looked at and is fine."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_samples import small_form, sound_document
from auditapp.domain.content_signals import normalised
from auditapp.domain.geo import Point, distance_metres, point_from
from auditapp.domain.signal import (
    EarlierText,
    OtherPicture,
    OtherVisit,
    Signal,
    SignalContext,
)
from auditapp.domain.signals import compute_signals, signal_text

HALL = Point(23.1, 113.3)
SHA = sound_document()["evidence"][0]["sha256"]
OTHER_SHA = "2" * 64
BUSY_HASH = 0x0F0F_F0F0_3C3C_C3C3


def signals(change=None, **context):
    document = sound_document(change)
    return compute_signals(
        small_form(), document, SignalContext(**{"hall": HALL, **context})
    )


def notices(change=None, **context):
    found = signals(change, **context)
    return {each.kind: each for each in found if each.level == "notice"}


def moved(metres_north):
    """Return a position that far from the hall."""
    return {"lat": 23.1 + metres_north / 111_195, "lon": 113.3, "accuracy_m": 20}


def photo(sha256, item=None):
    return {**sound_document()["evidence"][0], "sha256": sha256, "item": item}


def test_a_plain_visit_has_no_notices_and_says_what_was_checked():
    found = signals()

    assert {each.kind for each in found} == {
        "distance",
        "accuracy",
        "clock_offset",
        "clock_moved",
        "stay",
    }
    assert {each.level for each in found} == {"fine"}


def test_notices_come_first():
    levels = [each.level for each in signals({"clock_offset_ms": 999_999})]

    assert levels[0] == "notice"
    assert set(levels[1:]) == {"fine"}


def test_a_position_far_from_the_hall_is_told_with_its_numbers():
    signal = notices({"positions": [moved(5000)]})["distance"]

    assert signal.facts == {"metres": 5000, "accuracy_m": 20, "radius_m": 200}
    assert "5000" in signal_text(signal).zh


@pytest.mark.parametrize(("metres", "is_told"), [(215, False), (225, True)])
def test_the_positions_own_error_is_granted(metres, is_told):
    assert ("distance" in notices({"positions": [moved(metres)]})) is is_told


def test_of_several_positions_the_nearest_counts():
    assert "distance" not in notices({"positions": [moved(5000), moved(50)]})


def test_without_a_position_on_arrival_those_of_the_photos_count():
    far = {**photo(SHA), "position": moved(5000)}

    assert "distance" in notices({"positions": [], "evidence": [far]})
    assert "no_position" in notices({"positions": [], "evidence": []})


def test_a_rough_position_is_told():
    rough = {**moved(0), "accuracy_m": 900}

    assert notices({"positions": [rough]})["accuracy"].facts == {"accuracy_m": 900}


def test_an_unknown_hall_tells_nothing_of_distance():
    assert "distance" not in {each.kind for each in signals(hall=None)}


@pytest.mark.parametrize(
    ("offset_ms", "is_told"), [(120_000, False), (121_000, True), (-121_000, True)]
)
def test_a_wrong_phone_clock_is_told(offset_ms, is_told):
    assert ("clock_offset" in notices({"clock_offset_ms": offset_ms})) is is_told


def test_a_clock_set_back_during_the_visit_is_told():
    marks = sound_document()["marks"]
    marks[-1]["at"] = "2026-11-18T01:15:00.000Z"

    signal = notices({"marks": marks})["clock_moved"]

    assert signal.facts["seconds"] == 3600


def test_a_time_recalled_does_not_make_the_clock_wrong():
    marks = sound_document()["marks"]
    marks[-1] |= {"at": "2026-11-18T01:15:00.000Z", "source": "recalled"}

    assert "clock_moved" not in notices({"marks": marks})


@pytest.mark.parametrize(
    ("context", "is_told"),
    [
        ({}, False),
        ({"minimum_stay_seconds": 841}, True),
        ({"peer_p10_stay_seconds": 900}, True),
        ({"peer_p10_stay_seconds": 840}, False),
    ],
)
def test_a_stay_of_840_seconds_is_measured_by_policy_and_peers(context, is_told):
    assert ("stay" in notices(**context)) is is_told


def test_marks_out_of_order_are_told_by_name():
    marks = sound_document()["marks"]
    marks[1]["elapsed_ms"] = 1000

    signal = notices({"marks": marks})["marks_order"]

    assert signal.facts["event"] == "greeted"
    assert signal_text(signal).en.startswith("“Greeted”")


def test_mostly_recalled_times_are_told():
    marks = sound_document()["marks"]
    for mark in marks[:2]:
        mark["source"] = "recalled"
    assert "recalled_marks" not in notices({"marks": marks})

    marks[2]["source"] = "recalled"
    assert notices({"marks": marks})["recalled_marks"].facts == {
        "recalled": 3,
        "marks": 5,
    }


def test_the_same_file_in_another_audit_is_told():
    others = (OtherPicture("audit-7", SHA),)

    signal = notices(other_pictures=others)["same_photo_elsewhere"]

    assert (signal.item, signal.facts["audit"]) == ("sig", "audit-7")


@pytest.mark.parametrize(
    ("bits", "is_told"), [(0, True), (0b1111, True), (0b11111, False)]
)
def test_up_to_four_of_64_bits_make_twins(bits, is_told):
    others = (OtherPicture("audit-7", OTHER_SHA, BUSY_HASH ^ bits),)

    found = notices(other_pictures=others, dhashes={SHA: BUSY_HASH})

    assert ("twin_photo_elsewhere" in found) is is_told


def test_hashes_that_a_database_gave_back_with_a_sign_are_compared_all_the_same():
    high = BUSY_HASH | 1 << 63
    others = (OtherPicture("audit-7", OTHER_SHA, high - (1 << 64)),)

    found = notices(other_pictures=others, dhashes={SHA: high})

    assert found["twin_photo_elsewhere"].facts["bits"] == 0


def test_two_blank_walls_are_no_twins():
    others = (OtherPicture("audit-7", OTHER_SHA, 1),)

    assert "twin_photo_elsewhere" not in notices(
        other_pictures=others, dhashes={SHA: 3}
    )


def test_one_view_for_two_items_is_told_and_two_photos_of_one_item_are_not():
    dhashes = {SHA: BUSY_HASH, OTHER_SHA: BUSY_HASH ^ 1}

    two_items = {"evidence": [photo(SHA, "sig"), photo(OTHER_SHA, "open")]}
    assert notices(two_items, dhashes=dhashes)["twin_photo"].facts["bits"] == 1
    assert "same_photo" in notices(
        {"evidence": [photo(SHA, "sig"), photo(SHA, "open")]}
    )

    one_item = {"evidence": [photo(SHA, "sig"), photo(OTHER_SHA, "sig")]}
    assert not notices(one_item, dhashes=dhashes)


def visit_elsewhere(kilometres, gap):
    """Return a visit that far away, ended so long before this one's entering."""
    entered = datetime(2026, 11, 18, 2, 1, tzinfo=UTC)
    place = Point(23.1 + kilometres / 111.195, 113.3)
    ended = entered - gap
    return OtherVisit("audit-7", place, ended - timedelta(minutes=20), ended)


@pytest.mark.parametrize(
    ("kilometres", "gap", "is_told"),
    [
        (100, timedelta(minutes=39), True),
        (100, timedelta(minutes=41), False),
        (10, timedelta(minutes=-5), True),
        (1, timedelta(minutes=-5), False),
    ],
)
def test_travel_faster_than_150_km_per_hour_is_told(kilometres, gap, is_told):
    found = notices(other_visits=(visit_elsewhere(kilometres, gap),))

    assert ("travel" in found) is is_told


def test_the_next_visit_counts_as_well_as_the_one_before():
    left = datetime(2026, 11, 18, 2, 15, tzinfo=UTC)
    began = left + timedelta(minutes=10)
    later = OtherVisit(
        "audit-8", Point(24.1, 113.3), began, began + timedelta(minutes=9)
    )

    assert notices(other_visits=(later,))["travel"].facts["seconds"] == 600


def test_words_copied_from_an_earlier_visit_are_told_however_they_are_dressed():
    earlier = (EarlierText("audit-7", "地面有水渍，没有放置防滑提示牌。"),)
    note = {"answers": {"open": {"note": "地面有水渍 没有放置防滑提示牌！"}}}

    signal = notices(note, earlier_texts=earlier)["copied_text"]

    assert (signal.item, signal.facts) == (
        "open",
        {"audit": "audit-7", "characters": 14},
    )


def test_a_short_phrase_may_be_said_twice():
    earlier = (EarlierText("audit-7", "没有放提示牌"),)
    note = {"answers": {"open": {"note": "没有放提示牌"}}}

    assert "copied_text" not in notices(note, earlier_texts=earlier)


def test_texts_are_compared_by_their_letters():
    assert normalised("Ｗｅｔ  floor,\nno sign!") == "wetfloornosign"


def thirty_answers(values, seconds_apart):
    items = [
        {**small_form()["items"][1], "id": f"item_{number}"} for number in range(30)
    ]
    start = datetime(2026, 11, 18, 3, tzinfo=UTC)
    answers = {
        item["id"]: {
            "value": values[number % len(values)],
            "at": (start + timedelta(seconds=seconds_apart * number)).isoformat(),
        }
        for number, item in enumerate(items)
    }
    document = sound_document({"answers": None}) | {"answers": answers}
    found = compute_signals(small_form(items=items), document, SignalContext(hall=HALL))
    return {each.kind for each in found if each.level == "notice"}


def test_answers_faster_than_reading_are_told():
    assert thirty_answers(["yes", "no"], 2) == {"pace"}
    assert thirty_answers(["yes", "no"], 4) == set()


def test_the_same_answer_to_everything_is_told_only_when_given_in_haste():
    assert thirty_answers(["yes"], 5) == {"uniform_answers"}
    assert thirty_answers(["yes"], 20) == set()


def test_an_empty_audit_only_lacks_a_position():
    assert [
        each.kind for each in compute_signals(small_form(), {}, SignalContext())
    ] == ["no_position"]


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (45, "在厅45秒。", "The stay lasted 45 s."),
        (840, "在厅14分00秒。", "The stay lasted 14 min 0 s."),
        (7380, "在厅2小时3分。", "The stay lasted 2 h 3 min."),
    ],
)
def test_durations_are_told_as_people_say_them(seconds, zh, en):
    facts = {"seconds": seconds, "minimum_seconds": 480, "shortest_seconds": 480}

    text = signal_text(Signal("stay", "fine", None, facts))

    assert (text.zh, text.en) == (zh, en)


def test_facts_survive_being_stored():
    for signal in signals({"positions": [moved(5000)]}):
        facts = json.loads(json.dumps(signal.facts))
        stored = Signal(signal.kind, signal.level, signal.item, facts)
        assert signal_text(stored) == signal_text(signal)


def test_guangzhou_to_beijing_is_1890_kilometres():
    metres = distance_metres(Point(23.1291, 113.2644), Point(39.9042, 116.4074))

    assert metres == pytest.approx(1_888_000, rel=0.005)


POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@settings(max_examples=50, deadline=None)
@given(POINTS, POINTS)
def test_distance_is_symmetric_and_never_over_half_the_globe(one, other):
    there = distance_metres(one, other)

    assert there == pytest.approx(distance_metres(other, one), abs=0.01)
    assert 0 <= there <= 20_015_200
    assert distance_metres(one, one) == 0


@pytest.mark.parametrize(
    "position",
    [
        {},
        {"lat": "23", "lon": 113},
        {"lat": 91, "lon": 0},
        {"lat": 0, "lon": -180.1},
        {"lat": 0, "lon": 0, "accuracy_m": -1},
        {"lat": float("nan"), "lon": 0},
        {"lat": True, "lon": 0},
    ],
)
def test_an_unsound_position_is_no_point(position):
    assert point_from(position) is None
