"""The secret end of a customer's personal link; only its hash is ever stored."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES = 18  # 144 bits, 24 letters
CONTEXT = b"auditapp personal link 1"


class PersonalLinks:
    """Makes the token of an invitation with a key made from the installation's secret.

    Nobody without the key can tell it from chance. It is not drawn but made, because a
    message that is tried again after a crash must carry the link it carried before.
    Source: RFC 5869 (HKDF).
    """

    def __init__(self, secret_key: str) -> None:
        derive = HKDF(SHA256(), length=32, salt=None, info=CONTEXT)
        self._key = derive.derive(secret_key.encode())

    def token_of(self, invitation_id: UUID) -> str:
        """Return what stands behind ``/f/`` in the customer's address."""
        made = hmac.new(self._key, invitation_id.bytes, sha256).digest()
        return urlsafe_b64encode(made[:TOKEN_BYTES]).decode()


def token_hash(token: str) -> str:
    """Return the name under which a token's invitation is found."""
    return sha256(token.encode()).hexdigest()
