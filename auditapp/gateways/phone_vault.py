"""Telephone numbers at rest: found by a keyed hash, readable with the key alone."""

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12  # Source: NIST SP 800-38D, 8.2.2
CONTEXT = b"auditapp phone 1"


class SealBrokenError(Exception):
    """A sealed number does not open: another key, or the bytes were changed."""


class PhoneVault:
    """Hashes and seals numbers with two keys made from the installation's secret.

    A plain hash of an eleven-digit number is found by trying them all; a keyed one is
    not. Source: RFC 5869 (HKDF), NIST SP 800-38D (AES-GCM).
    """

    def __init__(self, secret_key: str) -> None:
        derive = HKDF(SHA256(), length=64, salt=None, info=CONTEXT)
        material = derive.derive(secret_key.encode())
        self._hash_key = material[:32]
        self._cipher = AESGCM(material[32:])

    def hash_of(self, number: str) -> str:
        """Return the name by which a number (``+86…``) is found again."""
        return hmac.new(self._hash_key, number.encode(), sha256).hexdigest()

    def seal(self, number: str) -> bytes:
        """Return a number encrypted; twice the same number, two different seals."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, number.encode(), CONTEXT)

    def unseal(self, sealed: bytes) -> str:
        """Return the number.

        Raises:
            SealBrokenError: It was not sealed with this key.
        """
        try:
            number = self._cipher.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], CONTEXT
            )
        except InvalidTag as error:
            raise SealBrokenError from error
        return number.decode()
