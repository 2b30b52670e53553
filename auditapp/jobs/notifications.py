"""Tells people what happened: on their page at once, on other ways in batches."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from flask import current_app

from auditapp.domain.news_way import WayKind, parse_robot, subscription_of
from auditapp.extensions import unit_of_work
from auditapp.gateways.chat import ChatError, send_chat
from auditapp.gateways.mail import Mailer, MailError
from auditapp.gateways.vault import SealBrokenError, Vault
from auditapp.gateways.web_push import Pusher, PushError, PushGoneError
from auditapp.jobs.news_messages import (
    chat_text,
    email_of,
    greeting,
    push_message,
)
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job
from auditapp.services.news_following import follow_events
from auditapp.services.news_ways import drop_ways, find_address
from auditapp.services.notifications import (
    Batch,
    claim_batch,
    forget_old_news,
    note_failed,
    note_sent,
)

log = logging.getLogger(__name__)

MOST_BATCHES = 200  # of one run; the rest comes with the next
Send = Callable[[Batch], None]


class ServerDownError(Exception):
    """A way that all share does not work now; nobody's own way is to blame."""


def follow(_job: Job, _progress: Progress) -> None:
    """Write down who is told of what, chunk by chunk, and tell browsers at once."""
    while True:
        with unit_of_work() as session:
            if not follow_events(session):
                break
    pusher: Pusher | None = current_app.extensions["pusher"]
    if pusher is not None:
        _send_all({WayKind.PUSH: partial(_push, pusher)})


def send(_job: Job, _progress: Progress) -> None:
    """Send what waits for mail and chat, a message for each; nothing at night."""
    ways: dict[WayKind, Send] = {WayKind.CHAT: _chat}
    mailer: Mailer | None = current_app.extensions["mailer"]
    if mailer is not None:
        ways[WayKind.EMAIL] = partial(_mail, mailer)
    _send_all(ways)


def greet(job: Job, _progress: Progress) -> None:
    """Say hello in the group of a robot that was just chosen."""
    with unit_of_work() as session:
        address = find_address(session, UUID(job.subject))
    if address is None:
        return
    try:
        robot = parse_robot(_vault().unseal_text(address))
        send_chat(robot, greeting(job.payload["locale"]))
    except (ChatError, SealBrokenError) as error:
        log.warning("no hello said: %s", error)  # whoever waits for it sees none


def tidy(_job: Job, _progress: Progress) -> None:
    """Forget what was told long ago."""
    with unit_of_work() as session:
        forget_old_news(session, datetime.now(UTC))


def _send_all(ways: dict[WayKind, Send]) -> None:
    kinds = set(ways)
    for _number in range(MOST_BATCHES):
        with unit_of_work() as session:
            batch = claim_batch(session, kinds, now=datetime.now(UTC))
        if batch is None:
            return
        try:
            if batch.told:
                ways[batch.kind](batch)
        except ServerDownError as error:
            # what was claimed is free again after its lease
            log.warning("not sent: %s", error)
            kinds.discard(batch.kind)
        except PushGoneError:
            with unit_of_work() as session:
                drop_ways(session, [batch.way_id])
        except (ChatError, PushError, SealBrokenError) as error:
            log.warning("not told by %s: %s", batch.kind.value, error)
            with unit_of_work() as session:
                note_failed(session, batch)
        else:
            with unit_of_work() as session:
                note_sent(session, batch)


def _mail(mailer: Mailer, batch: Batch) -> None:
    try:
        mailer.send(email_of(batch, _public_url()))
    except MailError as error:
        raise ServerDownError(str(error)) from error


def _chat(batch: Batch) -> None:
    robot = parse_robot(_vault().unseal_text(batch.address))
    send_chat(robot, chat_text(batch, _public_url()))


def _push(pusher: Pusher, batch: Batch) -> None:
    subscription = subscription_of(_vault().unseal_text(batch.address))
    pusher.send(subscription, push_message(batch))


def _vault() -> Vault:
    vault: Vault = current_app.extensions["address_vault"]
    return vault


def _public_url() -> str:
    url: str = current_app.config["SETTINGS"].public_url
    return url
