"""Inviting customers: planned when their transaction arrives, checked when sent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from auditapp.domain.dialogue import Dialogue
from auditapp.domain.invitation import InvitationRules, InvitationState, NotInvited
from auditapp.gateways.personal_links import PersonalLinks, token_hash
from auditapp.services.dialogues import find_dialogue_in_force
from auditapp.services.feedback_counts import count_up
from auditapp.store.contention import table_of
from auditapp.store.customers import CustomerRow
from auditapp.store.messages import InvitationRow

ADD_INVITATION = insert(table_of(InvitationRow))
UNDER_WAY = (InvitationState.WAITING.value, InvitationState.QUEUED.value)
BATCH = 500  # below every database's limit of parameters


@dataclass(frozen=True, slots=True)
class Occasion:
    """A transaction about which its customer may be asked."""

    transaction_id: UUID
    customer_id: UUID
    hall_id: str
    month: str
    business: str
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands against asking a customer."""

    has_stopped: bool
    is_erased: bool
    last_invited_at: datetime | None


def plan_invitations(
    session: Session,
    links: PersonalLinks,
    occasions: Sequence[Occasion],
    *,
    now: datetime,
) -> int:
    """Plan whom to ask and count why others are not; return how many are planned."""
    if not occasions:
        return 0
    dialogues = {
        month: find_dialogue_in_force(session, month)
        for month in {each.month for each in occasions}
    }
    customers = {each.customer_id for each in occasions}
    known, busy = _known(session, customers), _with_invitation(session, customers)
    rows, counts = [], Counter[str]()
    for each in sorted(occasions, key=lambda occasion: occasion.finished_at):
        dialogue = dialogues[each.month]
        outcome = _decide(dialogue, known[each.customer_id], each, now)
        if isinstance(outcome, datetime) and each.customer_id in busy:
            outcome = NotInvited.RESTING
        if isinstance(outcome, NotInvited):
            counts[f"invitation.{outcome.value}"] += 1
        elif dialogue:
            rows.append(_row(links, dialogue, each, outcome))
            busy.add(each.customer_id)
    if rows:
        session.connection().execute(ADD_INVITATION, rows)
    count_up(session, {**counts, "invitation.planned": len(rows)}, now=now)
    return len(rows)


def reason_against(
    rules: InvitationRules,
    *,
    has_stopped: bool,
    is_erased: bool,
    last_invited_at: datetime | None,
    now: datetime,
) -> NotInvited | None:
    """Return why a customer must not be asked, whatever the hour; None: may be."""
    if has_stopped:
        return NotInvited.STOPPED
    if is_erased:
        return NotInvited.ERASED
    if rules.is_resting(last_invited_at, now):
        return NotInvited.RESTING
    return None


def _decide(
    dialogue: Dialogue | None, known: _Known, occasion: Occasion, now: datetime
) -> datetime | NotInvited:
    if dialogue is None:
        return NotInvited.NO_CHECKLIST
    against = reason_against(
        dialogue.rules,
        has_stopped=known.has_stopped,
        is_erased=known.is_erased,
        last_invited_at=known.last_invited_at,
        now=now,
    )
    if against:
        return against
    return dialogue.rules.send_at(occasion.finished_at, now) or NotInvited.TOO_LATE


def _row(
    links: PersonalLinks, dialogue: Dialogue, occasion: Occasion, send_at: datetime
) -> dict[str, Any]:
    invitation_id = uuid4()
    return {
        "invitation_id": invitation_id,
        "transaction_id": occasion.transaction_id,
        "customer_id": occasion.customer_id,
        "hall_id": occasion.hall_id,
        "month": occasion.month,
        "business": occasion.business,
        "checklist_version": dialogue.version,
        "state": InvitationState.WAITING.value,
        "token_hash": token_hash(links.token_of(invitation_id)),
        "send_at": send_at,
        "answers": {},
    }


def _known(session: Session, customers: set[UUID]) -> dict[UUID, _Known]:
    found = {}
    for part in _parts(sorted(customers)):
        rows = session.execute(
            select(
                CustomerRow.customer_id,
                CustomerRow.stopped_at,
                CustomerRow.phone_sealed.is_(None).label("is_erased"),
                CustomerRow.last_invited_at,
            ).where(CustomerRow.customer_id.in_(part))
        )
        for row in rows:
            found[row.customer_id] = _Known(
                row.stopped_at is not None, bool(row.is_erased), row.last_invited_at
            )
    return found


def _with_invitation(session: Session, customers: set[UUID]) -> set[UUID]:
    """Return who has an invitation that waits to be sent."""
    return {
        customer_id
        for part in _parts(sorted(customers))
        for customer_id in session.scalars(
            select(InvitationRow.customer_id).where(
                InvitationRow.customer_id.in_(part),
                InvitationRow.state.in_(UNDER_WAY),
            )
        )
    }


def _parts(values: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
