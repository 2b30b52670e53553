"""Other programs are told: signed, tried again, logged, and no more than they may."""

import json
import re
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select
from standardwebhooks import Webhook

from action_world import (
    CRITICAL,
    FOUND,
    OF_THE_HALL,
    SUPPORTED,
    action_of,
    check_hall,
    make_action_world,
)
from auditapp.domain.outgoing_webhook import (
    DELAYS,
    GIVES_UP_AFTER,
    KEPT,
    MOST_ENDPOINTS,
    OLD_SECRET_HOLDS,
    WebhookType,
)
from auditapp.gateways.outward import Outward
from auditapp.gateways.vault import ADDRESSES, Vault
from auditapp.jobs import webhooks
from auditapp.services.events import record_event
from auditapp.services.releases import release_month
from auditapp.store.people import PersonRow
from auditapp.store.webhooks import WebhookDeliveryRow, WebhookEndpointRow
from desk_world import sign_in
from http_receiver import Receiver

LATER = FOUND + timedelta(days=60)
EVERYTHING = [each.value for each in WebhookType]


@pytest.fixture
def receiver(app):
    server = Receiver()
    app.extensions["outward"] = Outward([ip_network("127.0.0.0/8")])
    yield server
    server.close()


@pytest.fixture
def world(app, session):
    """Return the company, whose log is followed from now on."""
    world = make_action_world(session)
    work(app)
    return world


@pytest.fixture
def admin(world, client):
    assert world
    sign_in(client, "admin")
    return client


def add(client, receiver, types=EVERYTHING, path="/hook"):
    """Add a receiver and return its secret."""
    form = {"name": "数据平台", "url": receiver.url + path, "types": types}
    page = client.post("/webhooks/new", data=form)
    assert page.status_code == 200
    return re.search(r"whsec_[A-Za-z0-9+/=]+", page.text)[0]


def work(app, at=None):
    """Let the worker's job run once."""
    with app.app_context():
        if at is None:
            webhooks.send(None, None)
        else:
            with time_machine.travel(at, tick=False):
                webhooks.send(None, None)


def told(receiver):
    return [json.loads(each.body)["type"] for each in receiver.received]


def only(session):
    session.rollback()
    (row,) = session.scalars(select(WebhookDeliveryRow))
    return row


def receiver_id(session):
    session.rollback()
    found = session.scalars(select(WebhookEndpointRow.endpoint_id)).one()
    session.rollback()
    return found


def happen(session, name="month.reopened", subject="2026-10", **details):
    record_event(session, name, subject, now=FOUND, **details)
    session.commit()


def test_a_message_is_signed_as_the_standards_own_library_verifies(
    app, admin, session, receiver
):
    secret = add(admin, receiver)
    happen(session, "month.closed", number=2, digest="ab" * 32)

    work(app)
    work(app)

    (received,) = receiver.received
    message = Webhook(secret).verify(received.body, received.headers)
    assert message == {
        "type": "month.closed",
        "timestamp": FOUND.isoformat(),
        "data": {
            "month": "2026-10",
            "ledger": 2,
            "sha256": "ab" * 32,
            "url": "/months/2026-10",
        },
    }
    assert received.path == "/hook"
    assert received.headers["webhook-id"].startswith("evt_")


def test_what_was_before_and_what_was_not_chosen_is_not_told(
    app, admin, session, receiver
):
    happen(session)
    work(app)
    add(admin, receiver, ["month.closed"])
    happen(session)
    happen(session, "person.signed_in", "x")
    happen(session, "month.closed")

    work(app)

    assert told(receiver) == ["month.closed"]


def test_what_is_refused_is_tried_again_by_the_standards_schedule_and_then_given_up(
    app, admin, session, receiver
):
    add(admin, receiver)
    receiver.statuses = [500] * 20
    happen(session)
    at = datetime.now(UTC)
    work(app, at)
    for tries, delay in enumerate(DELAYS, 1):
        row = only(session)
        assert (row.tries, row.state, row.due_at) == (tries, "waiting", at + delay)
        work(app, at + delay - timedelta(seconds=1))
        at += delay
        work(app, at)

    row = only(session)
    assert (row.tries, row.state, row.due_at) == (len(DELAYS) + 1, "failed", None)
    assert {each["status"] for each in row.attempts} == {500}
    ids = {each.headers["webhook-id"] for each in receiver.received}
    assert (len(receiver.received), len(ids)) == (len(DELAYS) + 1, 1)


