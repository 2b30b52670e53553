"""Writing an action's history, line by line."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from auditapp.domain.action import ActionStep
from auditapp.services.events import event_of, record_events
from auditapp.store.actions import ActionEntryRow
from auditapp.store.contention import table_of

TOLD_STEPS = (
    ActionStep.RAISED,
    ActionStep.FAILED_AGAIN,
    ActionStep.HANDED_OVER,
    ActionStep.PROOF,
    ActionStep.PUSHED_BACK,
    ActionStep.APPROVED,
)
_TOLD = {step.value for step in TOLD_STEPS}
ADD_ENTRY = insert(table_of(ActionEntryRow))


def entry(
    action_id: UUID,
    step: ActionStep,
    at: datetime,
    *,
    person_id: UUID | None = None,
    words: str | None = None,
    **details: Any,  # noqa: ANN401  whatever JSON describes the step
) -> dict[str, Any]:
    """Return one line of a history, to be kept by ``keep_entries``."""
    return {
        "entry_id": uuid4(),
        "action_id": action_id,
        "step": step.value,
        "words": words,
        "details": details,
        "person_id": person_id,
        "at": at,
    }


def keep_entries(session: Session, entries: Iterable[dict[str, Any]]) -> None:
    """Write lines of histories in one statement; what people are told is an event."""
    rows = list(entries)
    if rows:
        session.flush()
        session.connection().execute(ADD_ENTRY, rows)
    told = [
        event_of(
            f"action.{row['step']}",
            row["action_id"],
            now=row["at"],
            actor_id=row["person_id"],
        )
        for row in rows
        if row["step"] in _TOLD
    ]
    record_events(session, told)
