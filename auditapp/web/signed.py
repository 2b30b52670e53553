"""What other programs send: proved to be theirs before anything of it is read."""

import logging
from datetime import UTC, datetime
from typing import Any

from flask import current_app, request

from auditapp.domain.json_text import read_json
from auditapp.domain.webhook import NotSetUpError
from auditapp.gateways.webhook_signature import WebhookSecret
from auditapp.web.bodies import read_document

log = logging.getLogger(__name__)


def read_signed(setting: str) -> Any:  # noqa: ANN401 (whatever JSON was sent)
    """Return the value of a JSON body signed with the secret of this setting.

    Raises:
        NotSetUpError: The operator has not set the secret.
        SignatureError: The signature is missing, old or wrong.
        MalformedError: The body is no sound JSON.
    """
    secret: WebhookSecret | None = current_app.extensions["webhook_secrets"][setting]
    if secret is None:
        log.warning("%s was called, but %s is not set", request.path, setting)
        raise NotSetUpError
    body = read_document()
    secret.verify(request.headers, body, now=datetime.now(UTC))
    return read_json(body)
