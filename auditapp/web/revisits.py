"""Sending somebody to a hall whose visit and customers contradict each other."""

from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, ValidationError

from auditapp.domain.errors import ConflictError, InvalidError
from auditapp.domain.month import HALL_TIME, first_day, last_day
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.brief_files import load_briefs
from auditapp.reads.hall_month import get_hall_month
from auditapp.reads.hall_month_parts import HallMonth
from auditapp.reads.revisits import RevisitChoices, get_revisit_choices
from auditapp.reads.words import find_words
from auditapp.services.month_revisits import PLANNERS, plan_revisit
from auditapp.services.visits import Assignment
from auditapp.web.addresses import plain
from auditapp.web.errors import status_of
from auditapp.web.frame import in_language
from auditapp.web.month_flags import marked_document, revisit_note
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _

bp = Blueprint("revisits", __name__, url_prefix="/halls/<hall_id>/months/<month>")

CHOOSE = lazy_gettext("Choose one.")


class RevisitForm(FlaskForm):
    """Who goes, with which business, until when."""

    auditor = SelectField(lazy_gettext("Auditor"), [InputRequired(CHOOSE)])
    scenario = SelectField(lazy_gettext("Business"), [InputRequired(CHOOSE)])
    due_on = DateField(
        lazy_gettext("Until"), [InputRequired(lazy_gettext("Choose a day."))]
    )
    month: str

    def validate_due_on(self, field: DateField) -> None:
        """The second visit belongs to the month of the first."""
        day = field.data
        if day is None or not first_day(self.month) <= day <= last_day(self.month):
            raise ValidationError(_("Choose a day within the month."))


@bp.route("/revisit", methods=["GET", "POST"])
@requires(*PLANNERS)
def plan(hall_id: str, month: str) -> ResponseReturnValue:
    """Show the form, or send the auditor."""
    actor = current_actor()
    with reading() as database:
        found = get_hall_month(database, actor, plain(hall_id) or "", month)
        choices = get_revisit_choices(
            database, found.hall_id, found.region_id, found.month
        )
        words = find_words(database)
    scenarios = {
        key: in_language(word.name)
        for key, word in (words.scenarios if words else {}).items()
    }
    form = form_of(found, choices, scenarios)
    if not form.validate_on_submit():
        return page(found, form), 422 if form.is_submitted() else 200
    wanted = Assignment(
        hall_id=found.hall_id,
        auditor_login=choices.auditors[form.auditor.data],
        month=found.month,
        scenario=form.scenario.data,
        due_on=form.due_on.data,
    )
    try:
        with unit_of_work() as database:
            plan_revisit(database, actor, wanted, load_briefs(), now=datetime.now(UTC))
    except (InvalidError, ConflictError) as error:
        told = error.problems[0].text if isinstance(error, InvalidError) else error.text
        return page(found, form, told), status_of(error)
    flash(_("The second visit is planned."))
    address = url_for("hall_months.show", hall_id=found.hall_id, month=found.month)
    return redirect(address, 303)


def form_of(
    found: HallMonth, choices: RevisitChoices, scenarios: dict[str, str]
) -> RevisitForm:
    """Return the form with its choices, filled with what speaks for itself."""
    form = RevisitForm()
    form.month = found.month
    form.auditor.choices = [(code, code) for code in choices.auditors]
    form.scenario.choices = list(scenarios.items())
    if not form.is_submitted():
        fresh = [key for key in scenarios if key not in choices.recent_scenarios]
        form.scenario.data = next(iter([*fresh, *scenarios]), None)
        form.due_on.data = due_day(found.month, datetime.now(HALL_TIME).date())
    return form


def due_day(month: str, today: date) -> date:
    """Return the last day of the month, or the first of a month that is to come."""
    return last_day(month) if today >= first_day(month) else first_day(month)


def page(found: HallMonth, form: RevisitForm, refused: Text | None = None) -> str:
    """Render the form with the reason why a second visit is asked for."""
    note: Any = revisit_note(
        marked_document(found.document, found.policy), found.policy
    )
    return render_template(
        "months/revisit.html",
        found=found,
        form=form,
        note=note,
        refused=refused,
        is_asked=found.revisit is not None
        and found.revisit.visit_id is None
        and found.revisit.closed_at is None,
        is_closed=found.ledger_number is not None,
    )