def test_a_receiver_that_comes_back_is_as_good_as_before(app, admin, session, receiver):
    add(admin, receiver)
    receiver.statuses = [503]
    happen(session)
    at = datetime.now(UTC)
    work(app, at)
    assert "起一直失败" in admin.get("/webhooks").text
    work(app, at + DELAYS[0])

    row = only(session)
    assert (row.state, [each["status"] for each in row.attempts]) == (
        "delivered",
        [503, 200],
    )
    assert "正常" in admin.get("/webhooks").text


def test_nothing_but_failures_for_five_days_pauses_and_nothing_waits_in_vain(
    app, admin, session, receiver
):
    add(admin, receiver)
    at = datetime.now(UTC)
    receiver.statuses = [500] * 3
    happen(session)
    work(app, at)
    happen(session)
    work(app, at + GIVES_UP_AFTER)
    assert "已暂停" in admin.get("/webhooks").text
    sent = len(receiver.received)
    receiver.statuses = []
    work(app, at + 2 * GIVES_UP_AFTER)
    assert len(receiver.received) == sent

    endpoint = receiver_id(session)
    admin.post(f"/webhooks/{endpoint}/switch", data={"active": "yes"})
    work(app, at + 2 * GIVES_UP_AFTER)

    session.rollback()
    states = session.scalars(select(WebhookDeliveryRow.state)).all()
    assert set(states) == {"delivered"}


def test_a_receiver_that_says_gone_is_paused_at_once(app, admin, session, receiver):
    add(admin, receiver)
    receiver.statuses = [410]
    happen(session)
    work(app)

    assert not session.scalars(select(WebhookEndpointRow.is_active)).one()


def test_a_silent_receiver_does_not_hold_up_the_others(app, admin, session, receiver):
    add(admin, receiver, path="/silent")
    add(admin, receiver, path="/quick")
    receiver.statuses = []
    for _number in range(3):
        happen(session)
    silent = session.scalars(select(WebhookEndpointRow).order_by("url")).all()[-1]
    silent.url = "http://127.0.0.1:9/"
    session.commit()

    work(app)

    paths = [each.path for each in receiver.received]
    assert paths == ["/quick"] * 3
    session.rollback()
    rows = session.scalars(
        select(WebhookDeliveryRow).where(
            WebhookDeliveryRow.endpoint_id == silent.endpoint_id
        )
    )
    assert sorted(row.tries for row in rows) == [0, 0, 1]


def test_a_worker_that_dies_while_it_sends_delays_a_message_and_loses_none(
    app, admin, session, receiver, monkeypatch
):
    add(admin, receiver)
    happen(session)

    def die(*_arguments):
        raise KeyboardInterrupt

    at = datetime.now(UTC)
    with monkeypatch.context() as dying:
        dying.setattr(Outward, "post", die)
        with pytest.raises(KeyboardInterrupt):
            work(app, at)
    work(app, at)
    assert receiver.received == []

    work(app, at + timedelta(minutes=3))

    assert told(receiver) == ["month.reopened"]


def test_for_a_day_both_secrets_sign(app, admin, session, receiver):
    old = add(admin, receiver)
    endpoint = receiver_id(session)
    page = admin.post(f"/webhooks/{endpoint}/secret").text
    new = re.search(r"whsec_[A-Za-z0-9+/=]+", page)[0]
    assert new != old
    assert "whsec_" not in admin.get(f"/webhooks/{endpoint}").text
    happen(session)
    work(app)
    (received,) = receiver.received
    for secret in (old, new):
        assert Webhook(secret).verify(received.body, received.headers)

    happen(session)
    at = datetime.now(UTC) + OLD_SECRET_HOLDS + timedelta(minutes=1)
    work(app, at)

    assert len(receiver.received[1].headers["webhook-signature"].split()) == 1


def test_a_secret_of_another_key_is_said_and_a_new_one_mends_it(
    app, admin, session, receiver
):
    add(admin, receiver)
    endpoint = receiver_id(session)
    own = app.extensions["address_vault"]
    app.extensions["address_vault"] = Vault("another secret key", ADDRESSES)
    happen(session)
    at = datetime.now(UTC)
    work(app, at)
    assert receiver.received == []
    assert "密钥打不开" in admin.get(f"/webhooks/{endpoint}").text
    app.extensions["address_vault"] = own
    work(app, at + DELAYS[0])
    assert len(receiver.received) == 1


