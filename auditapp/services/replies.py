"""Taking in what customers text back: each reply once, whatever it says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.domain.replies import Conversation, ReplyKind, Turn, is_stop, take_turn
from auditapp.domain.reply_batch import NewReply
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.services.conversations import Heard, Held, hold_invitations, settle
from auditapp.services.feedback_counts import count_up
from auditapp.services.outbox import queue_messages, request_sending
from auditapp.services.stop_list import stop_customers, stop_strangers
from auditapp.store.contention import table_of
from auditapp.store.customers import CustomerRow
from auditapp.store.messages import InvitationRow, MessageRow

MESSAGES: Table = table_of(MessageRow)
STOPS_OF_STRANGERS = frozenset({"TD", "退订", "R"})


@dataclass(slots=True)
class _Customer:
    """Somebody who replied, and how far the latest conversation has come."""

    customer_id: UUID
    invitation: Held | None = None
    heard: Heard | None = None
    has_stopped: bool = False


def take_replies(
    session: Session, vault: PhoneVault, batch: Sequence[NewReply], *, now: datetime
) -> Counter[str]:
    """Take replies in, in the order customers sent them; return counts by kind."""
    known = _known_keys(session, {each.key for each in batch})
    fresh = {each.key: each for each in batch if each.key not in known}
    hashes = {key: vault.hash_of(each.number) for key, each in fresh.items()}
    customers = _customers(session, set(hashes.values()))
    told = [
        (each, customer, _hear(customer, each, now))
        for each in sorted(fresh.values(), key=lambda reply: reply.received_at)
        for customer in [customers.get(hashes[each.key])]
    ]
    counts = Counter(turn.kind.value for _reply, _customer, turn in told)
    counts[ReplyKind.REPEATED.value] += len(batch) - len(fresh)
    strangers = {
        hashes[reply.key]
        for reply, customer, turn in told
        if turn.kind is ReplyKind.STOP and customer is None
    }
    follow_ups = [
        (customer.invitation.invitation_id, turn.send)
        for _reply, customer, turn in told
        if turn.send and customer and customer.invitation
    ]
    settle(session, [c.heard for c in customers.values() if c.heard], now=now)
    stopped = [c.customer_id for c in customers.values() if c.has_stopped]
    stop_customers(session, stopped, now=now)
    stop_strangers(session, strangers, now=now)
    _insert_messages(session, [_message(*each) for each in told])
    if follow_ups:
        queue_messages(session, follow_ups, now=now)
        request_sending(session, now=now)
    count_up(session, {f"reply.{kind}": n for kind, n in counts.items()}, now=now)
    return counts


def _known_keys(session: Session, keys: set[str]) -> set[str]:
    return set(
        session.scalars(
            select(MessageRow.provider_key).where(
                MessageRow.provider_key.in_(sorted(keys))
            )
        )
    )


def _customers(session: Session, hashes: set[str]) -> dict[str, _Customer]:
    rows = session.execute(
        select(CustomerRow.phone_hash, CustomerRow.customer_id).where(
            CustomerRow.phone_hash.in_(sorted(hashes))
        )
    )
    found = {row.phone_hash: _Customer(row.customer_id) for row in rows}
    by_id = {customer.customer_id: customer for customer in found.values()}
    for held in hold_invitations(session, InvitationRow.customer_id.in_(list(by_id))):
        by_id[held.customer_id].invitation = held  # the latest stays
    return found


def _hear(customer: _Customer | None, reply: NewReply, now: datetime) -> Turn:
    """Return what a reply means, and remember how far its customer has come."""
    if customer is None or customer.invitation is None:
        is_wish = is_stop(reply.text, STOPS_OF_STRANGERS)
        if is_wish and customer is not None:
            customer.has_stopped = True
        return Turn(ReplyKind.STOP if is_wish else ReplyKind.UNKNOWN, {}, None)
    invitation, before = customer.invitation, customer.heard
    conversation = Conversation(
        dialogue=invitation.dialogue,
        answers=before.answers if before else invitation.answers,
        asked_item=before.asked_item if before else invitation.asked_item,
        expires_at=invitation.expires_at,
    )
    turn = take_turn(conversation, reply.text, min(reply.received_at, now))
    customer.has_stopped |= turn.kind is ReplyKind.STOP
    customer.heard = Heard(
        invitation=invitation,
        origin="text",
        answers=turn.answers,
        asked_item=turn.asked_item,
        wants_call=turn.wants_call or bool(before and before.wants_call),
        has_stopped=customer.has_stopped,
    )
    return turn


def _message(reply: NewReply, customer: _Customer | None, turn: Turn) -> dict[str, Any]:
    invitation = customer.invitation if customer else None
    return {
        "message_id": uuid4(),
        "invitation_id": invitation.invitation_id if invitation else None,
        "direction": "in",
        "kind": turn.kind.value,
        "provider_key": reply.key,
        "happened_at": reply.received_at,
        "tries": 0,
    }


def _insert_messages(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        statement = _insert_into(session, MESSAGES)
        session.connection().execute(statement.on_conflict_do_nothing(), rows)


def _insert_into(session: Session, table: Table) -> Any:  # noqa: ANN401 (one of two kinds)
    kind = sqlite if session.connection().dialect.name == "sqlite" else postgresql
    return kind.insert(table)
