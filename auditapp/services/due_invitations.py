"""Invitations whose time has come: checked once more, then queued to be sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from auditapp.domain.invitation import InvitationState, NotInvited
from auditapp.services.dialogues import get_dialogue
from auditapp.services.feedback_counts import count_up
from auditapp.services.invitations import reason_against
from auditapp.services.outbox import queue_messages
from auditapp.store.customers import CustomerRow, TransactionRow
from auditapp.store.messages import InvitationRow

MOST_AT_ONCE = 200


def queue_due_invitations(session: Session, *, now: datetime) -> int:
    """Let due invitations go out, each checked against the rules at this moment.

    Returns how many were looked at; 0 means that nothing is due.
    """
    due = session.execute(
        select(InvitationRow, TransactionRow.finished_at)
        .join(
            TransactionRow,
            TransactionRow.transaction_id == InvitationRow.transaction_id,
        )
        .where(
            InvitationRow.state == InvitationState.WAITING.value,
            InvitationRow.send_at <= now,
        )
        .order_by(InvitationRow.send_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(of=InvitationRow, skip_locked=True)
    ).all()
    verdicts: dict[UUID, NotInvited | datetime] = {}
    wanted: dict[UUID, InvitationRow] = {}  # one for a customer
    for row, finished_at in due:
        rules = get_dialogue(session, row.checklist_version).rules
        send_at = rules.send_at(finished_at, now)
        if send_at is None:
            verdicts[row.invitation_id] = NotInvited.TOO_LATE
        elif send_at > now:
            verdicts[row.invitation_id] = send_at
        elif row.customer_id in wanted:
            verdicts[row.invitation_id] = NotInvited.RESTING
        else:
            wanted[row.customer_id] = row
    verdicts |= _claim_customers(session, wanted, now)
    _write_verdicts(session, [row for row, _at in due], verdicts, now)
    return len(due)


def _claim_customers(
    session: Session, wanted: Mapping[UUID, InvitationRow], now: datetime
) -> dict[UUID, NotInvited | datetime]:
    """Mark customers as invited now, unless a rule stands against it by now."""
    if not wanted:
        return {}
    rows = session.execute(
        select(
            CustomerRow.customer_id,
            CustomerRow.stopped_at,
            CustomerRow.phone_sealed.is_(None).label("is_erased"),
            CustomerRow.last_invited_at,
        )
        .where(CustomerRow.customer_id.in_(list(wanted)))
        .order_by(CustomerRow.customer_id)
        .with_for_update()
    ).all()
    verdicts: dict[UUID, NotInvited | datetime] = {}
    claimed = []
    for row in rows:
        invitation = wanted[row.customer_id]
        against = reason_against(
            get_dialogue(session, invitation.checklist_version).rules,
            has_stopped=row.stopped_at is not None,
            is_erased=bool(row.is_erased),
            last_invited_at=row.last_invited_at,
            now=now,
        )
        if against:
            verdicts[invitation.invitation_id] = against
        else:
            claimed.append(row.customer_id)
    session.execute(
        update(CustomerRow)
        .where(CustomerRow.customer_id.in_(claimed))
        .values(last_invited_at=now)
        .execution_options(synchronize_session=False)
    )
    return verdicts


def _write_verdicts(
    session: Session,
    due: Sequence[InvitationRow],
    verdicts: Mapping[UUID, NotInvited | datetime],
    now: datetime,
) -> None:
    counts = Counter[str]()
    queued = []
    for row in due:
        verdict = verdicts.get(row.invitation_id)
        if isinstance(verdict, datetime):
            row.send_at = verdict
        elif verdict:
            row.state, row.reason = InvitationState.NOT_SENT.value, verdict.value
            counts[f"invitation.{verdict.value}"] += 1
        else:
            row.state = InvitationState.QUEUED.value
            first = get_dialogue(session, row.checklist_version).first_item
            queued.append((row.invitation_id, first))
    session.flush()
    queue_messages(session, queued, now=now)
    count_up(session, counts, now=now)
