"""The event log: who did what, when; written in the transaction that did it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from auditapp.store.work import EventRow


def record_event(
    session: Session,
    name: str,
    subject: object,
    *,
    now: datetime,
    actor_id: UUID | None = None,
    **details: Any,  # noqa: ANN401  whatever JSON describes the change
) -> None:
    """Add one line, such as ``audit.accepted`` with what changed as details."""
    session.add(
        EventRow(
            name=name,
            actor_id=actor_id,
            subject=str(subject),
            happened_at=now,
            details=details,
        )
    )
