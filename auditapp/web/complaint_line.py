"""Parts of a complaint's page: its line with deadlines, and what comes next."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import current_app, request

from auditapp.domain.actor import Actor, Role
from auditapp.domain.complaint import CATEGORIES, ComplaintState
from auditapp.domain.complaint_line import (
    ComplaintStep,
    Escalation,
    answer_until,
    contact_until,
    stages_of,
)
from auditapp.reads.complaint_steps import ComplaintHistory
from auditapp.reads.complaints import Complaint
from auditapp.services.complaint_steps import may_answer
from auditapp.web.frame import role_name
from auditapp.web.texts import text as _


def line_parts(
    actor: Actor, complaint: Complaint, history: ComplaintHistory, now: datetime
) -> dict[str, Any]:
    """Return the line of a complaint and the forms that a person may use."""
    until = {
        ComplaintStep.CONTACTED: contact_deadline(complaint),
        ComplaintStep.ANSWERED: answer_until(
            complaint.created_at, complaint.promise_at
        ),
    }
    is_owner = may_answer(actor, complaint.owner, complaint.hall_id)
    is_closed = complaint.state is ComplaintState.CLOSED
    return {
        "stages": stages_of(history.steps, until, now),
        "ups": [s for s in history.steps if s.step is ComplaintStep.ESCALATED],
        "obstacle": history.obstacle,
        "is_closed": is_closed,
        "may_move": is_owner and complaint.state is ComplaintState.OPEN,
        "may_learn": is_owner and is_closed,
        "kinds": list(CATEGORIES),
        "step_name": step_name,
        "who": who,
        "why_up": why_up,
    }


def contact_deadline(complaint: Complaint) -> datetime:
    """Return until when the customer is to be spoken to."""
    calendar = current_app.extensions["work_calendar"]
    return contact_until(
        complaint.created_at, calendar.is_working, is_severe=complaint.is_severe
    )


def is_uncontacted(complaint: Complaint) -> bool:
    """Tell whether a customer who waits was not spoken to in time."""
    is_open = complaint.state is ComplaintState.OPEN and complaint.may_contact
    if not is_open or complaint.is_contacted:
        return False
    return contact_deadline(complaint) < datetime.now(UTC)


def obstacle_from_request() -> UUID | None:
    """Read which obstacle is behind a complaint; none when nothing is chosen."""
    try:
        return UUID(request.form.get("obstacle", ""))
    except ValueError:
        return None


def step_name(step: ComplaintStep) -> str:
    """Say what happened to a complaint."""
    return {
        ComplaintStep.RECEIVED: _("Received"),
        ComplaintStep.CLASSIFIED: _("Classified"),
        ComplaintStep.CONTACTED: _("Customer contacted"),
        ComplaintStep.INVESTIGATED: _("Investigated"),
        ComplaintStep.ANSWERED: _("Answer"),
        ComplaintStep.CALLED_BACK: _("Called back"),
        ComplaintStep.LEARNED: _("Learned"),
        ComplaintStep.REOPENED: _("Opened again"),
        ComplaintStep.ESCALATED: _("Gone up"),
    }[step]


def who(role: str | None) -> str:
    """Say who did it, by role; nobody is named."""
    return next((role_name(each) for each in Role if each.value == role), "")


def why_up(words: str) -> str:
    """Say why a complaint went up."""
    names = {
        Escalation.REPEAT.value: _("the same customer complains again"),
        Escalation.REGULATOR.value: _("goes to the regulator or the press"),
        Escalation.SAFETY.value: _("somebody's safety or data"),
        Escalation.GROUP.value: _("several customers"),
    }
    return _(", ").join(names.get(word, word) for word in words.split())
