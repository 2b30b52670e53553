"""Messages that a browser shows while no page is open.

The browser's maker carries them and cannot read them. Source: RFC 8030, 8291, 8292.
"""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from webpush import WebPush, WebPushSubscription
from webpush.types import WebPushKeys

from auditapp.domain.news_way import Subscription
from auditapp.gateways.outward import Outward, UnreachableError

CONTEXT = b"auditapp push 1"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
KEPT_SECONDS = 24 * 3600  # while the device is off
GONE = frozenset({404, 410})  # Source: RFC 8030, 7.3


class PushError(Exception):
    """The browser's maker did not take it; worth another try later."""


class PushGoneError(PushError):
    """The browser is no longer told; its address is to be forgotten."""


class Pusher:
    """Seals messages for one browser and hands them to its maker.

    The key that proves who sends is made from the installation's secret, so that
    browsers still know it after a move to another machine.
    """

    def __init__(self, secret_key: str, contact: str, outward: Outward) -> None:
        derive = HKDF(SHA256(), length=48, salt=None, info=CONTEXT)
        number = int.from_bytes(derive.derive(secret_key.encode()))
        key = ec.derive_private_key(number % (ORDER - 1) + 1, ec.SECP256R1())
        self._outward = outward
        self._web_push = WebPush(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            key.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ),
            subscriber=contact,
            ttl=KEPT_SECONDS,
        )

    @property
    def public_key(self) -> str:
        """What a browser is given when it subscribes."""
        vapid = self._web_push.vapid
        return str(vapid.get_application_server_key(vapid.public_key))

    def send(self, subscription: Subscription, message: dict[str, str]) -> None:
        """Hand a message over.

        Raises:
            PushGoneError: The browser is no longer told.
            PushError: Not now.
        """
        keys = WebPushKeys(auth=subscription.auth, p256dh=subscription.p256dh)
        sealed = self._web_push.get(
            message,
            WebPushSubscription.model_validate(
                {"endpoint": subscription.endpoint, "keys": keys}
            ),
        )
        headers = {**sealed.headers, "content-type": "application/octet-stream"}
        try:
            answer = self._outward.post(
                subscription.endpoint, sealed.encrypted, headers
            )
        except UnreachableError as error:
            raise PushError(str(error)) from error
        if answer.status in GONE:
            raise PushGoneError(str(answer.status))
        if not answer.is_fine:
            raise PushError(str(answer.status))
