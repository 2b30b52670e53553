"""Programs that are told what happened: receivers, their secrets, the log."""

from datetime import UTC, datetime
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import InvalidError
from auditapp.domain.outgoing_webhook import (
    FAULT_NAMES,
    LONGEST_NAME,
    LONGEST_URL,
    STATE_NAMES,
    TYPE_NAMES,
    DeliveryState,
    WebhookType,
)
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.webhooks import get_endpoint, list_deliveries, list_endpoints
from auditapp.services.webhooks import (
    EndpointText,
    Tools,
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    replace_secret,
    send_delivery_again,
    send_test,
    switch_endpoint,
)
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")

STATES = {state.value: state for state in DeliveryState}
NEW = EndpointText("", "", [each.value for each in WebhookType])


@bp.get("")
@requires(Role.ADMIN)
def index() -> str:
    """List the receivers."""
    with reading() as database:
        endpoints = list_endpoints(database)
    return render_template(
        "webhooks/index.html", endpoints=endpoints, states=DeliveryState
    )


@bp.get("/new")
@requires(Role.ADMIN)
def ask() -> str:
    """Offer the form of a new receiver."""
    return form_page(NEW)


@bp.post("/new")
@requires(Role.ADMIN)
def add() -> ResponseReturnValue:
    """Add a receiver and show its secret, this once."""
    written = _written()
    try:
        with unit_of_work() as database:
            endpoint_id, secret = add_endpoint(
                database, _tools(), current_actor(), written, datetime.now(UTC)
            )
    except InvalidError as error:
        return form_page(written, error), 422
    return show_page(endpoint_id, secret=secret)


@bp.get("/<uuid:endpoint_id>")
@requires(Role.ADMIN)
def show(endpoint_id: UUID) -> str:
    """Show a receiver and its log."""
    return show_page(endpoint_id)


def show_page(endpoint_id: UUID, *, secret: str | None = None) -> str:
    """Render a receiver; a secret that was just made stands there this once."""
    state = STATES.get(request.args.get("state", ""))
    with reading() as database:
        endpoint = get_endpoint(database, endpoint_id)
        deliveries = list_deliveries(database, endpoint_id, state)
    return render_template(
        "webhooks/show.html",
        endpoint=endpoint,
        deliveries=deliveries,
        secret=secret,
        state=state,
        types=TYPE_NAMES,
        states=STATE_NAMES,
        faults=FAULT_NAMES,
        now=datetime.now(UTC),
    )


@bp.get("/<uuid:endpoint_id>/change")
@requires(Role.ADMIN)
def write(endpoint_id: UUID) -> str:
    """Offer a receiver for changing."""
    with reading() as database:
        found = get_endpoint(database, endpoint_id)
    return form_page(EndpointText(found.name, found.url, found.types))


@bp.post("/<uuid:endpoint_id>/change")
@requires(Role.ADMIN)
def change(endpoint_id: UUID) -> ResponseReturnValue:
    """Change a receiver."""
    written = _written()
    try:
        with unit_of_work() as database:
            change_endpoint(
                database,
                _tools(),
                current_actor(),
                endpoint_id,
                written,
                now=datetime.now(UTC),
            )
    except InvalidError as error:
        return form_page(written, error), 422
    flash(_("Kept."))
    return redirect(url_for(".show", endpoint_id=endpoint_id), 303)


@bp.post("/<uuid:endpoint_id>/switch")
@requires(Role.ADMIN)
def switch(endpoint_id: UUID) -> ResponseReturnValue:
    """Pause a receiver, or tell it again."""
    is_active = request.form.get("active") == "yes"
    with unit_of_work() as database:
        switch_endpoint(
            database,
            current_actor(),
            endpoint_id,
            is_active=is_active,
            now=datetime.now(UTC),
        )
    flash(
        _("It is told again; what waited is sent now.")
        if is_active
        else _("Paused. What waits is kept.")
    )
    return redirect(url_for(".show", endpoint_id=endpoint_id), 303)


@bp.post("/<uuid:endpoint_id>/secret")
@requires(Role.ADMIN)
def renew(endpoint_id: UUID) -> str:
    """Replace the secret and show the new one, this once."""
    with unit_of_work() as database:
        secret = replace_secret(
            database,
            _tools().vault,
            current_actor(),
            endpoint_id,
            now=datetime.now(UTC),
        )
    return show_page(endpoint_id, secret=secret)


@bp.post("/<uuid:endpoint_id>/test")
@requires(Role.ADMIN)
def try_out(endpoint_id: UUID) -> ResponseReturnValue:
    """Send a message that says nothing."""
    with unit_of_work() as database:
        send_test(database, endpoint_id, now=datetime.now(UTC))
    flash(_("A test is on its way. Open the page again in a moment."))
    return redirect(url_for(".show", endpoint_id=endpoint_id), 303)


@bp.post("/<uuid:endpoint_id>/remove")
@requires(Role.ADMIN)
def remove(endpoint_id: UUID) -> ResponseReturnValue:
    """Remove a receiver and its log."""
    with unit_of_work() as database:
        remove_endpoint(database, current_actor(), endpoint_id, now=datetime.now(UTC))
    flash(_("Removed. Nothing is sent there any more."))
    return redirect(url_for(".index"), 303)


@bp.post("/deliveries/<uuid:delivery_id>/again")
@requires(Role.ADMIN)
def again(delivery_id: UUID) -> ResponseReturnValue:
    """Try one message again at once."""
    with unit_of_work() as database:
        endpoint_id = send_delivery_again(database, delivery_id, now=datetime.now(UTC))
    flash(_("It is tried again now."))
    return redirect(url_for(".show", endpoint_id=endpoint_id), 303)


def form_page(written: EndpointText, error: InvalidError | None = None) -> str:
    """Render the form with what was written and what stands against it."""
    problems = error.problems if error else ()
    return render_template(
        "webhooks/write.html",
        written=written,
        types=TYPE_NAMES,
        faults={each.pointer.strip("/"): each.text for each in problems},
        longest_name=LONGEST_NAME,
        longest_url=LONGEST_URL,
        is_new="endpoint_id" not in (request.view_args or {}),
    )


def _written() -> EndpointText:
    form = request.form
    return EndpointText(
        form.get("name", ""), form.get("url", ""), form.getlist("types")
    )


def _tools() -> Tools:
    parts = current_app.extensions
    return Tools(parts["address_vault"], parts["outward"])
