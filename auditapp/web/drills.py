"""“Practised on”: a hall ticks the drill for its weakest ability."""

from datetime import UTC, date, datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.extensions import unit_of_work
from auditapp.gateways.drill_files import load_drills
from auditapp.services.drills import note_practice
from auditapp.web.errors import fault_of
from auditapp.web.frame import in_language
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _

bp = Blueprint("drills", __name__)


@bp.post("/halls/<hall_id>/months/<month>/practice")
@requires(Role.HALL_MANAGER)
def practise(hall_id: str, month: str) -> ResponseReturnValue:
    """Note the day on which the own hall practised."""
    actor = current_actor()
    if hall_id != actor.hall_id:
        raise NotFoundError
    try:
        day = date.fromisoformat(request.form.get("practised_on", ""))
    except ValueError:
        day = None
    try:
        with unit_of_work() as database:
            note_practice(
                database,
                actor,
                request.form.get("skill", ""),
                day,
                known=load_drills().keys(),
                now=datetime.now(UTC),
            )
    except InvalidError as error:
        flash(in_language(fault_of(error)))
    else:
        flash(_("Kept. The months to come show whether it helped."))
    address = url_for("hall_months.show", hall_id=hall_id, month=month)
    return redirect(f"{address}#practise", 303)
