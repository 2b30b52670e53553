"""Tells other programs what happened: signed, tried again, logged."""

from datetime import UTC, datetime
from uuid import UUID

from flask import current_app

from auditapp.domain.outgoing_webhook import DeliveryFault
from auditapp.extensions import unit_of_work
from auditapp.gateways.outward import Outward, UnreachableError
from auditapp.gateways.vault import SealBrokenError, Vault
from auditapp.gateways.webhook_signature import WebhookSecret
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job
from auditapp.services.webhook_deliveries import (
    Attempt,
    Outgoing,
    claim_delivery,
    follow_events,
    forget_old,
    note_attempt,
)

MOST_MESSAGES = 500  # of one run; the rest comes with the next


def send(_job: Job, _progress: Progress) -> None:
    """Write down what is to be told, and send what is due.

    A receiver that does not answer keeps the others waiting only once in a run.
    """
    vault: Vault = current_app.extensions["address_vault"]
    outward: Outward = current_app.extensions["outward"]
    _follow()
    silent: set[UUID] = set()
    for _number in range(MOST_MESSAGES):
        with unit_of_work() as session:
            message = claim_delivery(session, now=datetime.now(UTC), without=silent)
        if message is None:
            return
        attempt = _try(vault, outward, message)
        if not attempt.is_fine:
            silent.add(message.endpoint_id)
        with unit_of_work() as session:
            note_attempt(session, message.delivery_id, attempt)


def tidy(_job: Job, _progress: Progress) -> None:
    """Forget old lines of the log."""
    with unit_of_work() as session:
        forget_old(session, datetime.now(UTC))


def _follow() -> None:
    public_url = current_app.config["SETTINGS"].public_url
    while True:
        with unit_of_work() as session:
            if not follow_events(session, public_url, now=datetime.now(UTC)):
                return


def _try(vault: Vault, outward: Outward, message: Outgoing) -> Attempt:
    now = datetime.now(UTC)
    try:
        secrets = [vault.unseal_text(each) for each in message.sealed_secrets]
    except SealBrokenError:
        return Attempt(now, None, DeliveryFault.KEY_CHANGED.value, 0, "")
    signed = WebhookSecret(" ".join(secrets)).sign(
        message.message_id, message.body, now=now
    )
    headers = {
        **signed,
        "content-type": "application/json",
        "user-agent": "Auditapp-Webhooks",
    }
    try:
        answer = outward.post(message.url, message.body, headers)
    except UnreachableError as error:
        return Attempt(now, None, error.fault.value, 0, "")
    return Attempt(now, answer.status, None, answer.milliseconds, answer.text)
