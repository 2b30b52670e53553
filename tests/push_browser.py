"""A browser's end of web push: its keys, and how it opens what it is sent."""

from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

POINT = (Encoding.X962, PublicFormat.UncompressedPoint)


class PushBrowser:
    """Subscribes, and opens messages. Source: RFC 8188, RFC 8291."""

    def __init__(self, private_key=None, auth=b"sixteen bytes ok"):
        self._key = private_key or ec.generate_private_key(ec.SECP256R1())
        self._auth = auth

    def subscription(self, endpoint):
        """Return what ``PushSubscription.toJSON()`` says."""
        point = self._key.public_key().public_bytes(*POINT)
        return {
            "endpoint": endpoint,
            "expirationTime": None,
            "keys": {"p256dh": _text(point), "auth": _text(self._auth)},
        }

    def open(self, body):
        """Return the message in a body of one record."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self._key.exchange(ec.ECDH(), point)
        mine = self._key.public_key().public_bytes(*POINT)
        info = b"WebPush: info\x00" + mine + sender
        secret = HKDF(SHA256(), 32, self._auth, info).derive(shared)
        key = _derive(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _derive(secret, salt, b"Content-Encoding: nonce\x00", 12)
        return AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")[:-1]


def _derive(secret, salt, info, length):
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _text(value):
    return urlsafe_b64encode(value).rstrip(b"=").decode()
