"""What customers text back, read as they meant it; nothing breaks anything."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.dialogue import build_dialogue, filled
from auditapp.domain.replies import Conversation, ReplyKind, take_turn
from auditapp.domain.vocabulary import Vocabulary
from feedback_world import load

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
DIALOGUE = build_dialogue(
    load("sms_feedback"), Vocabulary.from_document(load("_vocabulary"))
)
LOW = {"sms_rating": 3}


def turn(text, answers=None, asked="sms_rating", hours_left=1):
    expires_at = NOW + timedelta(hours=hours_left)
    return take_turn(
        Conversation(DIALOGUE, answers or {}, asked, expires_at), text, NOW
    )


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("9", 9),
        ("９", 9),
        ("9分", 9),
        ("10 分", 10),
        ("九", 9),
        ("十分", 10),
        ("10/10", 10),
        ("给8分", 8),
        ("\u200b7\u200b。", 7),
        ("  7 points!", 7),
    ],
)
def test_a_mark_is_read_however_it_is_written(text, rating):
    assert turn(text).answers == {"sms_rating": rating}


@pytest.mark.parametrize(
    "text", ["9.5", "8-9", "0", "11", "100", "👍", "=1+1", "", "…"]
)
def test_what_may_mean_anything_is_not_guessed(text):
    assert turn(text).kind is ReplyKind.UNREADABLE
    assert turn(text).asked_item == "sms_rating"


@pytest.mark.parametrize(
    "text", ["R", "r", "ｒ", "td", "退订", "退订。", " TD! ", "stop"]
)
@pytest.mark.parametrize("hours_left", [1, -100])
def test_a_wish_to_be_left_alone_is_heard_at_any_time(text, hours_left):
    for answers, asked in (({}, "sms_rating"), (LOW, "sms_reason"), (LOW, None)):
        found = turn(text, answers, asked, hours_left)
        assert (found.kind, found.asked_item) == (ReplyKind.STOP, None)
        assert found.send == "farewell"


def test_a_good_mark_is_thanked_for_a_low_one_asked_about():
    assert turn("8").send == "thanks"
    assert turn("8").asked_item is None
    assert turn("7").send == "sms_reason"
    reason = turn("2", LOW, "sms_reason")
    assert reason.answers == {"sms_rating": 3, "sms_reason": "wait"}
    assert reason.send == "sms_words"
    words = turn("等了一个小时", dict(reason.answers), "sms_words")
    assert words.answers["sms_words"] == "等了一个小时"
    assert words.send == "thanks"


@pytest.mark.parametrize(
    ("text", "kind", "wants_call"),
    [
        ("0", ReplyKind.CALL, True),
        ("请给我回电", ReplyKind.CALL, True),
        ("please call me back", ReplyKind.CALL, True),
        ("不用回电", ReplyKind.WORDS, False),
        ("don't call me", ReplyKind.WORDS, False),
        ("<b>'; DROP TABLE responses;--", ReplyKind.WORDS, False),
        ("👎", ReplyKind.WORDS, False),
    ],
)
def test_the_last_question_takes_words_or_a_call(text, kind, wants_call):
    found = turn(text, LOW, "sms_words")
    assert (found.kind, found.wants_call, found.send) == (kind, wants_call, "thanks")


def test_mark_and_words_in_one_message_are_both_kept():
    found = turn("3，等太久了")
    assert found.answers == {"sms_rating": 3, "sms_words": "等太久了"}
    reason = turn("2", dict(found.answers), "sms_reason")
    assert reason.send == "thanks"  # words are there already


def test_words_before_the_mark_are_kept_and_the_question_stays_open():
    found = turn("服务不好")
    assert (found.kind, found.asked_item) == (ReplyKind.WORDS, "sms_rating")
    assert found.answers == {"sms_words": "服务不好"}


def test_what_comes_afterwards_changes_no_mark():
    assert turn("10", LOW, None).kind is ReplyKind.REPEATED
    assert turn("谢谢", LOW, None).answers["sms_words"] == "谢谢"
    told = LOW | {"sms_words": True}
    assert turn("还有一点", told, None).kind is ReplyKind.REPEATED


def test_late_and_hostile_replies_change_nothing():
    assert turn("9", hours_left=-1).kind is ReplyKind.LATE
    for text in ("9" * 1001, "9\0", "9\x1b[2J"):
        assert turn(text).kind is ReplyKind.HOSTILE
        assert turn(text).answers == {}


@given(
    text=st.text(max_size=1200),
    state=st.sampled_from(
        [({}, "sms_rating"), (LOW, "sms_reason"), (LOW, "sms_words"), (LOW, None)]
    ),
)
def test_whatever_arrives_is_some_kind_of_reply(text, state):
    answers, asked = state
    found = turn(text, answers, asked)
    assert dict(found.answers).items() >= answers.items()
    rating = found.answers.get("sms_rating")
    assert rating is None or 1 <= rating <= 10
    if found.kind in (ReplyKind.STOP, ReplyKind.HOSTILE, ReplyKind.UNREADABLE):
        assert found.answers == answers


@pytest.mark.parametrize(
    ("language", "one", "two"), [("zh", 70, 134), ("en", 160, 306)]
)
def test_a_message_fits_one_text_and_with_a_link_two(language, one, two):
    places = {"brand": "澜桥通信", "hall": "绍兴市越城区稽山街道稽云路" * 12 + "旗舰厅"}
    link = "https://ask.example/f/" + "a" * 24
    message = DIALOGUE.words_of("sms_rating").in_language(language)
    assert len(filled(message, language, places)) == one
    assert len(filled(message, language, places, link)) <= two
    assert filled(message, language, places, link).endswith(link)
    assert filled("{x}{hall}", language, {"hall": "{brand}"}) == "{brand}"
