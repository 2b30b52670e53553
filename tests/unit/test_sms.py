"""Handing text messages over: to a real server on this machine, and to the file."""

import json
import socket
import stat
import threading
from base64 import b64encode
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from auditapp.gateways.phone_vault import PhoneVault
from auditapp.gateways.sms import (
    HttpProvider,
    LaterError,
    RefusedError,
    TextMessage,
    open_sender,
)
from auditapp.gateways.webhook_signature import WebhookSecret

SECRET = WebhookSecret("whsec_" + b64encode(b"s" * 32).decode())
MESSAGE = TextMessage("invitation:sms_rating", "+8613800001234", "请回1-10分")


class Provider(ThreadingHTTPServer):
    """A provider that answers as the test told it, and keeps what it was sent."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.got = [], []
        self.url = f"http://127.0.0.1:{self.server_port}/messages"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((dict(self.headers), body))
        status, content = self.server.answers.pop(0)
        if status is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        if status == 302:
            self.send_header("location", "http://127.0.0.1:9/")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def provider():
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sender(provider):
    return HttpProvider(provider.url, SECRET, pause_seconds=0.01)


def test_a_message_goes_out_signed_and_comes_back_named(provider, sender):
    provider.answers = [(202, b'{"id": "p-1"}')]
    assert sender.send(MESSAGE) == "p-1"

    headers, body = provider.got[0]
    headers = {name.lower(): value for name, value in headers.items()}
    assert json.loads(body) == {"to": "+8613800001234", "text": "请回1-10分"}
    assert headers["idempotency-key"] == MESSAGE.key
    assert SECRET.verify(headers, body, now=datetime.now(UTC)) == MESSAGE.key


def test_what_may_pass_is_tried_again_under_the_same_name(provider, sender):
    provider.answers = [(503, b""), (429, b"slow down"), (200, b"not json")]
    assert sender.send(MESSAGE) == ""
    names = {headers["webhook-id"] for headers, _body in provider.got}
    assert (len(provider.got), names) == (3, {MESSAGE.key})


def test_a_provider_that_stays_away_is_left_for_later(provider, sender):
    provider.answers = [(500, b"")] * 3
    with pytest.raises(LaterError, match="http-500"):
        sender.send(MESSAGE)
    provider.answers = [(None, b"")] * 3
    with pytest.raises(LaterError):
        sender.send(MESSAGE)
    provider.server_close()
    with pytest.raises(LaterError) as away:
        HttpProvider("http://127.0.0.1:9/", SECRET, pause_seconds=0).send(MESSAGE)
    assert "13800001234" not in str(away.value)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((400, b'{"code": "unknown-number"}'), "unknown-number"),
        ((403, b"<html>"), "http-403"),
        ((302, b""), "http-302"),
        ((422, b'{"code": "a\\u0000b"}'), "http-422"),
    ],
)
def test_a_refusal_is_final_and_says_why(provider, sender, answer, reason):
    provider.answers = [answer]
    with pytest.raises(RefusedError, match=f"^{reason}$"):
        sender.send(MESSAGE)
    assert len(provider.got) == 1


def test_the_file_tells_what_was_said_but_not_to_whom(tmp_path):
    vault = PhoneVault("k" * 32)
    outbox = open_sender(f"file://{tmp_path}/outbox", None, vault.hash_of)
    for _ in range(2):
        outbox.send(MESSAGE)

    path = tmp_path / "outbox/outbox.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    assert "13800001234" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["to"] for line in lines] == ["138****1234"] * 2
    assert lines[0]["to_hash"] == vault.hash_of(MESSAGE.number)
    assert lines[0]["text"] == MESSAGE.text


def test_an_address_that_leads_nowhere_is_refused_at_the_start():
    assert open_sender("", None, str) is None
    with pytest.raises(ValueError, match="SMS_URL"):
        open_sender("ftp://provider", SECRET, str)
    with pytest.raises(ValueError, match="SMS_SECRET"):
        open_sender("https://provider.example/send", None, str)
