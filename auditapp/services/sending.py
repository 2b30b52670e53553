"""Sending what waits: leased to one worker, dropped by rule, settled by its outcome."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from auditapp.domain.dialogue import FAREWELL, Dialogue, filled
from auditapp.domain.invitation import InvitationState, NotInvited
from auditapp.services.dialogues import get_dialogue
from auditapp.services.feedback_counts import count_up
from auditapp.store.customers import CustomerRow, TransactionRow
from auditapp.store.messages import InvitationRow, MessageRow
from auditapp.store.organisation import CompanyRow, HallRow

MOST_AT_ONCE = 16  # few, so that what was sent is known to be sent at once
LEASE = timedelta(minutes=5)  # longer than a batch of slow answers takes
MOST_TRIES = 6
SENT = "sent"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message in a worker's hand; the number is still sealed."""

    message_id: UUID
    invitation_id: UUID
    key: str
    phone_sealed: bytes
    text: str  # ready but for the link
    language: str
    has_link: bool
    places: Mapping[str, str]
    tries: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How handing a message over ended: ``refusal`` for good, ``is_later`` for now."""

    message: Outgoing
    provider_id: str = ""
    refusal: str = ""
    is_later: bool = False


def take_messages(session: Session, *, now: datetime) -> list[Outgoing]:
    """Take messages that are due; nobody else does for a while."""
    ids = session.scalars(
        select(MessageRow.message_id)
        .where(MessageRow.due_at <= now)
        .order_by(MessageRow.due_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return []
    session.execute(
        update(MessageRow)
        .where(MessageRow.message_id.in_(ids))
        .values(due_at=now + LEASE, tries=MessageRow.tries + 1)
        .execution_options(synchronize_session=False)
    )
    brand = session.execute(select(CompanyRow.name_zh, CompanyRow.name_en)).first()
    taken, counts = [], Counter[str]()
    for row in _details(session, ids):
        dialogue = get_dialogue(session, row.checklist_version)
        verdict = _verdict(row, dialogue, now)
        if isinstance(verdict, datetime):
            _change(session, row.message_id, due_at=verdict)
        elif verdict:
            counts[_close(session, row, dialogue, now, refusal=verdict)] += 1
        else:
            taken.append(_outgoing(row, dialogue, brand))
    count_up(session, counts, now=now)
    return taken


def record_outcomes(
    session: Session, outcomes: Sequence[Outcome], *, now: datetime
) -> None:
    """Write how messages went: sent, to be tried again, or given up."""
    rows = {
        row.message_id: row
        for row in _details(session, [each.message.message_id for each in outcomes])
    }
    counts = Counter[str]()
    for each in outcomes:
        row = rows[each.message.message_id]
        dialogue = get_dialogue(session, row.checklist_version)
        if each.is_later and each.message.tries < MOST_TRIES:
            _change(session, row.message_id, due_at=now + _pause(each.message.tries))
            continue
        refusal = each.refusal or ("unreachable" if each.is_later else "")
        ending = _close(
            session, row, dialogue, now, refusal=refusal, provider_id=each.provider_id
        )
        counts[ending] += 1
    count_up(session, counts, now=now)


def is_anything_due(session: Session, *, now: datetime) -> bool:
    """Tell whether a message or an invitation waits to be sent."""
    message = select(MessageRow.message_id).where(MessageRow.due_at <= now).limit(1)
    invitation = (
        select(InvitationRow.invitation_id)
        .where(
            InvitationRow.state == InvitationState.WAITING.value,
            InvitationRow.send_at <= now,
        )
        .limit(1)
    )
    return any(session.scalar(each) is not None for each in (message, invitation))


def _details(session: Session, ids: Sequence[UUID]) -> Sequence[Any]:
    return session.execute(
        select(
            MessageRow.message_id,
            MessageRow.kind,
            MessageRow.provider_key,
            MessageRow.tries,
            InvitationRow.invitation_id,
            InvitationRow.customer_id,
            InvitationRow.checklist_version,
            TransactionRow.finished_at,
            TransactionRow.language,
            CustomerRow.phone_sealed,
            CustomerRow.stopped_at,
            HallRow.name_zh,
            HallRow.name_en,
        )
        .join(InvitationRow, InvitationRow.invitation_id == MessageRow.invitation_id)
        .join(
            TransactionRow,
            TransactionRow.transaction_id == InvitationRow.transaction_id,
        )
        .join(CustomerRow, CustomerRow.customer_id == InvitationRow.customer_id)
        .join(HallRow, HallRow.hall_id == InvitationRow.hall_id)
        .where(MessageRow.message_id.in_(ids))
        .order_by(MessageRow.happened_at)
    ).all()


def _verdict(row: Any, dialogue: Dialogue, now: datetime) -> str | datetime | None:  # noqa: ANN401
    """Return why a message must not go out, or until when it waits; None: it goes."""
    if row.phone_sealed is None:
        return NotInvited.ERASED.value
    if row.stopped_at is not None and row.kind != FAREWELL:
        return NotInvited.STOPPED.value
    if row.kind != dialogue.first_item:
        return None
    send_at = dialogue.rules.send_at(row.finished_at, now)
    if send_at is None:
        return NotInvited.TOO_LATE.value
    return send_at if send_at > now else None


def _outgoing(row: Any, dialogue: Dialogue, brand: Any) -> Outgoing:  # noqa: ANN401
    language = row.language
    hall = row.name_en if language == "en" else row.name_zh
    name = (brand.name_en if language == "en" else brand.name_zh) if brand else ""
    return Outgoing(
        message_id=row.message_id,
        invitation_id=row.invitation_id,
        key=row.provider_key,
        phone_sealed=row.phone_sealed,
        text=dialogue.words_of(row.kind).in_language(language),
        language=language,
        has_link=row.kind == dialogue.first_item,
        places={"brand": name, "hall": hall},
        tries=row.tries,
    )


def ready_text(message: Outgoing, link: str) -> str:
    """Return the words of a message as they are sent."""
    address = link if message.has_link else ""
    return filled(message.text, message.language, message.places, address)


def _pause(tries: int) -> timedelta:
    return timedelta(minutes=2**tries)


def _close(
    session: Session,
    row: Any,  # noqa: ANN401 (one of _details)
    dialogue: Dialogue,
    now: datetime,
    *,
    refusal: str,
    provider_id: str = "",
) -> str:
    """End a message, and with the first one its invitation; return what to count."""
    _change(
        session,
        row.message_id,
        due_at=None,
        happened_at=now,
        outcome=refusal or SENT,
        provider_id=provider_id or None,
    )
    if row.kind != dialogue.first_item:
        return "message.failed" if refusal else "message.sent"
    facts: dict[str, Any] = {"state": InvitationState.FAILED.value, "reason": refusal}
    if refusal:
        _give_back(session, row.customer_id)
    else:
        facts = {
            "state": InvitationState.SENT.value,
            "sent_at": now,
            "expires_at": now + dialogue.rules.reply_window,
            "asked_item": dialogue.first_item,
        }
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.invitation_id == row.invitation_id)
        .values(**facts)
        .execution_options(synchronize_session=False)
    )
    return "invitation.failed" if refusal else "invitation.sent"


def _give_back(session: Session, customer_id: UUID) -> None:
    """Let a customer whom nothing reached be invited about the next transaction."""
    last = (
        select(func.max(InvitationRow.sent_at))
        .where(InvitationRow.customer_id == customer_id)
        .scalar_subquery()
    )
    session.execute(
        update(CustomerRow)
        .where(CustomerRow.customer_id == customer_id)
        .values(last_invited_at=last)
        .execution_options(synchronize_session=False)
    )


def _change(session: Session, message_id: UUID, **facts: Any) -> None:  # noqa: ANN401
    session.execute(
        update(MessageRow)
        .where(MessageRow.message_id == message_id)
        .values(**facts)
        .execution_options(synchronize_session=False)
    )
