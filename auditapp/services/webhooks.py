"""Receivers of webhooks: added, changed, paused, tested, removed by administrators."""

import secrets
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.outgoing_webhook import (
    FAULT_NAMES,
    LONGEST_NAME,
    LONGEST_URL,
    MOST_ENDPOINTS,
    OLD_SECRET_HOLDS,
    check_endpoint,
)
from auditapp.domain.text import Text
from auditapp.gateways.outward import ForbiddenAddressError, Outward
from auditapp.gateways.vault import Vault
from auditapp.services.events import record_event
from auditapp.services.jobs import request_job
from auditapp.services.webhook_deliveries import delivery, send_again
from auditapp.store.contention import table_of
from auditapp.store.webhooks import WebhookDeliveryRow, WebhookEndpointRow

SECRET_BYTES = 32
SEND_JOB = "webhooks.send"
TEST = "webhook.test"


@dataclass(frozen=True, slots=True)
class EndpointText:
    """A receiver as it is written in the form."""

    name: str
    url: str
    types: Collection[str]


@dataclass(frozen=True, slots=True)
class Tools:
    """What seals secrets, and what says whether an address may be used."""

    vault: Vault
    outward: Outward


def add_endpoint(
    session: Session, tools: Tools, actor: Actor, written: EndpointText, now: datetime
) -> tuple[UUID, str]:
    """Add a receiver; return it and its secret, which is not shown again.

    Raises:
        InvalidError: Something of it is missing, or its address may not be used.
    """
    _check(tools, written)
    count = session.scalar(select(func.count(WebhookEndpointRow.endpoint_id))) or 0
    if count >= MOST_ENDPOINTS:
        raise InvalidError([Problem("/name", "too-many-endpoints", _TOO_MANY)])
    secret = _make_secret()
    row = WebhookEndpointRow(
        name=written.name.strip()[:LONGEST_NAME],
        url=written.url.strip(),
        types=sorted(written.types),
        sealed_secret=tools.vault.seal_text(secret),
        created_by=actor.person_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, "added", row, actor, now)
    return row.endpoint_id, secret


def change_endpoint(
    session: Session,
    tools: Tools,
    actor: Actor,
    endpoint_id: UUID,
    written: EndpointText,
    *,
    now: datetime,
) -> None:
    """Change a receiver's name, address or choice; what waits goes to the new address.

    Raises:
        NotFoundError: There is none.
        InvalidError: Something of it is missing, or its address may not be used.
    """
    row = _get(session, endpoint_id)
    _check(tools, written)
    row.name = written.name.strip()[:LONGEST_NAME]
    row.url, row.types = written.url.strip(), sorted(written.types)
    _log(session, "changed", row, actor, now)


def switch_endpoint(
    session: Session,
    actor: Actor,
    endpoint_id: UUID,
    *,
    is_active: bool,
    now: datetime,
) -> None:
    """Pause a receiver, or tell it again; what waits is kept meanwhile.

    Raises:
        NotFoundError: There is none.
    """
    row = _get(session, endpoint_id)
    row.is_active, row.failing_since = is_active, None
    _log(session, "resumed" if is_active else "paused", row, actor, now)
    if is_active:
        request_job(session, SEND_JOB, "queued", now=now)


def replace_secret(
    session: Session, vault: Vault, actor: Actor, endpoint_id: UUID, *, now: datetime
) -> str:
    """Return a new secret; for a day messages are signed with the old one as well.

    Raises:
        NotFoundError: There is none.
    """
    row, secret = _get(session, endpoint_id), _make_secret()
    row.sealed_old_secret, row.old_until = row.sealed_secret, now + OLD_SECRET_HOLDS
    row.sealed_secret = vault.seal_text(secret)
    _log(session, "secret_replaced", row, actor, now)
    return secret


def remove_endpoint(
    session: Session, actor: Actor, endpoint_id: UUID, *, now: datetime
) -> None:
    """Remove a receiver and its log.

    Raises:
        NotFoundError: There is none.
    """
    row = _get(session, endpoint_id)
    _log(session, "removed", row, actor, now)
    mine = WebhookDeliveryRow.endpoint_id == endpoint_id
    session.execute(delete(WebhookDeliveryRow).where(mine))
    session.delete(row)


def send_test(session: Session, endpoint_id: UUID, *, now: datetime) -> None:
    """Send a message that says nothing, whatever the receiver is told of.

    Raises:
        NotFoundError: There is none.
    """
    row = _get(session, endpoint_id)
    body = {"type": TEST, "timestamp": now.isoformat(), "data": {"name": row.name}}
    waiting = delivery(row.endpoint_id, f"test_{uuid4().hex}", body, now)
    session.execute(table_of(WebhookDeliveryRow).insert(), waiting)
    request_job(session, SEND_JOB, "queued", now=now)


def send_delivery_again(session: Session, delivery_id: UUID, *, now: datetime) -> UUID:
    """Try one message of the log again; return its receiver.

    Raises:
        NotFoundError: There is none.
    """
    endpoint_id = send_again(session, delivery_id, now)
    if endpoint_id is None:
        raise NotFoundError
    request_job(session, SEND_JOB, "queued", now=now)
    return endpoint_id


def _get(session: Session, endpoint_id: UUID) -> WebhookEndpointRow:
    row = session.get(WebhookEndpointRow, endpoint_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    return row


def _check(tools: Tools, written: EndpointText) -> None:
    check_endpoint(written.name, set(written.types))
    url = written.url.strip()
    if len(url) > LONGEST_URL:
        raise InvalidError([Problem("/url", "url-too-long", _TOO_LONG)])
    try:
        tools.outward.check(url)
    except ForbiddenAddressError as error:
        text = FAULT_NAMES[error.fault]
        raise InvalidError([Problem("/url", error.fault.value, text)]) from error


def _make_secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _log(
    session: Session, what: str, row: WebhookEndpointRow, actor: Actor, now: datetime
) -> None:
    record_event(
        session,
        f"webhook.{what}",
        row.endpoint_id,
        now=now,
        actor_id=actor.person_id,
        receiver=row.name,
        url=row.url,
    )


_TOO_MANY = Text(
    f"最多可以有{MOST_ENDPOINTS}个接收方。",
    f"There can be at most {MOST_ENDPOINTS} receivers.",
)
_TOO_LONG = Text(
    f"网址不能超过{LONGEST_URL}个字符。",
    f"The address may have at most {LONGEST_URL} characters.",
)
