"""The bell, the list and the choices, and mail that really leaves."""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network

import jwt
import pytest
import time_machine
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from action_world import CRITICAL, check_hall, make_action_world
from auditapp.gateways.mail import open_mailer
from auditapp.gateways.outward import Outward
from auditapp.gateways.web_push import Pusher
from auditapp.jobs import notifications
from auditapp.jobs.runner import Runner
from auditapp.services.events import record_event
from auditapp.services.news_following import follow_events
from auditapp.services.notifications import LEASE
from auditapp.store.notifications import NewsSendingRow, NewsWayRow
from desk_world import sign_in
from http_receiver import Receiver
from mail_server import MailServer
from push_browser import PushBrowser

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture
def followed(session):
    """Return the company, whose log is followed from now on."""
    world = make_action_world(session)
    follow_events(session)
    session.commit()
    return world


@pytest.fixture
def world(session, followed):
    happen(session, followed)
    return followed


def happen(session, world):
    """Let something critical be found in the north, and be told."""
    check_hall(session, world, [CRITICAL])
    follow_events(session)
    session.commit()


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
        "/notifications/email", data={"email": "me", "groups": ["actions"]}
    )
    assert wrong.status_code == 422
    assert "请写一个邮箱地址" in wrong.text
    assert 'value="me"' in wrong.text

    right = {"email": "me@x.example", "groups": ["actions", "results"]}
    page = client.post("/notifications/email", data=right, follow_redirects=True).text

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
    kept = client.post("/notifications/email", data=choices)
    assert kept.location == "/notifications"


def test_mail_leaves_once_in_the_persons_language_with_a_link(
    app, client, session, followed, mail
):
    choose_mail(client)
    happen(session, followed)
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


def test_a_server_that_refuses_delays_mail_and_loses_none(
    app, client, session, followed, mail
):
    choose_mail(client)
    happen(session, followed)
    with time_machine.travel(NOON, tick=False), app.app_context():
        mail.refuse = True
        notifications.send(None, None)
    assert mail.messages == []
    assert len(session.scalars(select(NewsSendingRow)).all()) == 1
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


WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7b4c"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0123-4567"


@dataclass(frozen=True)
class Chat:
    """A robot's address, what speaks as it, and where its words stand."""

    address: str
    speaker: type
    place: tuple[str, ...]


CHATS = [
    Chat(WECOM, NotifyWeComBot, ("text", "content")),
    Chat(DINGTALK, NotifyDingTalk, ("text", "content")),
    Chat(FEISHU, NotifyFeishu, ("content", "text")),
]


@pytest.fixture(params=CHATS, ids=lambda chat: chat.speaker.__name__)
def chat(request, receiver, monkeypatch):
    """Return a chat whose server is the receiver."""
    monkeypatch.setattr(request.param.speaker, "notify_url", receiver.url + "/robot")
    return request.param


@pytest.fixture
def receiver(app):
    server = Receiver()
    app.extensions["outward"] = Outward([ip_network("127.0.0.0/8")])
    yield server
    server.close()


def test_a_robot_says_it_in_its_own_chats_words(
    app, client, session, followed, receiver, chat
):
    sign_in(client, "rm_north")
    kept = client.post(
        "/notifications/chat", data={"robot": chat.address, "groups": ["actions"]}
    )
    assert kept.location == "/notifications"
    assert chat.address.rpartition("=")[2] not in client.get("/notifications").text
    happen(session, followed)

    with time_machine.travel(NOON, tick=False), app.app_context():
        notifications.follow(None, None)
        notifications.send(None, None)
        notifications.send(None, None)

    (received,) = receiver.received
    said = json.loads(received.body)
    for part in chat.place:
        said = said[part]
    assert "Auditapp" in said
    assert "要整改" in said
    assert "/actions/" in said


@pytest.mark.usefixtures("followed")
def test_a_new_robot_says_hello_once(app, client, receiver, chat):
    sign_in(client, "rm_north")
    wish = {"robot": chat.address, "groups": ["actions"]}
    client.post("/notifications/chat", data=wish)
    assert "机器人一分钟内会打招呼" in client.get("/notifications").text
    while Runner(app).run_due():
        pass
    client.post("/notifications/chat", data=wish | {"robot": ""})
    while Runner(app).run_due():
        pass

    (received,) = receiver.received
    assert "Auditapp：机器人已接通" in json.dumps(
        json.loads(received.body), ensure_ascii=False
    )


def test_in_a_chat_five_are_said_and_the_rest_is_counted(
    app, client, session, followed, receiver, monkeypatch
):
    monkeypatch.setattr(NotifyWeComBot, "notify_url", receiver.url + "/robot")
    sign_in(client, "rm_north")
    client.post("/notifications/chat", data={"robot": WECOM, "groups": ["reviews"]})
    audit = check_hall(session, followed, [])
    for _number in range(7):
        record_event(session, "audit.checked", audit, now=NOON)
    session.commit()

    with time_machine.travel(NOON, tick=False), app.app_context():
        notifications.follow(None, None)
        notifications.send(None, None)

    (received,) = receiver.received
    said = json.loads(received.body)["text"]["content"]
    assert said.startswith("Auditapp：7条通知")
    assert said.count("等您审核") == 5
    assert "另有2条" in said
    assert len(said.encode()) < 2048


