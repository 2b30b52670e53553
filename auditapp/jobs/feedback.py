"""Sends the text messages that are due."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from flask import current_app

from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.personal_links import PersonalLinks
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.gateways.sms import (
    CONNECTIONS,
    LaterError,
    RefusedError,
    Sender,
    TextMessage,
)
from auditapp.gateways.vault import SealBrokenError
from auditapp.jobs.progress import Progress
from auditapp.services import due_invitations, sending
from auditapp.services.jobs import Job
from auditapp.services.sending import Outcome, Outgoing

log = logging.getLogger(__name__)


def send(_job: Job, _progress: Progress) -> None:
    """Send until nothing is due, a bounded batch at a time."""
    send_due(datetime.now(UTC))


def send_due(now: datetime) -> int:
    """Send what is due and return how many messages were handed over or given up."""
    sender: Sender | None = current_app.extensions["sms"]
    with reading() as session:
        if not sending.is_anything_due(session, now=now):
            return 0
    if sender is None:
        log.warning("text messages are due, but SMS_URL is not set")
        return 0
    queue_due(now)
    count = 0
    while outcomes := _send_batch(sender, now):
        count += len(outcomes)
    return count


def queue_due(now: datetime) -> int:
    """Check every invitation that is due and queue it; return how many those were."""
    count = 0
    is_more = True
    while is_more:
        with unit_of_work() as session:
            looked_at = due_invitations.queue_due_invitations(session, now=now)
        count += looked_at
        is_more = looked_at > 0
    return count


def _send_batch(sender: Sender, now: datetime) -> list[Outcome]:
    with unit_of_work() as session:
        taken = sending.take_messages(session, now=now)
    parts = current_app.extensions
    vault: PhoneVault = parts["phone_vault"]
    links: PersonalLinks = parts["personal_links"]
    base = current_app.config["SETTINGS"].public_url

    def hand_over(message: Outgoing) -> Outcome:
        link = f"{base}/f/{links.token_of(message.invitation_id)}" if base else ""
        return _hand_over(sender, vault, message, sending.ready_text(message, link))

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        outcomes = list(pool.map(hand_over, taken))
    if outcomes:
        with unit_of_work() as session:
            sending.record_outcomes(session, outcomes, now=now)
    return outcomes


def _hand_over(
    sender: Sender, vault: PhoneVault, message: Outgoing, text: str
) -> Outcome:
    try:
        number = vault.unseal(message.phone_sealed)
        provider_id = sender.send(TextMessage(message.key, number, text))
    except SealBrokenError:
        return Outcome(message, refusal="sealed_with_another_key")
    except RefusedError as error:
        return Outcome(message, refusal=str(error))
    except LaterError as error:
        log.warning("the provider of text messages is away: %s", error)
        return Outcome(message, is_later=True)
    except OSError as error:  # the outbox cannot be written
        log.warning("the outbox cannot be written: %s", error.strerror)
        return Outcome(message, is_later=True)
    return Outcome(message, provider_id=provider_id)
