"""Standard Webhooks: proving who sent a message, and that nobody changed it.

Source: Standard Webhooks specification 1.0, symmetric signatures (``v1``).
"""

import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from auditapp.domain.webhook import (
    SignatureMissingError,
    SignatureOldError,
    SignatureWrongError,
)

TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"
VERSION = "v1,"
KEY_BYTES = range(24, 65)
MOST_SIGNATURES = 10  # while secrets are being replaced there are two
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_ID = re.compile(r"[!-~]{1,256}", re.ASCII)
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


class Headers(Protocol):
    """Headers as every library of the web has them."""

    def get(self, key: str, default: str, /) -> str:
        """Return a header whatever the case of its name."""


class WebhookSecret:
    """One secret shared with another program; several while it is being replaced.

    Written ``whsec_`` and base64, separated by spaces. Each one signs, and each one is
    accepted.
    """

    def __init__(self, written: str) -> None:
        self._keys = [_key(secret) for secret in written.split()]
        if not self._keys:
            message = "no secret"
            raise ValueError(message)

    def sign(self, message_id: str, body: bytes, *, now: datetime) -> dict[str, str]:
        """Return the three headers that go with a message."""
        seconds = str(int(now.timestamp()))
        signatures = [
            VERSION + _signature(key, message_id, seconds, body) for key in self._keys
        ]
        return {
            ID: message_id,
            TIMESTAMP: seconds,
            SIGNATURE: " ".join(signatures),
        }

    def verify(self, headers: Headers, body: bytes, *, now: datetime) -> str:
        """Return the id of a message that was signed with one of the secrets.

        Raises:
            SignatureMissingError: A header is missing or malformed.
            SignatureOldError: It was signed more than five minutes from ``now``.
            SignatureWrongError: No signature fits.
        """
        message_id = headers.get(ID, "")
        seconds = headers.get(TIMESTAMP, "")
        given = headers.get(SIGNATURE, "").split()
        if not (_ID.fullmatch(message_id) and _SECONDS.fullmatch(seconds) and given):
            raise SignatureMissingError
        if abs(int(seconds) - now.timestamp()) > TOLERANCE.total_seconds():
            raise SignatureOldError
        wanted = [
            (VERSION + _signature(key, message_id, seconds, body)).encode()
            for key in self._keys
        ]
        offered = [each.encode() for each in given[:MOST_SIGNATURES]]
        # every pair is compared, so time tells nothing about which one fits
        fits = [hmac.compare_digest(a, b) for a in wanted for b in offered]
        if not any(fits):
            raise SignatureWrongError
        return message_id


def _key(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except Base64Error as error:
        message = "a secret is whsec_ followed by base64"
        raise ValueError(message) from error
    if len(key) not in KEY_BYTES:
        message = "a secret holds 24 to 64 bytes"
        raise ValueError(message)
    return key


def _signature(key: bytes, message_id: str, seconds: str, body: bytes) -> str:
    signed = f"{message_id}.{seconds}.".encode() + body
    return b64encode(hmac.new(key, signed, sha256).digest()).decode()
