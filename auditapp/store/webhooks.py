"""Programs that are told what happened, and every message on its way to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class WebhookEndpointRow(Base):
    """One receiver."""

    __tablename__ = "webhook_endpoints"

    endpoint_id: Mapped[UuidPk]
    name: Mapped[str]
    url: Mapped[str]
    types: Mapped[list[str]]  # auditapp.domain.outgoing_webhook.WebhookType
    sealed_secret: Mapped[str]
    sealed_old_secret: Mapped[str | None]  # signs too while it is being replaced
    old_until: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    failing_since: Mapped[datetime | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    created_at: Mapped[datetime]


class WebhookDeliveryRow(Base):
    """One message to one receiver; ``attempts`` are its log.

    ``due_at`` is when to try, and while a worker tries, until when nobody else does.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "message_id"),
        Index(
            "ix_webhook_deliveries_endpoint_id_created_at", "endpoint_id", "created_at"
        ),
    )

    delivery_id: Mapped[UuidPk]
    endpoint_id: Mapped[UUID] = mapped_column(
        ForeignKey("webhook_endpoints.endpoint_id")
    )
    message_id: Mapped[str]
    type: Mapped[str]
    body: Mapped[str]  # the very text that is signed and sent
    state: Mapped[str]  # auditapp.domain.outgoing_webhook.DeliveryState
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # None: it is over
    attempts: Mapped[list[dict[str, Any]]]  # at, status or fault, milliseconds, answer
    created_at: Mapped[datetime]
