"""Problems that customers told: passed on, answered, checked with the customer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.callback import HOLD, NotNowError
from auditapp.domain.complaint import (
    CheckOutcome,
    ComplaintState,
    NoCauseError,
    NotDueError,
    after_check,
    after_reply,
    promise_at,
)
from auditapp.domain.complaint_line import ComplaintStep
from auditapp.domain.errors import ForbiddenError, NotFoundError
from auditapp.domain.month import month_of
from auditapp.domain.phone_number import without_numbers
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.reads.scope import complaints_open_to
from auditapp.services.call_scripts import get_script_in_force
from auditapp.services.callbacks import hold_call
from auditapp.services.complaint_steps import (
    HALL,
    LONGEST_WORDS,
    add_step,
    escalate_if_grave,
    may_answer,
)
from auditapp.services.customers import reveal_number
from auditapp.services.events import record_event
from auditapp.store.calls import ComplaintRow
from auditapp.store.customers import CustomerRow
from auditapp.store.organisation import DepartmentRow


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer told in a call and what was promised."""

    category: str
    cause: str | None
    owner: str
    words: str
    promise_days: int
    is_severe: bool = False
    may_contact: bool = True


def record_complaint(
    session: Session, actor: Actor, callback_id: UUID, told: Told, now: datetime
) -> UUID:
    """Pass a problem on to its owner; told again in the same call it is corrected.

    Raises:
        NotInCallError, NotFoundError: It is not this agent's call, or no such owner.
    """
    callback = hold_call(session, actor, callback_id, now)
    if told.owner != HALL and session.get(DepartmentRow, told.owner) is None:
        raise NotFoundError
    complaint = session.scalar(
        select(ComplaintRow).where(ComplaintRow.callback_id == callback_id)
    )
    if complaint is None:
        complaint = ComplaintRow(
            source="callback",
            callback_id=callback_id,
            hall_id=callback.hall_id,
            customer_id=callback.customer_id,
            state=ComplaintState.OPEN.value,
            created_by=actor.person_id,
            created_at=now,
        )
        session.add(complaint)
    complaint.category, complaint.cause = told.category, told.cause
    complaint.owner, complaint.is_severe = told.owner, told.is_severe
    complaint.words = without_numbers(told.words.strip())[:LONGEST_WORDS]
    complaint.may_contact = told.may_contact
    complaint.promise_at = promise_at(told.promise_days, now)
    session.flush()
    add_step(session, complaint, ComplaintStep.CLASSIFIED, actor, now)
    escalate_if_grave(session, complaint, actor, now)
    _log(session, "recorded", complaint, actor, now, is_severe=complaint.is_severe)
    return complaint.complaint_id


def answer_complaint(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    reply: str,
    cause: str | None,
    now: datetime,
) -> None:
    """Write what was done; the customer is asked before it is closed.

    Raises:
        NoCauseError: No cause was chosen, now or before.
        ForbiddenError: Another answers for it.
        NotDueError: It was answered already.
        NotFoundError: There is none for this person.
    """
    complaint = _held(session, actor, complaint_id)
    if not may_answer(actor, complaint.owner, complaint.hall_id):
        raise ForbiddenError
    if complaint.state != ComplaintState.OPEN.value:
        raise NotDueError
    complaint.cause = cause or complaint.cause
    if complaint.cause is None:
        raise NoCauseError
    complaint.reply = without_numbers(reply.strip())[:LONGEST_WORDS]
    complaint.replied_at = now
    can_be_asked = complaint.may_contact and _has_number(session, complaint)
    state, outcome = after_reply(can_be_asked=can_be_asked)
    _move(complaint, state, outcome, now)
    add_step(session, complaint, ComplaintStep.ANSWERED, actor, now)
    _log(session, "answered", complaint, actor, now)


def reveal_for_check(
    session: Session,
    vault: PhoneVault,
    actor: Actor,
    complaint_id: UUID,
    now: datetime,
) -> str:
    """Return the number for asking the customer, and let no colleague ask meanwhile.

    Raises:
        NotDueError: It is not answered, or a colleague is asking.
        NotNowError: It is too early or too late in the day.
        NotFoundError: There is none, or the number was erased.
    """
    complaint = _hold_for_check(session, actor, complaint_id, now)
    if not get_script_in_force(session, month_of(now)).rules.is_open(now):
        raise NotNowError
    if complaint.customer_id is None:
        raise NotFoundError
    purpose = f"promise check {complaint_id}"
    return reveal_number(
        session, vault, actor, complaint.customer_id, purpose=purpose, now=now
    )


def close_check(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    outcome: CheckOutcome,
    promise_days: int,
    now: datetime,
) -> ComplaintState:
    """Write what the customer said: solved, not solved (a new promise), not reached.

    Raises:
        NotDueError: It is not answered, or a colleague is asking.
        NotFoundError: There is none for this person.
    """
    complaint = _hold_for_check(session, actor, complaint_id, now)
    state, closing = after_check(outcome, complaint.checks)
    complaint.checks += 1
    complaint.checked_at, complaint.held_until = now, None
    add_step(session, complaint, ComplaintStep.CALLED_BACK, actor, now)
    if state is ComplaintState.OPEN:  # the owner is to move again
        complaint.checks = 0
        complaint.promise_at = promise_at(promise_days, now)
        add_step(session, complaint, ComplaintStep.REOPENED, actor, now)
    _move(complaint, state, closing, now)
    _log(session, "checked", complaint, actor, now, outcome=outcome.value)
    return state


def _held(session: Session, actor: Actor, complaint_id: UUID) -> ComplaintRow:
    complaint = session.scalar(
        select(ComplaintRow)
        .where(ComplaintRow.complaint_id == complaint_id, complaints_open_to(actor))
        .with_for_update()
    )
    if complaint is None:
        raise NotFoundError
    return complaint


def _hold_for_check(
    session: Session, actor: Actor, complaint_id: UUID, now: datetime
) -> ComplaintRow:
    complaint = session.scalar(
        select(ComplaintRow)
        .where(
            ComplaintRow.complaint_id == complaint_id,
            complaints_open_to(actor),
            ComplaintRow.state == ComplaintState.ANSWERED.value,
            or_(
                ComplaintRow.held_until.is_(None),
                ComplaintRow.held_until <= now,
                ComplaintRow.held_by == actor.person_id,
            ),
        )
        .with_for_update()
    )
    if complaint is None:
        _held(session, actor, complaint_id)  # NotFoundError when there is none
        raise NotDueError
    complaint.held_by, complaint.held_until = actor.person_id, now + HOLD
    return complaint


def _move(
    complaint: ComplaintRow,
    state: ComplaintState,
    outcome: CheckOutcome | None,
    now: datetime,
) -> None:
    complaint.state = state.value
    complaint.outcome = outcome.value if outcome else complaint.outcome
    complaint.closed_at = now if state is ComplaintState.CLOSED else None


def _has_number(session: Session, complaint: ComplaintRow) -> bool:
    sealed = session.scalar(
        select(CustomerRow.phone_sealed).where(
            CustomerRow.customer_id == complaint.customer_id
        )
    )
    return sealed is not None


def _log(
    session: Session,
    what: str,
    complaint: ComplaintRow,
    actor: Actor,
    now: datetime,
    **details: object,
) -> None:
    session.flush()
    record_event(
        session,
        f"complaint.{what}",
        complaint.complaint_id,
        now=now,
        actor_id=actor.person_id,
        state=complaint.state,
        category=complaint.category,
        owner=complaint.owner,
        **details,
    )
