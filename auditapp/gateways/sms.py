"""Handing text messages to whoever delivers them: a provider, or a file to look at."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import urllib3

from auditapp.domain.phone_number import masked
from auditapp.gateways.webhook_signature import WebhookSecret

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
TRIES = 3
PAUSE_SECONDS = 0.5  # before the second try; doubled before the third
LONGEST_PAUSE_SECONDS = 5.0
LARGEST_ANSWER_BYTES = 64 * 1024
LONGEST_WORD = 60
CONNECTIONS = 8
TOO_MANY, SERVER_ERRORS = 429, 500


@dataclass(frozen=True, slots=True)
class TextMessage:
    """One message; ``key`` names it, so that the same one is never delivered twice."""

    key: str
    number: str  # +86…
    text: str


class LaterError(Exception):
    """The provider cannot take a message just now; trying again later helps."""


class RefusedError(Exception):
    """The provider will never take this message; the argument is its reason."""


class Sender(Protocol):
    """Whoever delivers text messages."""

    def send(self, message: TextMessage) -> str:
        """Hand a message over and return the name it has there.

        Raises:
            LaterError: Not now.
            RefusedError: Never.
        """


class FileOutbox:
    """Writes messages to ``outbox.jsonl`` instead of sending them.

    Numbers are masked beside their keyed hash: whoever reads the file sees what was
    said, not to whom. Nothing else may read it: the links in it are personal.
    """

    def __init__(self, folder: Path, hash_of: Callable[[str], str]) -> None:
        self._path = folder / "outbox.jsonl"
        self._hash_of = hash_of

    def send(self, message: TextMessage) -> str:
        """Append a line; several processes may do so at once."""
        line = {
            "key": message.key,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "to": masked(message.number),
            "to_hash": self._hash_of(message.number),
            "text": message.text,
        }
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        file = os.open(self._path, flags, 0o600)
        try:
            os.write(file, (json.dumps(line, ensure_ascii=False) + "\n").encode())
        finally:
            os.close(file)
        return message.key


class HttpProvider:
    """A provider that takes signed JSON: ``{"to", "text"}``, answered ``{"id"}``.

    Each try is signed anew (Standard Webhooks); ``webhook-id`` and ``Idempotency-Key``
    are the message's key. 429, 5xx and silence are tried again; the rest is final.
    """

    def __init__(
        self, url: str, secret: WebhookSecret, *, pause_seconds: float = PAUSE_SECONDS
    ) -> None:
        self._url, self._secret, self._pause = url, secret, pause_seconds
        self._pool = urllib3.PoolManager(
            maxsize=CONNECTIONS,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )

    def send(self, message: TextMessage) -> str:
        """Hand a message over, trying three times."""
        reason = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(min(self._pause * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS))
            try:
                status, answer = self._post(message)
            except urllib3.exceptions.HTTPError as error:
                reason = type(error).__name__  # its text may name the number
                continue
            if status < 300:  # noqa: PLR2004 (2xx)
                return _word(answer.get("id"))
            if status != TOO_MANY and status < SERVER_ERRORS:
                raise RefusedError(_word(answer.get("code")) or f"http-{status}")
            reason = f"http-{status}"
        raise LaterError(reason)

    def _post(self, message: TextMessage) -> tuple[int, dict[str, object]]:
        body = json.dumps({"to": message.number, "text": message.text}).encode()
        signed = self._secret.sign(message.key, body, now=datetime.now(UTC))
        response = self._pool.request(
            "POST",
            self._url,
            body=body,
            headers={
                **signed,
                "content-type": "application/json",
                "idempotency-key": message.key,
            },
            redirect=False,
            preload_content=False,
        )
        try:
            content = response.read(LARGEST_ANSWER_BYTES)
        finally:
            response.release_conn()
        try:
            answer = json.loads(content)
        except ValueError:
            answer = None
        return response.status, answer if isinstance(answer, dict) else {}


def open_sender(
    url: str, secret: WebhookSecret | None, hash_of: Callable[[str], str]
) -> Sender | None:
    """Return what ``SMS_URL`` names; None when it is not set.

    Raises:
        ValueError: It is no such address, or a provider has no secret.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FileOutbox(Path(parts.path), hash_of)
    if parts.scheme not in ("https", "http") or not parts.netloc:
        message = "SMS_URL is file:///folder or https://…"
        raise ValueError(message)
    if secret is None:
        message = "SMS_URL needs SMS_SECRET, which signs what is sent"
        raise ValueError(message)
    return HttpProvider(url, secret)


def _word(value: object) -> str:
    """Return a name or code from outside, as far as it may be stored."""
    text = str(value) if isinstance(value, str | int) else ""
    return text[:LONGEST_WORD] if text.isprintable() else ""
