"""Complaints in a person's scope: the list, one page, and the promises to check."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, exists, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.complaint import CHECK_AGAIN, ComplaintState, urgency
from auditapp.domain.complaint_line import ComplaintStep
from auditapp.domain.errors import NotFoundError
from auditapp.domain.phone_number import masked_name
from auditapp.domain.text import Text
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.reads.calls import masked_number
from auditapp.reads.scope import complaints_open_to
from auditapp.store.calls import ComplaintRow, ComplaintStepRow
from auditapp.store.customers import CustomerRow
from auditapp.store.organisation import DepartmentRow, HallRow

AnyRow = Row[*tuple[Any, ...]]
PAGE = 100
# who may know the masked customer and the words; a hall waits for them to be checked
KNOW_CUSTOMERS = frozenset({Role.CALLBACK_AGENT})
READ_WORDS = frozenset(
    {
        Role.ADMIN,
        Role.HEADQUARTERS,
        Role.REGION_MANAGER,
        Role.DEPARTMENT,
        Role.CALLBACK_AGENT,
    }
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint; ``words`` is None for those who may not read them yet.

    ``name`` and ``number`` are masked, and None for all but agents; ``owner`` is
    "hall" or a department's id, ``department`` its name.
    """

    complaint_id: UUID
    hall_id: str
    hall: Text
    category: str
    cause: str | None
    owner: str
    department: Text | None
    is_severe: bool
    may_contact: bool
    state: ComplaintState
    outcome: str | None
    urgency: str
    created_at: datetime
    promise_at: datetime
    reply: str | None
    replied_at: datetime | None
    checks: int
    words: str | None
    is_contacted: bool
    name: str | None = None
    number: str | None = None


def list_complaints(
    session: Session,
    actor: Actor,
    *,
    state: ComplaintState | None,
    now: datetime,
    severe_only: bool = False,
) -> list[Complaint]:
    """Return complaints in a person's scope: severe ones first, then by promise."""
    is_closed = ComplaintRow.state == ComplaintState.CLOSED.value
    statement = _COMPLAINTS.where(complaints_open_to(actor)).order_by(
        case((is_closed, 1), else_=0),
        case((ComplaintRow.is_severe, 0), else_=1),
        ComplaintRow.promise_at,
    )
    if state:
        statement = statement.where(ComplaintRow.state == state.value)
    if severe_only:
        statement = statement.where(ComplaintRow.is_severe)
    rows = session.execute(statement.limit(PAGE))
    return [_complaint(row, actor, now) for row in rows]


def list_checks(session: Session, actor: Actor, now: datetime) -> list[Complaint]:
    """Return answered complaints whose customers are to be asked now, oldest first."""
    rows = session.execute(
        _COMPLAINTS.where(
            complaints_open_to(actor),
            ComplaintRow.state == ComplaintState.ANSWERED.value,
            (ComplaintRow.checks == 0) | (ComplaintRow.checked_at <= now - CHECK_AGAIN),
        )
        .order_by(ComplaintRow.replied_at)
        .limit(PAGE)
    )
    return [_complaint(row, actor, now) for row in rows]


def get_complaint(
    session: Session, vault: PhoneVault, actor: Actor, complaint_id: UUID, now: datetime
) -> Complaint:
    """Return one complaint.

    Raises:
        NotFoundError: There is none for this person.
    """
    row = session.execute(
        _COMPLAINTS.where(
            ComplaintRow.complaint_id == complaint_id, complaints_open_to(actor)
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return _complaint(row, actor, now, vault)


def count_severe(session: Session, actor: Actor) -> int:
    """Count the severe complaints that wait for their owners."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ComplaintRow)
            .where(
                complaints_open_to(actor),
                ComplaintRow.is_severe,
                ComplaintRow.state == ComplaintState.OPEN.value,
            )
        )
        or 0
    )


def list_departments(session: Session) -> list[tuple[str, Text]]:
    """Return the departments that may own a complaint."""
    rows = session.scalars(select(DepartmentRow).order_by(DepartmentRow.department_id))
    return [(row.department_id, Text(row.name_zh, row.name_en)) for row in rows]


_COMPLAINTS: Select[*tuple[Any, ...]] = (
    select(
        ComplaintRow,
        HallRow.name_zh,
        HallRow.name_en,
        DepartmentRow.name_zh.label("department_zh"),
        DepartmentRow.name_en.label("department_en"),
        CustomerRow.surname,
        CustomerRow.phone_sealed,
        exists()
        .where(
            ComplaintStepRow.complaint_id == ComplaintRow.complaint_id,
            ComplaintStepRow.step == ComplaintStep.CONTACTED.value,
        )
        .label("is_contacted"),
    )
    .join(HallRow, HallRow.hall_id == ComplaintRow.hall_id)
    .outerjoin(DepartmentRow, DepartmentRow.department_id == ComplaintRow.owner)
    .outerjoin(CustomerRow, CustomerRow.customer_id == ComplaintRow.customer_id)
)


def _complaint(
    row: AnyRow, actor: Actor, now: datetime, vault: PhoneVault | None = None
) -> Complaint:
    complaint = row.ComplaintRow
    state = ComplaintState(complaint.state)
    knows = actor.role in KNOW_CUSTOMERS
    return Complaint(
        complaint_id=complaint.complaint_id,
        hall_id=complaint.hall_id,
        hall=Text(row.name_zh, row.name_en),
        category=complaint.category,
        cause=complaint.cause,
        owner=complaint.owner,
        department=Text(row.department_zh, row.department_en)
        if row.department_zh
        else None,
        is_severe=complaint.is_severe,
        may_contact=complaint.may_contact,
        state=state,
        outcome=complaint.outcome,
        urgency=urgency(state, complaint.promise_at, now),
        created_at=complaint.created_at,
        promise_at=complaint.promise_at,
        reply=complaint.reply,
        replied_at=complaint.replied_at,
        checks=complaint.checks,
        words=complaint.words if actor.role in READ_WORDS else None,
        is_contacted=bool(row.is_contacted),
        name=masked_name(row.surname or "") if knows else None,
        number=masked_number(vault, row.phone_sealed) if knows and vault else None,
    )
