"""The business system reports transactions: signed, in batches, as it likes."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from auditapp.store.customers import CustomerRow, TransactionRow
from auditapp.store.messages import FeedbackCountRow, InvitationRow
from desk_world import make_world
from feedback_world import publish_messages
from signed_sender import SignedSender
from strange_json import ANY_JSON, BROKEN

PATH = "/api/v1/transactions"
NUMBER = "13800001234"


@pytest.fixture
def system(app, client, session):
    make_world(session)
    publish_messages(session)
    return SignedSender(app, client, PATH, "TRANSACTIONS_SECRET")


def batch(*rows):
    return {"transactions": list(rows)}


def row(key="t1", **changes):
    finished = datetime.now(UTC) - timedelta(minutes=1)
    values = {
        "id": key,
        "hall": "BD01",
        "business": "plan_change",
        "finished_at": finished.isoformat(),
        "phone": NUMBER,
    }
    return values | changes


def codes(answer):
    return {(e["pointer"], e["code"]) for e in answer.json["errors"]}


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_batch_is_taken_once_however_often_it_comes(system, session):
    two = batch(row("a"), row("b", phone="+852 9123 4567", surname="李", language="en"))
    first, again = system.send(two), system.send(two)

    assert first.json == {"taken": 2, "repeated": 0, "refused": 0, "errors": []}
    assert again.json == {"taken": 0, "repeated": 2, "refused": 0, "errors": []}
    assert count(session, TransactionRow) == count(session, CustomerRow) == 2
    assert count(session, InvitationRow) <= 2
    counted = dict(
        session.execute(select(FeedbackCountRow.kind, FeedbackCountRow.count)).all()
    )
    assert counted["transaction.taken"] == counted["transaction.repeated"] == 2


def test_bad_rows_are_named_and_good_ones_taken(system):
    future = datetime.now(UTC) + timedelta(hours=1)
    answer = system.send(
        batch(
            row("good"),
            row("hall", hall="NOWHERE"),
            row("phone", phone="12345"),
            row("number", phone=13800001234),
            row("time", finished_at="2026-11-25 14:00"),
            row("future", finished_at=future.isoformat()),
            row("typo", sirname="王"),
            row("nul", business="a\0b"),
            {"id": "empty"},
            7,
            row("t-138 0000 1234"),
        )
    )

    assert (answer.status_code, answer.json["taken"], answer.json["refused"]) == (
        200,
        1,
        10,
    )
    assert codes(answer) >= {
        ("/transactions/1/hall", "unknown-hall"),
        ("/transactions/2/phone", "bad-phone"),
        ("/transactions/3/phone", "bad-phone"),
        ("/transactions/4/finished_at", "bad-time"),
        ("/transactions/5/finished_at", "future"),
        ("/transactions/6/sirname", "unknown-key"),
        ("/transactions/7/business", "bad-text"),
        ("/transactions/8/phone", "missing"),
        ("/transactions/9", "no-object"),
        ("/transactions/10/id", "number-outside-phone"),
    }
    assert "13800001234" not in answer.text


def test_the_same_id_with_other_content_is_a_conflict(system, session):
    one = row("a")
    system.send(batch(one))
    answer = system.send(batch(one | {"hall": "BD02"}, one | {"phone": "13900001234"}))

    assert answer.status_code == 422
    assert codes(answer) == {
        ("/transactions/0/id", "conflict"),
        ("/transactions/1/id", "conflict"),
    }
    assert session.scalar(select(TransactionRow.hall_id)) == "BD01"


def test_what_is_not_signed_right_is_refused_and_says_why(system, session):
    now = datetime.now(UTC)
    body = json.dumps({"transactions": [row()]}).encode()
    refusals = {
        "signature-old": system.send_raw(body, at=now - timedelta(minutes=6)),
        "signature-wrong": system.send_raw(body, webhook_id="another"),
        "signature-missing": system.send_raw(body, webhook_signature=""),
    }
    for code, answer in refusals.items():
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert answer.json["type"] == f"/problems/{code}"
    assert count(session, TransactionRow) == 0


def test_without_a_secret_the_interface_is_not_open(client, caplog):
    answer = client.post(PATH, json={"transactions": []})

    assert answer.status_code == 404
    assert answer.json["type"] == "/problems/not-set-up"
    assert "TRANSACTIONS_SECRET is not set" in caplog.text


def test_what_is_no_batch_is_a_422(system):
    for value, code in [
        ([], "no-batch"),
        ({}, "no-batch"),
        ({"transactions": {}}, "no-batch"),
        ({"transactions": [], "extra": 1}, "unknown-key"),
        ({"transactions": [1] * 1001}, "too-many"),
    ]:
        answer = system.send_raw(json.dumps(value).encode())
        assert answer.status_code == 422
        assert [e["code"] for e in answer.json["errors"]] == [code]


def test_broken_json_is_a_400_and_too_much_a_413(system):
    assert {system.send_raw(body).status_code for body in BROKEN[1:]} == {400}
    huge = b'{"transactions": [' + b" " * 1024 * 1024 + b"]}"
    assert system.send_raw(huge).status_code == 413


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=st.sampled_from(sorted(row())), value=ANY_JSON)
def test_no_value_anywhere_breaks_the_server(system, name, value):
    answer = system.send(batch(row() | {name: value}))
    assert answer.status_code in {200, 422}


def test_a_number_stands_nowhere_but_sealed(app, system, session):
    system.send(batch(row("a", surname="王")))
    customer = session.scalars(select(CustomerRow)).one()

    assert NUMBER.encode() not in customer.phone_sealed
    assert app.extensions["phone_vault"].unseal(customer.phone_sealed) == f"+86{NUMBER}"
