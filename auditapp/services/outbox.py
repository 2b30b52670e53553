"""Messages that go out: they wait in their table until the provider has them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.services.jobs import INTAKE, request_job
from auditapp.store.contention import table_of
from auditapp.store.messages import MessageRow

MESSAGES: Table = table_of(MessageRow)
SEND_JOB = "feedback.send"


def queue_messages(
    session: Session, messages: Iterable[tuple[UUID, str]], *, now: datetime
) -> None:
    """Let messages go out as soon as may be; pairs are invitation and kind.

    Each kind goes out once to an invitation, however often it is asked for.
    """
    rows = [
        {
            "message_id": uuid4(),
            "invitation_id": invitation_id,
            "direction": "out",
            "kind": kind,
            "provider_key": f"{invitation_id}:{kind}",
            "happened_at": now,
            "due_at": now,
            "tries": 0,
        }
        for invitation_id, kind in messages
    ]
    if not rows:
        return
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(MESSAGES).on_conflict_do_nothing(), rows)


def request_sending(session: Session, *, now: datetime) -> None:
    """Ask for what waits to be sent at once, not with the next minute."""
    request_job(session, SEND_JOB, "queued", now=now, priority=INTAKE)
