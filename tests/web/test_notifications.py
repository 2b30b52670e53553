"""The bell, the list and the choices, and mail that really leaves."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from action_world import CRITICAL, FOUND, check_hall, make_action_world
from auditapp.gateways.mail import open_mailer
from auditapp.jobs import notifications
from auditapp.services.news_following import follow_events
from auditapp.store.notifications import NotificationRow
from desk_world import sign_in
from mail_server import MailServer

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture
def world(session):
    world = make_action_world(session)
    follow_events(session)
    session.commit()
    check_hall(session, world, [CRITICAL])
    follow_events(session)
    session.commit()
    return world


@pytest.mark.usefixtures("world")
def test_the_bell_counts_and_a_notification_leads_to_its_page(client):
    sign_in(client, "rm_north")
    assert "1条未读通知" in client.get("/").text
    page = client.get("/notifications").text
    assert "要整改" in page
    address = page.split('action="/notifications/')[2].split('"')[0]

    opened = client.post(f"/notifications/{address}")

    assert opened.location.startswith("/actions/")
    assert client.get(opened.location).status_code == 200
    assert "未读通知" not in client.get("/").text


@pytest.mark.usefixtures("world")
def test_everything_can_be_marked_as_read_in_english(client):
    sign_in(client, "rm_north")
    client.get("/language/en")
    assert "1 unread notification" in client.get("/").text

    page = client.post("/notifications/read", follow_redirects=True).text

    assert "Mark all as read" not in page
    assert "To put right in" in page


@pytest.mark.usefixtures("world")
def test_choices_are_kept_and_a_wrong_address_is_said_beside_what_was_typed(client):
    sign_in(client, "rm_north")
    wrong = client.post(
        "/notifications/choices", data={"email": "me", "groups": ["actions"]}
    )
    assert wrong.status_code == 422
    assert "请写一个邮箱地址" in wrong.text
    assert 'value="me"' in wrong.text

    right = {"email": "me@x.example", "groups": ["actions", "results"]}
    page = client.post("/notifications/choices", data=right, follow_redirects=True).text

    assert "已保存" in page
    assert page.count("checked") == 2


@pytest.fixture
def mail(app):
    server = MailServer()
    app.extensions["mailer"] = open_mailer(server.url)
    yield server
    server.shutdown()
    server.server_close()


def choose_mail(client):
    sign_in(client, "rm_north")
    choices = {"email": "me@x.example", "groups": ["actions"]}
    kept = client.post("/notifications/choices", data=choices)
    assert kept.location == "/notifications"


@pytest.mark.usefixtures("world")
def test_mail_leaves_once_in_the_persons_language_with_a_link(app, client, mail):
    with time_machine.travel(FOUND, tick=False):
        choose_mail(client)
    with time_machine.travel(NOON, tick=False), app.app_context():
        notifications.follow(None, None)
        notifications.send(None, None)
        notifications.send(None, None)

    (message,) = mail.messages
    assert message["To"] == "me@x.example"
    assert "1条通知" in message["Subject"]
    text = message.get_body(("plain",)).get_content()
    assert "要整改" in text
    assert "/actions/" in text
    assert "<li>" in message.get_body(("html",)).get_content()


@pytest.mark.usefixtures("world")
def test_a_server_that_refuses_delays_mail_and_loses_none(app, client, mail, session):
    with time_machine.travel(FOUND, tick=False):
        choose_mail(client)
    with time_machine.travel(NOON, tick=False), app.app_context():
        mail.refuse = True
        notifications.send(None, None)
    assert mail.messages == []
    assert set(session.scalars(select(NotificationRow.emailed_at))) == {None}
    mail.refuse = False
    with time_machine.travel(NOON.replace(hour=5), tick=False), app.app_context():
        notifications.send(None, None)
    assert len(mail.messages) == 1


@pytest.mark.parametrize(
    "url", ["http://x", "smtp://", "smtp://host", "smtp://host?from=nobody"]
)
def test_an_address_of_a_mail_server_that_cannot_be_is_refused(url):
    with pytest.raises(ValueError, match="SMTP_URL"):
        open_mailer(url)


def test_without_an_address_no_mail_is_sent():
    assert open_mailer("") is None
