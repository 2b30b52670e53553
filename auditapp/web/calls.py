"""The callback agent's screen: one call at a time, by number keys alone."""

from datetime import UTC, datetime
from typing import Any
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
from auditapp.domain.callback import CallbackState, CallOutcome, NotNowError
from auditapp.domain.complaint import CATEGORIES
from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.domain.phone_number import dialled
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.reads.calls import Call, get_call, get_queue
from auditapp.reads.complaints import list_departments
from auditapp.reads.words import find_words
from auditapp.services import callback_endings, callbacks, complaints
from auditapp.services.call_scripts import get_script
from auditapp.web import call_page
from auditapp.web.call_words import callback_state_name, category_name
from auditapp.web.complaint_forms import ProblemForm
from auditapp.web.security import current_actor, requires

bp = Blueprint("calls", __name__, url_prefix="/calls")

UNPROCESSABLE = 422


@bp.get("")
@requires(Role.CALLBACK_AGENT)
def index() -> str:
    """Show the one big button, and what became of the call before."""
    actor, now = current_actor(), datetime.now(UTC)
    with reading() as database:
        queue = get_queue(database, actor, now)
        before = find_ended(database, request.args.get("done", ""))
        refusal = None
        if before and before.state is CallbackState.REFUSED:
            refusal = get_script(database, before.checklist_version).refusal
    return render_template(
        "calls/index.html",
        queue=queue,
        before=before,
        refusal=refusal,
        state_name=callback_state_name,
    )


def find_ended(database: Any, callback_id: str) -> Call | None:  # noqa: ANN401 (a session)
    """Return the agent's own call that has just ended; a damaged id is none."""
    try:
        call = get_call(database, vault(), current_actor(), UUID(callback_id))
    except (ValueError, NotFoundError):
        return None
    return None if call.state is CallbackState.IN_CALL else call


@bp.post("/next")
@requires(Role.CALLBACK_AGENT)
def take_next() -> ResponseReturnValue:
    """Take the most urgent call, or go on with the one in hand."""
    try:
        with unit_of_work() as database:
            now = datetime.now(UTC)
            callback_id = callbacks.next_call(database, current_actor(), now=now)
    except NotNowError:
        flash(_("Customers are called from 9:30 to 20:00. Nothing is lost till then."))
        return redirect(url_for("calls.index"), 303)
    if callback_id is None:
        flash(_("There is nobody to call just now."))
        return redirect(url_for("calls.index"), 303)
    return redirect(url_for("calls.show", callback_id=callback_id), 303)


@bp.get("/<uuid:callback_id>")
@requires(Role.CALLBACK_AGENT)
def show(callback_id: UUID) -> ResponseReturnValue:
    """Show where the call is; reloading the page loses nothing."""
    return page(callback_id)


