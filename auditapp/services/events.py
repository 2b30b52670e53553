"""The event log: who did what, when; written in the transaction that did it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from auditapp.store.contention import table_of
from auditapp.store.work import EventRow

ADD_EVENT = insert(table_of(EventRow))


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
    event = event_of(name, subject, now=now, actor_id=actor_id, **details)
    record_events(session, [event])


def event_of(
    name: str,
    subject: object,
    *,
    now: datetime,
    actor_id: UUID | None = None,
    **details: Any,  # noqa: ANN401  whatever JSON describes the change
) -> dict[str, Any]:
    """Return one line of the log for ``record_events``."""
    return {
        "name": name,
        "actor_id": actor_id,
        "subject": str(subject),
        "happened_at": now,
        "details": details,
    }


def record_events(session: Session, events: Sequence[Mapping[str, Any]]) -> None:
    """Add many lines in one statement."""
    if events:
        session.connection().execute(ADD_EVENT, events)