def test_a_chat_that_is_away_is_tried_again_later(
    app, client, session, followed, receiver, monkeypatch
):
    monkeypatch.setattr(NotifyWeComBot, "notify_url", receiver.url + "/robot")
    sign_in(client, "rm_north")
    client.post("/notifications/chat", data={"robot": WECOM, "groups": ["actions"]})
    happen(session, followed)
    receiver.statuses = [500]
    with time_machine.travel(NOON, tick=False), app.app_context():
        notifications.follow(None, None)
        notifications.send(None, None)
    with time_machine.travel(NOON + 2 * LEASE, tick=False), app.app_context():
        notifications.send(None, None)

    assert len(receiver.received) == 2
    assert session.scalars(select(NewsSendingRow)).all() == []


def subscribe(client, browser, receiver, groups=("actions",)):
    document = browser.subscription(receiver.url.replace("http:", "https:") + "/p/1")
    return client.post(
        "/notifications/browsers",
        json={"subscription": document, "groups": list(groups)},
        headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/140 Safari/537"},
    )


class PlainOutward(Outward):
    """Speaks to the receiver of a test, which has no certificate."""

    def post(self, url, body, headers):
        """Post without encryption between the two."""
        return super().post(url.replace("https:", "http:"), body, headers)


@pytest.fixture
def pusher(app):
    outward = PlainOutward([ip_network("127.0.0.0/8")])
    made = Pusher("k" * 32, "audit@x.example", outward)
    app.extensions["pusher"] = made
    return made


def test_a_browser_is_told_within_a_minute_and_nobody_else_can_read_it(
    app, client, session, followed, receiver, pusher
):
    browser = PushBrowser()
    sign_in(client, "rm_north")
    assert subscribe(client, browser, receiver).status_code == 204
    page = client.get("/notifications").text
    assert "Chrome, Android" in page
    assert f'data-push="{pusher.public_key}"' in page
    happen(session, followed)

    with time_machine.travel(NOON, tick=False), app.app_context():
        notifications.follow(None, None)
        notifications.follow(None, None)

    (received,) = receiver.received
    assert "要整改".encode() not in received.body
    message = json.loads(browser.open(received.body))
    assert "要整改" in message["body"]
    assert client.get(message["url"]).status_code == 200
    assert received.headers["content-encoding"] == "aes128gcm"
    assert received.headers["ttl"] == "86400"
    check_sender(received, pusher, receiver)


def check_sender(received, pusher, receiver):
    """Make sure that the push service can tell who sends. Source: RFC 8292."""
    scheme, _space, words = received.headers["authorization"].partition(" ")
    parts = dict(each.strip().split("=", 1) for each in words.split(","))
    assert (scheme, parts["k"]) == ("vapid", pusher.public_key)
    point = urlsafe_b64decode(parts["k"] + "=")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    with time_machine.travel(NOON, tick=False):
        claims = jwt.decode(
            parts["t"],
            key,
            algorithms=["ES256"],
            audience=receiver.url.replace("http:", "https:").rpartition(":")[0],
        )
    assert claims["sub"] == "mailto:audit@x.example"


@pytest.mark.usefixtures("pusher")
@pytest.mark.parametrize("answer", [(410, 0), (404, 0), (503, 1)])
def test_a_browser_that_is_gone_is_forgotten_and_one_that_is_away_is_not(
    app, client, session, followed, receiver, answer
):
    sign_in(client, "rm_north")
    subscribe(client, PushBrowser(), receiver)
    happen(session, followed)
    status, left = answer
    receiver.statuses = [status]
    with time_machine.travel(NOON, tick=False), app.app_context():
        notifications.follow(None, None)

    assert len(session.scalars(select(NewsWayRow)).all()) == left
    assert len(session.scalars(select(NewsSendingRow)).all()) == left


@pytest.mark.usefixtures("followed")
@pytest.mark.parametrize("sent", [None, [], {}, {"groups": "x"}, {"groups": []}])
def test_what_a_page_of_another_kind_sends_is_refused(client, sent):
    sign_in(client, "rm_north")
    refused = client.post("/notifications/browsers", json=sent)
    assert refused.status_code == 422


@pytest.mark.usefixtures("pusher")
def test_a_way_can_be_removed_and_what_waited_with_it(
    client, session, followed, receiver
):
    sign_in(client, "rm_north")
    subscribe(client, PushBrowser(), receiver)
    happen(session, followed)
    (way_id,) = session.scalars(select(NewsWayRow.way_id))
    session.rollback()

    removed = client.post(f"/notifications/ways/{way_id}/forget")

    assert removed.location == "/notifications"
    assert session.scalars(select(NewsSendingRow)).all() == []


def test_the_worker_of_browsers_is_fresh_and_says_nothing_of_anybody(client):
    answer = client.get("/notifications/worker.js")

    assert "javascript" in answer.content_type
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "showNotification" in answer.text
