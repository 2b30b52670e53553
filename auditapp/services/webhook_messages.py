"""What an event says to other programs: ids and months, and where to read more.

Only what a hall may know by now is told, for a receiver may pass it on: no auditor, no
customer, no visit before its release.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.action import ActionStep
from auditapp.domain.outgoing_webhook import WebhookType
from auditapp.store.actions import ActionRow
from auditapp.store.appeals import AppealRow
from auditapp.store.calls import ComplaintRow
from auditapp.store.work import EventRow
from auditapp.store.work_cards import WorkCardRow


@dataclass(frozen=True, slots=True)
class Message:
    """One message; ``key`` names it, however often it is sent."""

    type: WebhookType
    data: Mapping[str, Any]
    path: str
    key: str


def messages_of(session: Session, event: EventRow) -> Iterable[Message]:
    """Yield what is told of an event; nothing for most."""
    tell = _TELL.get(event.name)
    if tell is not None:
        yield from tell(session, event)


def _key(event: EventRow) -> str:
    return f"evt_{event.event_id}"


def _month(_session: Session, event: EventRow) -> Iterable[Message]:
    facts: dict[str, Any] = {"month": event.subject}
    if event.name == "month.closed":
        facts |= {
            "ledger": event.details.get("number"),
            "sha256": event.details.get("digest"),
        }
    path = f"/months/{event.subject}"
    yield Message(WebhookType(event.name), facts, path, _key(event))


def _released(session: Session, event: EventRow) -> Iterable[Message]:
    yield from _month(session, event)
    shown = select(ActionRow).where(
        ActionRow.month == event.subject, ActionRow.shown_at == event.happened_at
    )
    for action in session.scalars(shown):
        yield _told_of(WebhookType.ACTION_GIVEN, action, event)


def _action(session: Session, event: EventRow) -> Iterable[Message]:
    action = session.get(ActionRow, UUID(event.subject))
    if action is not None and action.shown_at and action.shown_at <= event.happened_at:
        yield _told_of(_ACTION_TYPES[event.name], action, event)


def _told_of(kind: WebhookType, action: ActionRow, event: EventRow) -> Message:
    facts = {
        "action_id": str(action.action_id),
        "hall_id": action.hall_id,
        "item_id": action.item_id,
        "month": action.month,
        "severity": action.severity,
        "owner": action.owner,
        "due_at": action.due_at.isoformat() if action.due_at else None,
    }
    path = f"/actions/{action.action_id}"
    return Message(kind, facts, path, f"{_key(event)}_{action.action_id}")


def _appeal(session: Session, event: EventRow) -> Iterable[Message]:
    appeal = session.get(AppealRow, UUID(event.subject))
    if appeal is None:
        return
    is_new = event.name == "appeal.lodged"
    kind = WebhookType.APPEAL_LODGED if is_new else WebhookType.APPEAL_DECIDED
    facts = {
        "appeal_id": event.subject,
        "hall_id": appeal.hall_id,
        "item_id": appeal.item_id,
        **({} if is_new else {"outcome": event.name.partition(".")[2]}),
    }
    yield Message(kind, facts, f"/appeals/{event.subject}", _key(event))


def _complaint(session: Session, event: EventRow) -> Iterable[Message]:
    complaint = session.get(ComplaintRow, UUID(event.subject))
    if complaint is not None:
        facts = {
            "complaint_id": event.subject,
            "hall_id": complaint.hall_id,
            "step": event.name.partition(".")[2].removeprefix("step_"),
            "category": event.details.get("category"),
            "owner": event.details.get("owner"),
        }
        path = f"/complaints/{event.subject}"
        yield Message(WebhookType.COMPLAINT_CHANGED, facts, path, _key(event))


def _standard(_session: Session, event: EventRow) -> Iterable[Message]:
    checklist_id, _space, version = event.subject.partition(" ")
    facts = {
        "checklist_id": checklist_id,
        "version": version,
        "effective_month": event.details.get("effective_month"),
    }
    yield Message(WebhookType.STANDARD_PUBLISHED, facts, "/standards", _key(event))


def _card(session: Session, event: EventRow) -> Iterable[Message]:
    card = session.get(WorkCardRow, UUID(event.subject))
    if card is not None:
        facts = {"scenario": card.scenario, "number": card.number, "title": card.title}
        path = f"/work-cards/{card.scenario}"
        yield Message(WebhookType.CARD_PUBLISHED, facts, path, _key(event))


_ACTION_TYPES = {
    f"action.{step.value}": kind
    for step, kind in (
        (ActionStep.RAISED, WebhookType.ACTION_GIVEN),
        (ActionStep.FAILED_AGAIN, WebhookType.ACTION_GIVEN),
        (ActionStep.HANDED_OVER, WebhookType.ACTION_GIVEN),
        (ActionStep.APPROVED, WebhookType.ACTION_APPROVED),
        (ActionStep.ESCALATED, WebhookType.ACTION_LATE),
    )
}
Tell = Callable[[Session, EventRow], Iterable[Message]]
_COMPLAINT_EVENTS = (
    "recorded",
    "answered",
    "checked",
    *(f"step_{step}" for step in ("classified", "contacted", "investigated")),
    *(f"step_{step}" for step in ("learned", "escalated")),
)
_TELL: Mapping[str, Tell] = {
    "month.released": _released,
    "month.closed": _month,
    "month.reopened": _month,
    **dict.fromkeys(_ACTION_TYPES, _action),
    **dict.fromkeys(
        (f"appeal.{what}" for what in ("lodged", "upheld", "overturned", "rejected")),
        _appeal,
    ),
    **dict.fromkeys((f"complaint.{what}" for what in _COMPLAINT_EVENTS), _complaint),
    "checklist.published": _standard,
    "work_card.published": _card,
}
TOLD = tuple(_TELL)
