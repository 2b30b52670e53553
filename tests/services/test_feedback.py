"""From a transaction to a customer's answer: invited once, heard, counted, stopped."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from auditapp.gateways.sms import LaterError, RefusedError
from auditapp.store.calls import ComplaintRow
from auditapp.store.customers import CustomerRow
from auditapp.store.messages import FeedbackCountRow, InvitationRow, MessageRow
from auditapp.store.responses import ResponseRow, TallyRow
from desk_world import make_world
from feedback_world import LATER, NOW, NUMBER, Feedback, publish_messages


@pytest.fixture
def feedback(app, session):
    make_world(session)
    publish_messages(session)
    return Feedback(app)


def only(session, table):
    session.rollback()  # what others committed since
    return session.scalars(select(table)).one()


def counts(session):
    session.rollback()
    total = func.sum(FeedbackCountRow.count)
    rows = session.execute(
        select(FeedbackCountRow.kind, total).group_by(FeedbackCountRow.kind)
    )
    return dict(tuple(row) for row in rows)


def check_tally(session):
    """The tally is what its responses add up to."""
    session.rollback()  # what others committed since
    tally = session.get(TallyRow, ("2026-11", "BD01", "sms"))
    rows = session.scalars(select(ResponseRow)).all()
    assert tally.responses == len(rows)
    assert tally.total_milli == sum(row.score_milli for row in rows)
    assert tally.squares_milli == sum(row.score_milli**2 for row in rows)
    assert sum(tally.lost.values()) == sum(sum(row.lost.values()) for row in rows)
    for cause in ("front_line", "process", "support"):
        assert getattr(tally, cause) == sum(row.cause == cause for row in rows)


def test_a_good_mark_by_text_is_a_response_at_once(feedback, session):
    feedback.finish(surname="王")
    assert feedback.send(NOW + timedelta(minutes=4)) == 0  # not before five minutes
    assert feedback.send() == 1
    assert "BD01标准厅" in feedback.phones.last
    assert len(feedback.phones.last) <= 70
    feedback.reply("9")
    feedback.send(LATER + timedelta(minutes=2))

    response = only(session, ResponseRow)
    assert (response.score_milli, response.origin, response.hall_id) == (
        92_000,
        "text",
        "BD01",
    )
    assert response.answers == {"sms_rating": 9}
    assert response.business == "plan_change"
    assert feedback.phones.last == "谢谢您的评价，祝您生活愉快。"
    invitation = only(session, InvitationRow)
    assert (invitation.state, invitation.response_id) == (
        "answered",
        response.response_id,
    )
    check_tally(session)


def test_a_low_mark_is_asked_about_and_the_response_amended(feedback, session):
    feedback.finish(language="en")
    feedback.send()
    feedback.reply("3")
    check_tally(session)
    feedback.send(LATER + timedelta(minutes=2))
    assert feedback.phones.last.startswith("Sorry. Mainly: 1 attitude")
    feedback.reply("2")
    check_tally(session)
    assert only(session, ResponseRow).cause == "process"
    feedback.send(LATER + timedelta(minutes=2))
    feedback.reply("等了一小时，我的号码是13800001234")
    response = only(session, ResponseRow)
    assert response.words == "等了一小时，我的号码是138****1234"
    feedback.reply("0")

    response = only(session, ResponseRow)
    assert response.answers == {"sms_rating": 3, "sms_reason": "wait"}
    assert response.words.startswith("等了")
    assert NUMBER not in json.dumps(only(session, InvitationRow).answers)
    check_tally(session)


def test_who_wants_a_call_gets_a_promise_for_a_day(feedback, session):
    feedback.finish()
    feedback.send()
    feedback.reply("2", "5", "0", "快给我回电")

    complaint = only(session, ComplaintRow)
    assert (complaint.source, complaint.category, complaint.cause) == (
        "sms",
        "network",
        "support",
    )
    assert complaint.response_id == only(session, ResponseRow).response_id
    assert complaint.promise_at - complaint.created_at == timedelta(hours=24)
    assert only(session, ResponseRow).wants_call


def test_nobody_is_invited_twice_in_thirty_days(feedback, session):
    feedback.finish("a")
    feedback.finish("b")
    assert feedback.send() == 1
    feedback.finish("c", at=NOW + timedelta(days=29))
    feedback.finish("d", at=NOW + timedelta(days=31))
    assert feedback.send(NOW + timedelta(days=31, minutes=6)) == 1
    assert counts(session)["invitation.resting"] == 2


def test_a_stop_counts_at_once_for_good_and_for_what_was_planned(feedback, session):
    feedback.finish("a")
    feedback.send()
    feedback.reply("R")
    feedback.send(LATER + timedelta(minutes=2))
    assert "退订" in feedback.phones.last
    customer = only(session, CustomerRow)
    assert customer.stopped_at is not None
    feedback.finish("b", at=NOW + timedelta(days=40))
    assert feedback.send(NOW + timedelta(days=40, minutes=6)) == 0

    feedback.finish("c", phone="13900001234")
    session.rollback()
    session.execute(update(CustomerRow).values(stopped_at=NOW))
    session.commit()
    assert feedback.send() == 0
    assert counts(session)["invitation.stopped"] == 2
    assert len(feedback.phones.got) == 2


def test_a_stranger_who_wants_no_messages_never_gets_one(feedback, session):
    assert feedback.reply("退订", phone="+8613700001234") == {"stop": 1, "repeated": 0}
    assert only(session, CustomerRow).phone_sealed is None
    feedback.finish(phone="13700001234")
    assert feedback.send() == 0


def test_late_repeated_unknown_and_hostile_replies_are_counted(feedback, session):
    feedback.finish()
    feedback.send()
    feedback.reply("9", at=LATER + timedelta(hours=49))
    feedback.reply("8", phone="+8613700001234")
    feedback.reply("8", phone="")
    feedback.reply("x" * 5000, "8\0")
    assert session.scalar(select(func.count()).select_from(ResponseRow)) == 0
    feedback.reply("8", key="in:same")
    feedback.reply("8", key="in:same")
    feedback.reply("10")

    found = counts(session)
    assert {
        kind: found[f"reply.{kind}"] for kind in ("late", "unknown", "hostile")
    } == {
        "late": 1,
        "unknown": 2,
        "hostile": 2,
    }
    assert found["reply.repeated"] == 2
    assert only(session, ResponseRow).answers == {"sms_rating": 8}


def test_a_message_is_tried_again_with_the_same_name_then_given_up(feedback, session):
    feedback.finish()
    feedback.phones.error = LaterError("http-503")
    feedback.send()
    feedback.phones.error = None
    assert feedback.send(LATER + timedelta(seconds=30)) == 0
    assert feedback.send(LATER + timedelta(minutes=3)) == 1
    message = only(session, MessageRow)
    assert message.provider_key == feedback.phones.got[0].key
    assert (message.outcome, message.provider_id, message.tries) == (
        "sent",
        "provider-1",
        2,
    )

    feedback.finish("b", phone="13900001234")
    feedback.phones.error = RefusedError("unknown-number")
    feedback.send()
    session.rollback()  # what others committed since
    failed = session.scalars(
        select(InvitationRow).where(InvitationRow.state == "failed")
    ).one()
    assert failed.reason == "unknown-number"
    assert session.get(CustomerRow, failed.customer_id).last_invited_at is None


def test_what_a_dead_worker_held_is_sent_after_its_lease(feedback, session):
    feedback.finish()
    feedback.phones.error = SystemExit()  # the worker dies with the message in hand
    with pytest.raises(SystemExit):
        feedback.send()
    feedback.phones.error = None
    assert feedback.send(LATER + timedelta(minutes=1)) == 0
    assert feedback.send(LATER + timedelta(minutes=6)) == 1
    assert only(session, InvitationRow).state == "sent"


def test_what_comes_too_late_or_at_night_is_not_sent(feedback, session):
    feedback.finish("a")
    assert feedback.send(NOW + timedelta(minutes=61)) == 0
    assert only(session, InvitationRow).reason == "too_late"
    night = datetime(2026, 11, 18, 12, 28, tzinfo=UTC)  # 20:28
    feedback.finish("b", phone="13900001234", at=night)
    assert feedback.send(night + timedelta(minutes=30)) == 0
    assert feedback.send(night + timedelta(hours=13)) == 1
