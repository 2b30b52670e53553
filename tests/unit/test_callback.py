"""What follows a call, a complaint's reply and a check; the way through a script."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.call_script import (
    CallSheet,
    choices_of,
    fill,
    read_answer,
    without_promise,
    words_said,
)
from auditapp.domain.callback import (
    CallbackState,
    CallingRules,
    CallOutcome,
    after_try,
)
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.complaint import (
    CATEGORIES,
    CheckOutcome,
    ComplaintState,
    after_check,
    after_reply,
    promise_at,
    urgency,
)
from auditapp.domain.customer_response import script_of
from auditapp.domain.month import HALL_TIME
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from desk_world import checklist_document

RULES = CallingRules()
moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def at(clock, day=18):
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=HALL_TIME)


@pytest.fixture(scope="module")
def script():
    vocabulary = Vocabulary.from_document(checklist_document("_vocabulary"))
    document = checklist_document("customer_callback")
    form = script_of(read_checklist(document, vocabulary), vocabulary)
    return CallSheet.from_document(document, form)


def test_the_published_rules_are_those_of_the_script(script):
    assert script.rules == RULES
    other = CallingRules.from_document({"hours": ["10:00", "18:30"], "attempts": 3})
    assert (other.opens.hour, other.closes.minute, other.attempts) == (10, 30, 3)


@pytest.mark.parametrize(
    ("clock", "is_open"),
    [("09:29", False), ("09:30", True), ("19:59", True), ("20:00", False)],
)
def test_customers_are_called_in_the_hours_of_the_halls(clock, is_open):
    assert RULES.is_open(at(clock).astimezone(UTC)) == is_open


@given(moments)
def test_an_opening_is_open_and_never_lies_before(instant):
    opening = RULES.opening_at_or_after(instant)
    assert RULES.is_open(opening)
    assert instant <= opening < instant + timedelta(hours=24)


@given(st.sampled_from(CallOutcome), st.integers(0, 3), moments, st.integers(-5, 100))
def test_nobody_is_tried_too_often_too_late_or_at_night(outcome, tries, now, hours):
    before = now + timedelta(hours=hours)
    then = after_try(outcome, tries, RULES, now=now, call_before_at=before)
    if then.state is CallbackState.RETRY and outcome is not CallOutcome.DROPPED:
        assert then.tries < RULES.attempts
        assert now < then.next_try_at < before
        assert RULES.is_open(then.next_try_at)


def test_two_tries_without_an_answer_end_it():
    before = RULES.call_before(at("00:00", 17).date())
    now = at("18:00")
    first = after_try(CallOutcome.NO_ANSWER, 0, RULES, now=now, call_before_at=before)
    assert (first.state, first.next_try_at) == (CallbackState.RETRY, at("09:30", 19))
    soon = after_try(CallOutcome.BUSY, 0, RULES, now=now, call_before_at=before)
    assert soon.next_try_at == at("18:30")
    second = after_try(CallOutcome.BUSY, 1, RULES, now=now, call_before_at=before)
    assert (second.state, second.tries) == (CallbackState.UNREACHABLE, 2)


def test_a_retry_that_would_come_too_long_after_the_visit_is_none():
    before = RULES.call_before(at("00:00", 15).date())
    then = after_try(
        CallOutcome.NO_ANSWER, 0, RULES, now=at("19:00"), call_before_at=before
    )
    assert then.state is CallbackState.UNREACHABLE


def test_a_call_put_back_is_as_it_was():
    then = after_try(
        CallOutcome.DROPPED, 1, RULES, now=at("10:00"), call_before_at=at("20:00")
    )
    assert (then.state, then.tries) == (CallbackState.RETRY, 1)


def test_content_customers_skip_what_concerns_the_discontent(script):
    answers = {}
    order = []
    while item := script.next_item(answers):
        order.append(item["id"])
        answers[item["id"]] = 9 if item["id"] == "cb_overall" else None
    assert order == [
        "cb_solved", "cb_wait", "cb_attitude", "cb_clear", "cb_consent",
        "cb_overall", "cb_return", "cb_expect",
    ]  # fmt: skip
    assert script.next_item({**answers, "cb_overall": 7})["id"] == "cb_where"
    assert script.item_before("cb_expect", answers)["id"] == "cb_return"
    assert script.item_before(None, answers)["id"] == "cb_expect"
    assert script.item_before("cb_solved", answers) is None


def test_an_answer_that_a_correction_made_needless_does_not_count(script):
    answers = {"cb_overall": 9, "cb_where": "process", "cb_wait": None}
    assert script.said(answers) == {"cb_overall": 9}


def test_every_answer_has_its_key_and_ten_is_nought(script):
    items = {item["id"]: item for item in script.form["items"]}
    keys = {name: [c.key for c in choices_of(item)] for name, item in items.items()}
    assert keys["cb_solved"] == list("1234")
    assert keys["cb_wait"] == list("12345")
    assert keys["cb_overall"] == list("1234567890")
    assert keys["cb_expect"] == []
    for item in items.values():
        for choice in choices_of(item):
            assert read_answer(item, choice.value)[0], choice


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("cb_overall", "10", (True, 10)),
        ("cb_overall", "11", (False, 11)),
        ("cb_overall", "٣", (False, None)),
        ("cb_wait", "6", (False, 6)),
        ("cb_solved", "first", (True, "first")),
        ("cb_solved", "elsewhere", (False, "elsewhere")),
        ("cb_expect", "  快一点 ", (True, "快一点")),
        ("cb_expect", "x" * 4001, (False, "x" * 4001)),
        ("cb_wait", " ", (True, None)),
    ],
)
def test_answers_are_read_strictly(script, name, raw, expected):
    item = next(i for i in script.form["items"] if i["id"] == name)
    assert read_answer(item, raw) == expected


def test_the_customers_words_are_kept_apart(script):
    assert words_said(script, {"cb_expect": "太慢", "cb_overall": 3}) == "太慢"
    assert words_said(script, {"cb_expect": None}) is None


def test_only_the_scripts_own_places_are_filled():
    text = Text("工号{agent}在{hall}{x}", "{agent} {hall}")
    said = fill(text, {"agent": Text("8{hall}", "8"), "hall": Text("厅", "Hall")})
    assert said == Text("工号8厅在厅{x}", "8 Hall")


def test_without_a_promise_nothing_is_promised(script):
    said = without_promise(script.closing)
    assert said == Text(
        "谢谢您。祝您生活愉快。", "Thank you. You need not do anything."
    )


def test_a_complaint_closes_only_after_contact_or_two_tries():
    assert after_reply(can_be_asked=True) == (ComplaintState.ANSWERED, None)
    assert after_reply(can_be_asked=False)[0] is ComplaintState.CLOSED
    solved = after_check(CheckOutcome.SOLVED, 0)
    assert solved == (ComplaintState.CLOSED, CheckOutcome.SOLVED)
    assert after_check(CheckOutcome.NOT_SOLVED, 0)[0] is ComplaintState.OPEN
    assert after_check(CheckOutcome.NOT_REACHED, 0) == (ComplaintState.ANSWERED, None)
    assert after_check(CheckOutcome.NOT_REACHED, 1)[0] is ComplaintState.CLOSED


def test_a_promise_warns_before_it_is_broken():
    promised = promise_at(3, at("10:00"))
    assert promised == at("18:00", 21)
    assert urgency(ComplaintState.OPEN, promised, at("10:00")) == ""
    assert urgency(ComplaintState.OPEN, promised, at("18:00", 20)) == "soon"
    assert urgency(ComplaintState.OPEN, promised, promised) == "late"
    assert urgency(ComplaintState.ANSWERED, promised, promised) == ""


def test_every_category_has_an_owner_of_the_vocabulary():
    tags = Vocabulary.from_document(checklist_document("_vocabulary")).tags
    for each in CATEGORIES.values():
        assert each.owner in tags["owner"]
        assert each.cause in tags["cause"]