def page(
    callback_id: UUID,
    *,
    at: str | None = None,
    number: str | None = None,
    fault: Text | None = None,
    form: ProblemForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render one step of a call; the whole number only when it is to be dialled."""
    actor = current_actor()
    with reading() as database:
        call = get_call(database, vault(), actor, callback_id)
        if call.state is not CallbackState.IN_CALL:
            return redirect(url_for("calls.index", done=callback_id), 303)
        script = get_script(database, call.checklist_version)
        departments = list_departments(database)
        words = find_words(database)
    step = call_page.step_of(script, call, at or request.args.get("at", ""))
    has_alert = call_page.has_alert(script, call)
    if step.at == call_page.PROBLEM:
        form = form or ProblemForm(formdata=None)
        form.offer(departments)
        form.propose(is_severe=has_alert, may_contact=may_contact(call))
    body = render_template(
        "calls/show.html",
        call=call,
        step=step,
        number=number,
        fault=fault,
        form=form,
        has_alert=has_alert,
        is_unhappy=call_page.is_unhappy(script, call),
        first=call_page.first_item(script),
        opening=call_page.opening_of(script, call, actor),
        closing=call_page.closing_of(script, call),
        scenarios=words.scenarios if words else {},
        kinds=list(CATEGORIES.values()),
        category_name=category_name,
    )
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def may_contact(call: Call) -> bool:
    """Tell what the customer said about being contacted; yes unless no."""
    return bool(call.answers.get(callback_endings.CONTACT_QUESTION) != "no")


@bp.post("/<uuid:callback_id>/number")
@requires(Role.CALLBACK_AGENT)
def reveal(callback_id: UUID) -> ResponseReturnValue:
    """Show the number to dial, in this answer only; who saw it is written down."""
    with unit_of_work() as database:
        number = callbacks.reveal_for_call(
            database, vault(), current_actor(), callback_id, datetime.now(UTC)
        )
    return page(callback_id, at=request.form.get("at"), number=dialled(number))


@bp.post("/<uuid:callback_id>/answers/<item_id>")
@requires(Role.CALLBACK_AGENT)
def answer(callback_id: UUID, item_id: str) -> ResponseReturnValue:
    """Keep one answer and go on to the next question."""
    raw = request.form.get("value", "")
    try:
        with unit_of_work() as database:
            callbacks.save_answer(
                database, current_actor(), callback_id, item_id, raw, datetime.now(UTC)
            )
    except InvalidError as error:
        fault = error.problems[0].text
        return page(callback_id, at=item_id, fault=fault, status=UNPROCESSABLE)
    return redirect(url_for("calls.show", callback_id=callback_id), 303)


@bp.post("/<uuid:callback_id>/note")
@requires(Role.CALLBACK_AGENT)
def note(callback_id: UUID) -> ResponseReturnValue:
    """Keep a note for the next try."""
    with unit_of_work() as database:
        text = request.form.get("note", "")
        now = datetime.now(UTC)
        callbacks.save_note(database, current_actor(), callback_id, text, now)
    return back(callback_id)


@bp.post("/<uuid:callback_id>/problem")
@requires(Role.CALLBACK_AGENT)
def problem(callback_id: UUID) -> ResponseReturnValue:
    """Pass a problem on to its owner, and go on to the closing words."""
    form = ProblemForm()
    with reading() as database:
        departments = list_departments(database)
    form.offer(departments)
    if not form.validate():
        return page(callback_id, at=call_page.PROBLEM, form=form, status=UNPROCESSABLE)
    with unit_of_work() as database:
        complaints.record_complaint(
            database, current_actor(), callback_id, form.told(), datetime.now(UTC)
        )
    address = url_for("calls.show", callback_id=callback_id, at=call_page.END)
    return redirect(address, 303)


@bp.post("/<uuid:callback_id>/finish")
@requires(Role.CALLBACK_AGENT)
def finish(callback_id: UUID) -> ResponseReturnValue:
    """Take the answers into the hall's month."""
    try:
        with unit_of_work() as database:
            now = datetime.now(UTC)
            callback_endings.finish_call(database, current_actor(), callback_id, now)
    except InvalidError as error:
        fault = error.problems[0].text
        return page(callback_id, at=call_page.END, fault=fault, status=UNPROCESSABLE)
    return ended(callback_id)


@bp.post("/<uuid:callback_id>/outcome")
@requires(Role.CALLBACK_AGENT)
def outcome(callback_id: UUID) -> ResponseReturnValue:
    """End a call that is not completed: refused, not reached, put back."""
    names = {each.value: each for each in CallOutcome}
    chosen = names.get(request.form.get("outcome", ""))
    if chosen in (None, CallOutcome.COMPLETED):
        return back(callback_id)
    with unit_of_work() as database:
        callbacks.end_call(
            database, current_actor(), callback_id, chosen, datetime.now(UTC)
        )
    return ended(callback_id)


@bp.post("/<uuid:callback_id>/undo")
@requires(Role.CALLBACK_AGENT)
def undo(callback_id: UUID) -> ResponseReturnValue:
    """Take an ending back and go on with the call."""
    with unit_of_work() as database:
        now = datetime.now(UTC)
        callback_endings.undo_ending(database, current_actor(), callback_id, now)
    return redirect(url_for("calls.show", callback_id=callback_id), 303)


def back(callback_id: UUID) -> ResponseReturnValue:
    """Return to the step the page showed."""
    at = request.form.get("at") or None
    return redirect(url_for("calls.show", callback_id=callback_id, at=at), 303)


def ended(callback_id: UUID) -> ResponseReturnValue:
    """Return to the big button."""
    return redirect(url_for("calls.index", done=callback_id), 303)


def vault() -> PhoneVault:
    """Return the one that opens numbers."""
    opener: PhoneVault = current_app.extensions["phone_vault"]
    return opener