def test_a_test_shows_in_the_log_with_what_came_back(app, admin, session, receiver):
    add(admin, receiver, ["month.closed"])
    endpoint = receiver_id(session)
    receiver.statuses = [400]
    admin.post(f"/webhooks/{endpoint}/test")
    at = datetime.now(UTC)
    work(app, at)
    page = admin.get(f"/webhooks/{endpoint}").text
    assert "应答400" in page
    assert "errcode" in page

    delivery = only(session).delivery_id
    admin.post(f"/webhooks/deliveries/{delivery}/again")
    work(app)

    assert told(receiver) == ["webhook.test", "webhook.test"]
    assert "已送达" in admin.get(f"/webhooks/{endpoint}?state=delivered").text
    assert "webhook.test" not in admin.get(f"/webhooks/{endpoint}?state=failed").text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "请写接收方的名字"),
        ({"types": []}, "请至少勾选一类事件"),
        ({"types": ["audit.sent"]}, "请至少勾选一类事件"),
        ({"url": "ftp://x.example"}, "网址必须以https://开头"),
        ({"url": "https://10.0.0.1/"}, "内网地址"),
        ({"url": "https://x.example/" + "x" * 500}, "不能超过500个字符"),
    ],
)
def test_what_cannot_be_a_receiver_is_said_beside_what_was_typed(
    admin, receiver, change, says
):
    form = {"name": "数据平台", "url": receiver.url, "types": EVERYTHING, **change}
    page = admin.post("/webhooks/new", data=form)

    assert page.status_code == 422
    assert says in page.text
    assert f'value="{form["url"]}"' in page.text


def test_a_receiver_is_changed_and_removed_with_its_log(app, admin, session, receiver):
    add(admin, receiver)
    happen(session)
    work(app)
    endpoint = receiver_id(session)
    form = {"name": "新平台", "url": receiver.url + "/new", "types": ["month.closed"]}
    assert "数据平台" in admin.get(f"/webhooks/{endpoint}/change").text
    page = admin.post(f"/webhooks/{endpoint}/change", data=form, follow_redirects=True)
    assert "新平台" in page.text

    admin.post(f"/webhooks/{endpoint}/remove")

    session.rollback()
    assert session.scalars(select(WebhookDeliveryRow)).all() == []
    assert admin.get(f"/webhooks/{endpoint}").status_code == 404
    assert admin.post(f"/webhooks/deliveries/{uuid4()}/again").status_code == 404


def test_there_are_not_too_many_receivers(admin, receiver):
    for _number in range(MOST_ENDPOINTS):
        add(admin, receiver)
    form = {"name": "x", "url": receiver.url, "types": EVERYTHING}
    assert "最多可以有" in admin.post("/webhooks/new", data=form).text


def test_old_lines_of_the_log_are_forgotten_and_what_waits_is_not(
    app, admin, session, receiver
):
    add(admin, receiver)
    receiver.statuses = [200, 500]
    happen(session)
    work(app)
    happen(session)
    work(app)
    with (
        app.app_context(),
        time_machine.travel(datetime.now(UTC) + KEPT + timedelta(days=1)),
    ):
        webhooks.tidy(None, None)

    session.rollback()
    assert session.scalars(select(WebhookDeliveryRow.state)).all() == ["waiting"]


def test_an_action_of_a_mystery_visit_is_told_with_the_release_and_not_before(
    app, admin, world, session, receiver
):
    add(admin, receiver)
    check_hall(session, world, [OF_THE_HALL])
    session.commit()
    work(app)
    assert receiver.received == []

    release_month(session, "2026-11", now=LATER, actor=None)
    session.commit()
    work(app)

    assert sorted(told(receiver)) == ["action.given", "month.released"]
    given = next(
        json.loads(each.body)["data"]
        for each in receiver.received
        if b"action.given" in each.body
    )
    action = action_of(session, OF_THE_HALL)
    assert given["action_id"] == str(action.action_id)
    assert set(given) == {
        *("action_id", "hall_id", "item_id", "month", "severity", "owner"),
        *("due_at", "url"),
    }


def test_no_message_names_an_auditor_or_a_moment_of_a_visit(
    app, admin, world, session, receiver
):
    add(admin, receiver)
    check_hall(session, world, [CRITICAL, SUPPORTED], state="released")
    release_month(session, "2026-11", now=LATER, actor=None)
    session.commit()
    work(app)

    auditor = session.get(PersonRow, world.people["a10"])
    action = action_of(session, CRITICAL)
    words = " ".join(each.body.decode() for each in receiver.received)
    assert str(action.action_id) in words
    secrets = (auditor.code, auditor.name_zh, auditor.name_en, auditor.person_id)
    for secret in (*secrets, action.audit_id):
        assert str(secret) not in words


@pytest.mark.usefixtures("receiver")
def test_nobody_else_sees_that_there_are_receivers(world, client):
    assert world
    for login in ("hq", "rm_north", "hall_bd01", "a10", "sup"):
        sign_in(client, login)
        assert client.get("/webhooks").status_code in (403, 404)
        assert 'href="/webhooks"' not in client.get("/", follow_redirects=True).text
