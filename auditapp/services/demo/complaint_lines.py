"""How far the demonstration's complaints have come, step by step."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.complaint_line import ComplaintStep, Escalation
from auditapp.services.complaint_steps import HALL
from auditapp.store.calls import ComplaintRow, ComplaintStepRow
from auditapp.store.people import PersonRow

FOUND = "查了当天的受理单和客户说的一致。"
SPOKEN = "已联系客户，说明正在处理。"
LESSONS = {
    "service": "班前会讲了这个例子，先招呼再办手上的事。",
    "tariff": "合约要点卡放到台面上，办前逐条念给客户听。",
    "network": "网络部把这一带列入下月扩容，进度每周告诉营业厅。",
}
EVERY = 3  # one in so many closed complaints has a lesson written


def make_complaint_lines(session: Session) -> bool:
    """Write the steps of all complaints; tell whether it was to do."""
    if session.scalar(select(ComplaintStepRow.step_id).limit(1)) is not None:
        return False
    owners = _owners(session)
    rows = [
        {"step_id": uuid4(), "obstacle_id": None} | step
        for number, complaint in enumerate(
            session.scalars(select(ComplaintRow).order_by(ComplaintRow.created_at))
        )
        for step in _steps(complaint, owners, number)
    ]
    if rows:
        session.execute(insert(ComplaintStepRow), rows)
    return bool(rows)


def _owners(session: Session) -> dict[str, UUID]:
    """Return who answers, by hall or department."""
    people = session.scalars(
        select(PersonRow).where(
            PersonRow.role.in_([Role.HALL_MANAGER.value, Role.DEPARTMENT.value])
        )
    )
    return {
        person.hall_id or person.department_id or "": person.person_id
        for person in people
    }


def _steps(
    complaint: ComplaintRow,
    owners: dict[str, UUID],
    number: int,
) -> Iterator[dict[str, Any]]:
    owner = complaint.hall_id if complaint.owner == HALL else complaint.owner
    who, asker = owners.get(owner), complaint.created_by

    def step(
        kind: ComplaintStep, at: datetime, by: UUID | None, words: str = ""
    ) -> dict[str, Any]:
        return {
            "complaint_id": complaint.complaint_id,
            "step": kind.value,
            "done_by": by,
            "done_at": at,
            "words": words,
        }

    if asker is not None:
        yield step(ComplaintStep.CLASSIFIED, complaint.created_at, asker)
    if complaint.is_severe:
        reason = Escalation.SAFETY.value
        yield step(ComplaintStep.ESCALATED, complaint.created_at, asker, reason)
    if complaint.replied_at is not None:
        span = complaint.replied_at - complaint.created_at
        early, later = complaint.created_at + span / 4, complaint.created_at + span / 2
        if asker is None:  # came by text, so its owner filed it
            yield step(ComplaintStep.CLASSIFIED, early, who)
        yield step(ComplaintStep.CONTACTED, early, who, SPOKEN)
        yield step(ComplaintStep.INVESTIGATED, later, who, FOUND)
        yield step(ComplaintStep.ANSWERED, complaint.replied_at, who)
    if complaint.checked_at is not None:
        yield step(ComplaintStep.CALLED_BACK, complaint.checked_at, asker)
    lesson = LESSONS.get(complaint.category)
    if complaint.closed_at is not None and lesson and number % EVERY == 0:
        at = complaint.closed_at + timedelta(hours=1)
        yield step(ComplaintStep.LEARNED, at, who, lesson)
