"""Receivers of webhooks, how they fare, and the log of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.errors import NotFoundError
from auditapp.domain.outgoing_webhook import DeliveryFault, DeliveryState
from auditapp.store.webhooks import WebhookDeliveryRow, WebhookEndpointRow

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One receiver, and how many of its messages stand where."""

    endpoint_id: UUID
    name: str
    url: str
    types: frozenset[str]
    is_active: bool
    failing_since: datetime | None
    old_until: datetime | None  # while a replaced secret still signs
    counts: Mapping[DeliveryState, int]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: the status that came back, or why none did."""

    at: datetime
    status: int | None
    fault: DeliveryFault | None
    milliseconds: int
    answer: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of the log."""

    delivery_id: UUID
    message_id: str
    type: str
    body: str
    state: DeliveryState
    created_at: datetime
    due_at: datetime | None
    attempts: Sequence[Attempt]


def list_endpoints(session: Session) -> Sequence[Endpoint]:
    """Return every receiver."""
    counts = _counts(session)
    rows = session.scalars(select(WebhookEndpointRow).order_by(WebhookEndpointRow.name))
    return [_endpoint(row, counts.get(row.endpoint_id, {})) for row in rows]


def get_endpoint(session: Session, endpoint_id: UUID) -> Endpoint:
    """Return one receiver.

    Raises:
        NotFoundError: There is none.
    """
    row = session.get(WebhookEndpointRow, endpoint_id)
    if row is None:
        raise NotFoundError
    return _endpoint(row, _counts(session).get(endpoint_id, {}))


def list_deliveries(
    session: Session, endpoint_id: UUID, state: DeliveryState | None
) -> Sequence[Delivery]:
    """Return a receiver's log, the latest first."""
    wanted = [WebhookDeliveryRow.endpoint_id == endpoint_id]
    if state is not None:
        wanted.append(WebhookDeliveryRow.state == state.value)
    rows = session.scalars(
        select(WebhookDeliveryRow)
        .where(*wanted)
        .order_by(WebhookDeliveryRow.created_at.desc(), WebhookDeliveryRow.delivery_id)
        .limit(SHOWN)
    )
    return [
        Delivery(
            row.delivery_id,
            row.message_id,
            row.type,
            row.body,
            DeliveryState(row.state),
            row.created_at,
            row.due_at,
            [_attempt(each) for each in row.attempts],
        )
        for row in rows
    ]


def _endpoint(row: WebhookEndpointRow, counts: Mapping[DeliveryState, int]) -> Endpoint:
    return Endpoint(
        row.endpoint_id,
        row.name,
        row.url,
        frozenset(row.types),
        row.is_active,
        row.failing_since,
        row.old_until,
        counts,
    )


def _counts(session: Session) -> dict[UUID, dict[DeliveryState, int]]:
    found: dict[UUID, dict[DeliveryState, int]] = {}
    for endpoint_id, state, count in session.execute(
        select(
            WebhookDeliveryRow.endpoint_id, WebhookDeliveryRow.state, func.count()
        ).group_by(WebhookDeliveryRow.endpoint_id, WebhookDeliveryRow.state)
    ):
        found.setdefault(endpoint_id, {})[DeliveryState(state)] = count
    return found


def _attempt(written: Mapping[str, Any]) -> Attempt:
    fault = written["fault"]
    return Attempt(
        datetime.fromisoformat(written["at"]),
        written["status"],
        DeliveryFault(fault) if fault else None,
        written["milliseconds"],
        written["answer"],
    )
