"""Signed messages: the published example, and everything that must be refused."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.webhook import (
    SignatureMissingError,
    SignatureOldError,
    SignatureWrongError,
)
from auditapp.gateways.webhook_signature import WebhookSecret

# The vector of the Standard Webhooks reference libraries
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105
BODY = b'{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, UTC)
HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
OTHER = "whsec_" + b64encode(b"b" * 32).decode()


def test_the_published_example_is_signed_and_read_as_published():
    secret = WebhookSecret(SECRET)

    assert secret.sign(HEADERS["webhook-id"], BODY, now=AT) == HEADERS
    assert secret.verify(HEADERS, BODY, now=AT) == HEADERS["webhook-id"]


def test_one_fitting_signature_among_several_is_enough():
    both = f"v1,{b64encode(bytes(32)).decode()} v1a,x {HEADERS['webhook-signature']}"
    headers = HEADERS | {"webhook-signature": both}

    assert WebhookSecret(SECRET).verify(headers, BODY, now=AT)


def test_while_a_secret_is_replaced_both_are_accepted():
    new = WebhookSecret(f"{OTHER} {SECRET}")

    assert new.verify(HEADERS, BODY, now=AT)
    assert WebhookSecret(OTHER).verify(new.sign("a", BODY, now=AT), BODY, now=AT)


@pytest.mark.parametrize("minutes", [-5.1, 5.1, 600])
def test_a_message_from_another_time_is_refused(minutes):
    now = AT + timedelta(minutes=minutes)
    with pytest.raises(SignatureOldError):
        WebhookSecret(SECRET).verify(HEADERS, BODY, now=now)


@pytest.mark.parametrize("minutes", [-4.9, 4.9])
def test_clocks_may_differ_a_little(minutes):
    now = AT + timedelta(minutes=minutes)
    assert WebhookSecret(SECRET).verify(HEADERS, BODY, now=now)


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-id": ""},
        {"webhook-id": "a b"},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "-1614265330"},
        {"webhook-timestamp": "١٦١٤٢٦٥٣٣٠"},
        {"webhook-timestamp": "9" * 5000},
        {"webhook-signature": " "},
    ],
)
def test_a_header_that_cannot_be_read_is_called_missing(changes):
    with pytest.raises(SignatureMissingError):
        WebhookSecret(SECRET).verify(HEADERS | changes, BODY, now=AT)


@given(body=st.binary(max_size=40), cut=st.integers(0, 45))
def test_another_body_or_a_cut_signature_does_not_pass(body, cut):
    secret = WebhookSecret(SECRET)
    if body != BODY:
        with pytest.raises(SignatureWrongError):
            secret.verify(HEADERS, body, now=AT)
    short = HEADERS | {"webhook-signature": HEADERS["webhook-signature"][: cut + 1]}
    with pytest.raises(SignatureWrongError):
        secret.verify(short, BODY, now=AT)


@pytest.mark.parametrize(
    "changes", [{"webhook-id": "msg_x"}, {"webhook-signature": "v1,é"}]
)
def test_another_id_or_strange_letters_do_not_pass(changes):
    with pytest.raises(SignatureWrongError):
        WebhookSecret(SECRET).verify(HEADERS | changes, BODY, now=AT)


@pytest.mark.parametrize("written", ["", "whsec_", "whsec_!!!!", "whsec_YQ==", "short"])
def test_a_secret_that_protects_nothing_is_no_secret(written):
    with pytest.raises(ValueError, match="secret"):
        WebhookSecret(written)
