"""Messages to other programs: written down from the event log, claimed, logged."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from auditapp.domain.outgoing_webhook import (
    GIVES_UP_AFTER,
    GONE,
    KEPT,
    DeliveryState,
    is_taken,
    next_try,
)
from auditapp.services.event_following import Follower, take_events
from auditapp.services.webhook_messages import TOLD, Message, messages_of
from auditapp.store.contention import table_of
from auditapp.store.webhooks import WebhookDeliveryRow, WebhookEndpointRow
from auditapp.store.work import EventRow

LEASE = timedelta(minutes=2)  # a claimed message is tried again after that
LONGEST_ANSWER = 300  # of what a receiver said, in the log


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to be sent now; each of the sealed secrets signs it."""

    delivery_id: UUID
    endpoint_id: UUID
    url: str
    sealed_secrets: tuple[str, ...]
    message_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one try: a status, or why nobody answered."""

    at: datetime
    status: int | None
    fault: str | None
    milliseconds: int
    answer: str

    @property
    def is_fine(self) -> bool:
        """Tell whether the receiver took it."""
        return is_taken(self.status)


def follow_events(session: Session, public_url: str, *, now: datetime) -> int:
    """Write down the messages of the next events; return how many events those were."""
    events, count = take_events(session, Follower.WEBHOOKS, TOLD)
    active = select(WebhookEndpointRow).where(WebhookEndpointRow.is_active)
    endpoints = session.scalars(active).all() if events else ()
    if endpoints:
        rows = [
            row
            for event in events
            for message in messages_of(session, event)
            for row in _rows(message, _body(event, message, public_url), endpoints, now)
        ]
        if rows:
            session.connection().execute(table_of(WebhookDeliveryRow).insert(), rows)
    return count


def delivery(
    endpoint_id: UUID, message_id: str, body: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """Return a message as it waits to be sent at once."""
    return {
        "delivery_id": uuid4(),
        "endpoint_id": endpoint_id,
        "message_id": message_id,
        "type": body["type"],
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        "state": DeliveryState.WAITING.value,
        "tries": 0,
        "due_at": now,
        "attempts": [],
        "created_at": now,
    }


def _body(event: EventRow, message: Message, public_url: str) -> dict[str, Any]:
    return {
        "type": message.type.value,
        "timestamp": event.happened_at.isoformat(),
        "data": {**message.data, "url": public_url + message.path},
    }


def _rows(
    message: Message,
    body: dict[str, Any],
    endpoints: Iterable[WebhookEndpointRow],
    now: datetime,
) -> Iterable[dict[str, Any]]:
    for endpoint in endpoints:
        if message.type.value in endpoint.types:
            yield delivery(endpoint.endpoint_id, message.key, body, now)


def claim_delivery(
    session: Session, *, now: datetime, without: Collection[UUID]
) -> Outgoing | None:
    """Take the next message that is due, to none of ``without``; None: that is all."""
    found = session.execute(
        select(WebhookDeliveryRow, WebhookEndpointRow)
        .join(
            WebhookEndpointRow,
            WebhookEndpointRow.endpoint_id == WebhookDeliveryRow.endpoint_id,
        )
        .where(
            WebhookDeliveryRow.due_at <= now,
            WebhookEndpointRow.is_active,
            WebhookDeliveryRow.endpoint_id.not_in(without),
        )
        .order_by(WebhookDeliveryRow.due_at, WebhookDeliveryRow.delivery_id)
        .limit(1)
        .with_for_update(of=WebhookDeliveryRow, skip_locked=True)
    ).first()
    if found is None:
        return None
    row, endpoint = found
    row.due_at = now + LEASE
    return Outgoing(
        row.delivery_id,
        row.endpoint_id,
        endpoint.url,
        _secrets(endpoint, now),
        row.message_id,
        row.body.encode(),
    )


def _secrets(endpoint: WebhookEndpointRow, now: datetime) -> tuple[str, ...]:
    old = endpoint.sealed_old_secret
    if old and endpoint.old_until and now < endpoint.old_until:
        return endpoint.sealed_secret, old
    return (endpoint.sealed_secret,)


def note_attempt(session: Session, delivery_id: UUID, attempt: Attempt) -> None:
    """Keep what came of a try; decide when the next is, or to leave the receiver."""
    row = session.get(WebhookDeliveryRow, delivery_id, with_for_update=True)
    if row is None:  # the receiver was removed meanwhile
        return
    endpoint = session.get_one(WebhookEndpointRow, row.endpoint_id)
    row.tries += 1
    row.attempts = [*row.attempts, _logged(attempt)]
    if attempt.is_fine:
        row.state, row.due_at = DeliveryState.DELIVERED.value, None
        endpoint.failing_since = None
        return
    since = endpoint.failing_since = endpoint.failing_since or attempt.at
    row.due_at = next_try(row.tries, attempt.at)
    if row.due_at is None:
        row.state = DeliveryState.FAILED.value
    if attempt.status == GONE or attempt.at - since >= GIVES_UP_AFTER:
        endpoint.is_active = False


def _logged(attempt: Attempt) -> dict[str, Any]:
    return {
        "at": attempt.at.isoformat(),
        "status": attempt.status,
        "fault": attempt.fault,
        "milliseconds": attempt.milliseconds,
        "answer": attempt.answer[:LONGEST_ANSWER],
    }


def send_again(session: Session, delivery_id: UUID, now: datetime) -> UUID | None:
    """Try a message at once and as often as a new one; return its receiver."""
    return session.scalar(
        update(WebhookDeliveryRow)
        .where(WebhookDeliveryRow.delivery_id == delivery_id)
        .values(state=DeliveryState.WAITING.value, tries=0, due_at=now)
        .returning(WebhookDeliveryRow.endpoint_id)
    )


def forget_old(session: Session, now: datetime) -> None:
    """Forget messages that are over and old."""
    session.execute(
        delete(WebhookDeliveryRow).where(
            WebhookDeliveryRow.due_at.is_(None),
            WebhookDeliveryRow.created_at < now - KEPT,
        )
    )
