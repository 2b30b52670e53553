"""What the administrator sees of text-message feedback, and may do by command."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from auditapp.domain.month import local_date
from auditapp.store.messages import FeedbackCountRow
from desk_world import make_world, sign_in
from feedback_world import NUMBER, Feedback, publish_messages


@pytest.fixture
def feedback(app, session):
    make_world(session)
    publish_messages(session)
    feedback = Feedback(app)
    feedback.finish("a")
    feedback.finish("b")
    feedback.send()
    return feedback


@pytest.mark.usefixtures("feedback")
def test_commands_take_a_reply_and_sign_a_body(app):
    runner = app.test_cli_runner()
    reply = runner.invoke(args=["feedback", "reply", "R"], input=NUMBER)
    assert reply.output == "stop\n"
    assert NUMBER not in reply.output
    assert runner.invoke(args=["feedback", "reply", "R"], input="x").exit_code == 1
    assert "1." in runner.invoke(args=["feedback", "send"]).output  # the farewell
    assert "0." in runner.invoke(args=["feedback", "invite"]).output
    unset = runner.invoke(args=["feedback", "sign", "replies"], input="{}")
    assert "SMS_SECRET is not set" in unset.output


@pytest.mark.usefixtures("feedback")
def test_each_day_is_shown_to_those_who_run_it(client, session):
    today = local_date(datetime.now(UTC))
    session.execute(update(FeedbackCountRow).values(counted_on=today))
    session.commit()
    sign_in(client, "admin")
    page = client.get("/feedback")
    assert '<td role="cell" class="num" data-th="已收">2</td>' in page.text
    assert '<td role="cell" class="num" data-th="近期问过">1</td>' in page.text
    assert "退订名单" in page.text
    client.post("/sign-out")
    sign_in(client, "hall_bd01")
    assert client.get("/feedback").status_code == 403
