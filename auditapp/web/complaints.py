"""Complaints: the list, the owner's answer, and asking the customer before closing."""

from datetime import UTC, datetime
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from auditapp.domain.actor import Role
from auditapp.domain.complaint import (
    PROMISES,
    USUAL_PROMISE,
    CheckOutcome,
    ComplaintState,
    NoCauseError,
)
from auditapp.domain.phone_number import dialled
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.reads.complaints import get_complaint, list_complaints
from auditapp.services import complaints
from auditapp.web import call_words
from auditapp.web.complaint_forms import ReplyForm
from auditapp.web.errors import status_of
from auditapp.web.frame import in_language
from auditapp.web.security import current_actor, requires

bp = Blueprint("complaints", __name__, url_prefix="/complaints")

READERS = (
    Role.ADMIN,
    Role.HEADQUARTERS,
    Role.REGION_MANAGER,
    Role.DEPARTMENT,
    Role.HALL_MANAGER,
    Role.CALLBACK_AGENT,
)
ASKED = {
    each.value: each
    for each in (
        CheckOutcome.SOLVED,
        CheckOutcome.NOT_SOLVED,
        CheckOutcome.NOT_REACHED,
    )
}
UNPROCESSABLE = 422


@bp.get("")
@requires(*READERS)
def index() -> str:
    """List complaints in a person's scope, severe ones first."""
    states = {state.value: state for state in ComplaintState}
    state = states.get(request.args.get("state", ""))
    is_severe = request.args.get("severe") == "1"
    with reading() as database:
        found = list_complaints(
            database,
            current_actor(),
            state=state,
            now=datetime.now(UTC),
            severe_only=is_severe,
        )
    return render_template(
        "complaints/index.html",
        complaints=found,
        states=list(ComplaintState),
        state=state,
        is_severe=is_severe,
        is_check=False,
        say=call_words,
    )


@bp.get("/<uuid:complaint_id>")
@requires(*READERS)
def show(complaint_id: UUID) -> ResponseReturnValue:
    """Show one complaint to those in whose scope it is."""
    return page(complaint_id)


def page(
    complaint_id: UUID,
    *,
    form: ReplyForm | None = None,
    number: str | None = None,
    fault: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render one complaint; the whole number only when it is to be dialled."""
    actor, now = current_actor(), datetime.now(UTC)
    with reading() as database:
        complaint = get_complaint(database, vault(), actor, complaint_id, now)
    form = form or ReplyForm(formdata=None, cause=complaint.cause)
    is_open = complaint.state is ComplaintState.OPEN
    is_answered = complaint.state is ComplaintState.ANSWERED
    owner, hall_id = complaint.owner, complaint.hall_id
    body = render_template(
        "complaints/show.html",
        complaint=complaint,
        form=form,
        number=number,
        fault=fault,
        can_answer=is_open and complaints.may_answer(actor, owner, hall_id),
        can_check=is_answered and actor.role is Role.CALLBACK_AGENT,
        promises=PROMISES,
        usual_promise=USUAL_PROMISE,
        say=call_words,
    )
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<uuid:complaint_id>/reply")
@requires(Role.HEADQUARTERS, Role.DEPARTMENT, Role.HALL_MANAGER)
def reply(complaint_id: UUID) -> ResponseReturnValue:
    """Write what was done; the customer is asked before it is closed."""
    form = ReplyForm()
    if not form.validate():
        return page(complaint_id, form=form, status=UNPROCESSABLE)
    try:
        with unit_of_work() as database:
            complaints.answer_complaint(
                database,
                current_actor(),
                complaint_id,
                form.reply.data,
                form.cause.data or None,
                datetime.now(UTC),
            )
    except NoCauseError as error:
        fault = in_language(error.text)
        return page(complaint_id, form=form, fault=fault, status=status_of(error))
    flash(_("Kept. The customer is asked before it is closed."))
    return redirect(url_for("complaints.show", complaint_id=complaint_id), 303)


@bp.post("/<uuid:complaint_id>/number")
@requires(Role.CALLBACK_AGENT)
def reveal(complaint_id: UUID) -> ResponseReturnValue:
    """Show the number to dial, in this answer only; who saw it is written down."""
    with unit_of_work() as database:
        number = complaints.reveal_for_check(
            database, vault(), current_actor(), complaint_id, datetime.now(UTC)
        )
    return page(complaint_id, number=dialled(number))


@bp.post("/<uuid:complaint_id>/check")
@requires(Role.CALLBACK_AGENT)
def check(complaint_id: UUID) -> ResponseReturnValue:
    """Write what the customer said about it."""
    outcome = ASKED.get(request.form.get("outcome", ""))
    if outcome is None:
        return page(complaint_id, status=UNPROCESSABLE)
    days = request.form.get("days", "")
    promised = int(days) if days in map(str, PROMISES) else USUAL_PROMISE
    with unit_of_work() as database:
        state = complaints.close_check(
            database,
            current_actor(),
            complaint_id,
            outcome,
            promised,
            datetime.now(UTC),
        )
    told = {
        ComplaintState.CLOSED: _("Closed."),
        ComplaintState.OPEN: _("Open again, with a new promise to its owner."),
        ComplaintState.ANSWERED: _("Not reached; it comes back in three hours."),
    }
    flash(told[state])
    return redirect(url_for("promises.index"), 303)


def vault() -> PhoneVault:
    """Return the one that opens numbers."""
    opener: PhoneVault = current_app.extensions["phone_vault"]
    return opener
