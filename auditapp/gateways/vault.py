"""Secrets at rest: found by a keyed hash, readable with the installation's key alone.

Source: RFC 5869 (HKDF), NIST SP 800-38D (AES-GCM).
"""

import hmac
import os
from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12  # Source: NIST SP 800-38D, 8.2.2
ADDRESSES = b"auditapp addresses 1"  # of robots, browsers and webhooks


class SealBrokenError(Exception):
    """What was sealed does not open: another key, or the bytes were changed."""


class Vault:
    """Hashes and seals texts with two keys made from the installation's secret.

    ``context`` names what it is for: a seal of one vault does not open in another.
    """

    def __init__(self, secret_key: str, context: bytes) -> None:
        derive = HKDF(SHA256(), length=64, salt=None, info=context)
        material = derive.derive(secret_key.encode())
        self._context = context
        self._hash_key = material[:32]
        self._cipher = AESGCM(material[32:])

    def hash_of(self, text: str) -> str:
        """Return the name by which a text is found again."""
        return hmac.new(self._hash_key, text.encode(), sha256).hexdigest()

    def seal(self, text: str) -> bytes:
        """Return a text encrypted; twice the same text, two different seals."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), self._context)

    def unseal(self, sealed: bytes) -> str:
        """Return the text.

        Raises:
            SealBrokenError: It was not sealed with this key.
        """
        try:
            text = self._cipher.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._context
            )
        except InvalidTag as error:
            raise SealBrokenError from error
        return text.decode()

    def seal_text(self, text: str) -> str:
        """Return a text encrypted, as base64."""
        return b64encode(self.seal(text)).decode()

    def unseal_text(self, sealed: str) -> str:
        """Return what ``seal_text`` encrypted.

        Raises:
            SealBrokenError: It was not sealed with this key.
        """
        return self.unseal(b64decode(sealed))
