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
from auditapp.domain.complaint_line import ComplaintStep
from auditapp.domain.errors import ConflictError, DomainError, InvalidError
from auditapp.domain.phone_number import dialled
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.reads.complaint_steps import get_history, list_causes
from auditapp.reads.complaints import (
    get_complaint,
    list_complaints,
    list_departments,
)
from auditapp.services import complaint_steps, complaints
from auditapp.web import call_words
from auditapp.web.addresses import plain
from auditapp.web.complaint_forms import ReplyForm
from auditapp.web.complaint_line import (
    is_uncontacted,
    line_parts,
    obstacle_from_request,
)
from auditapp.web.errors import fault_of, status_of
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
        is_uncontacted=is_uncontacted,
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
        history = get_history(database, actor, complaint_id, now)
        causes = list_causes(database, actor, now)
        departments = list_departments(database)
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
        can_answer=is_open and complaint_steps.may_answer(actor, owner, hall_id),
        can_check=is_answered and actor.role is Role.CALLBACK_AGENT,
        promises=PROMISES,
        usual_promise=USUAL_PROMISE,
        say=call_words,
        written=request.form,
        causes=causes,
        departments=departments,
        **line_parts(actor, complaint, history, now),
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


@bp.post("/<uuid:complaint_id>/kind")
@requires(Role.HEADQUARTERS, Role.DEPARTMENT, Role.HALL_MANAGER)
def classify(complaint_id: UUID) -> ResponseReturnValue:
    """Say of which kind it is and whose."""
    category = request.form.get("category", "")
    owner = plain(request.form.get("owner")) or ""
    try:
        with unit_of_work() as database:
            complaint_steps.classify_complaint(
                database,
                current_actor(),
                complaint_id,
                category,
                owner,
                now=datetime.now(UTC),
            )
    except ConflictError as error:
        return page_with(complaint_id, error)
    flash(_("Filed. Its owner finds it."))
    return redirect(url_for("complaints.index"), 303)


@bp.post("/<uuid:complaint_id>/progress")
@requires(Role.HEADQUARTERS, Role.DEPARTMENT, Role.HALL_MANAGER)
def progress(complaint_id: UUID) -> ResponseReturnValue:
    """Note that the customer was spoken to, or what was found out."""
    is_contact = request.form.get("step") == ComplaintStep.CONTACTED.value
    step = ComplaintStep.CONTACTED if is_contact else ComplaintStep.INVESTIGATED
    try:
        with unit_of_work() as database:
            complaint_steps.note_progress(
                database,
                current_actor(),
                complaint_id,
                step,
                request.form.get("words") or "",
                now=datetime.now(UTC),
            )
    except (ConflictError, InvalidError) as error:
        return page_with(complaint_id, error)
    flash(_("Kept."))
    return redirect(url_for("complaints.show", complaint_id=complaint_id), 303)


@bp.post("/<uuid:complaint_id>/lesson")
@requires(Role.HEADQUARTERS, Role.DEPARTMENT, Role.HALL_MANAGER)
def learn(complaint_id: UUID) -> ResponseReturnValue:
    """Write what changed because of it."""
    try:
        with unit_of_work() as database:
            complaint_steps.note_learned(
                database,
                current_actor(),
                complaint_id,
                request.form.get("words") or "",
                obstacle_from_request(),
                now=datetime.now(UTC),
            )
    except (ConflictError, InvalidError) as error:
        return page_with(complaint_id, error)
    flash(_("Kept."))
    return redirect(url_for("complaints.show", complaint_id=complaint_id), 303)


def page_with(complaint_id: UUID, error: DomainError) -> ResponseReturnValue:
    """Render one complaint with what stands against what was sent."""
    fault = in_language(fault_of(error))
    return page(complaint_id, fault=fault, status=status_of(error))


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
