"""Another program that signs what it sends, as Standard Webhooks says."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from secrets import token_bytes

from auditapp.gateways.webhook_signature import WebhookSecret


class SignedSender:
    """Signs and sends JSON to one address with a secret that the app knows too."""

    def __init__(self, app, client, path, setting):
        self.client, self.path = client, path
        self.secret = WebhookSecret("whsec_" + b64encode(token_bytes(32)).decode())
        app.extensions["webhook_secrets"][setting] = self.secret

    def send(self, value, **headers):
        return self.send_raw(json.dumps(value).encode(), **headers)

    def send_raw(self, body, message_id="msg_1", at=None, **headers):
        signed = self.secret.sign(message_id, body, now=at or datetime.now(UTC))
        headers = signed | {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.post(
            self.path, data=body, headers=headers, content_type="application/json"
        )
