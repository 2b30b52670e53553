"""The provider hands on replies: signed, each once, whatever customers write."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk_world import make_world
from signed_sender import SignedSender
from strange_json import ANY_JSON

PATH = "/api/v1/sms/replies"


@pytest.fixture
def provider(app, client, session):
    make_world(session)
    return SignedSender(app, client, PATH, "SMS_SECRET")


def reply(**changes):
    now = datetime.now(UTC).isoformat()
    values = {"id": "r1", "phone": "13800001234", "text": "9", "received_at": now}
    return values | changes


def test_a_reply_is_taken_once_and_must_be_signed(provider):
    first = provider.send({"replies": [reply(), reply(id="r2", phone="nonsense")]})
    again = provider.send({"replies": [reply()]})
    forged = provider.send({"replies": [reply()]}, webhook_signature="v1,AAAA")

    assert first.json == {"counts": {"unknown": 2}, "errors": []}
    assert again.json == {"counts": {"repeated": 1}, "errors": []}
    assert forged.status_code == 401
    assert forged.json["type"] == "/problems/signature-wrong"


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=st.sampled_from(sorted(reply())), value=ANY_JSON)
def test_no_value_anywhere_breaks_the_server(provider, name, value):
    assert provider.send({"replies": [reply(**{name: value})]}).status_code in {
        200,
        422,
    }
