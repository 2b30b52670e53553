"""Trials of work cards: begun from the card's form, judged beside like halls, ended."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import ConflictError, InvalidError
from auditapp.domain.month import month_of
from auditapp.domain.pilot import LONGEST_REASON, PilotState
from auditapp.domain.text import Text
from auditapp.domain.trend_chart import NARROW, WIDE, draw_trend
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.pilots import get_pilot, judge_pilot
from auditapp.reads.words import find_words
from auditapp.services.pilots import NewCard, begin_pilot, draw_halls, end_pilot
from auditapp.web import pilot_words
from auditapp.web.card_form import PilotForm, WrittenCard, form_page, knowing
from auditapp.web.errors import fault_of, status_of
from auditapp.web.security import current_actor, requires
from auditapp.web.texts import text as _

bp = Blueprint("pilots", __name__)

STATES = {each.value: each for each in PilotState}


@bp.post("/work-cards/<scenario>/pilot")
@requires(Role.HEADQUARTERS)
def begin(scenario: str) -> ResponseReturnValue:
    """Try a version of a card in some halls first."""
    with reading() as database:
        knowing(find_words(database), scenario)
    written, asked = WrittenCard.from_request(), PilotForm.from_request()
    card = NewCard(scenario, written.as_text(), written.after)
    try:
        with unit_of_work() as database:
            halls = asked.hall_ids or draw_halls(
                database, asked.count, region_id=asked.region, tier=asked.tier
            )
            pilot_id = begin_pilot(
                database,
                current_actor(),
                card,
                asked.plan(halls),
                is_drawn=not asked.hall_ids,
                now=datetime.now(UTC),
            )
    except (InvalidError, ConflictError) as error:
        return form_page(scenario, written, error, asked), status_of(error)
    flash(_("The trial has begun. Its halls are asked to read the card."))
    return redirect(url_for(".show", pilot_id=pilot_id), 303)


@bp.get("/pilots/<uuid:pilot_id>")
@requires(Role.HEADQUARTERS, Role.ADMIN)
def show(pilot_id: UUID) -> str:
    """Show what a trial changed, beside like halls."""
    return page(pilot_id)


def page(pilot_id: UUID, reason: str = "", fault: Text | None = None) -> str:
    """Render a trial, with a reason as typed where something is wrong with it."""
    with reading() as database:
        pilot = get_pilot(database, pilot_id)
        result = judge_pilot(database, pilot, month_of(datetime.now(UTC)))
    effect = result.effects[pilot.measure]
    return render_template(
        "pilots/show.html",
        pilot=pilot,
        result=result,
        effect=effect,
        sign_and_words=pilot_words.verdict(effect),
        drawings=[draw_trend(result.months, (), frame) for frame in (WIDE, NARROW)],
        say=pilot_words,
        may_end=current_actor().acts_for_headquarters
        and pilot.state is PilotState.RUNNING,
        reason=reason,
        fault=fault,
        longest_reason=LONGEST_REASON,
    )


@bp.post("/pilots/<uuid:pilot_id>/end")
@requires(Role.HEADQUARTERS)
def end(pilot_id: UUID) -> ResponseReturnValue:
    """Give the card to all halls, or give it up."""
    reason = request.form.get("reason", "")
    outcome = STATES.get(request.form.get("outcome", ""))
    try:
        with unit_of_work() as database:
            end_pilot(
                database,
                current_actor(),
                pilot_id,
                outcome,
                reason,
                now=datetime.now(UTC),
            )
    except (InvalidError, ConflictError) as error:
        return page(pilot_id, reason, fault_of(error)), status_of(error)
    flash(
        _("The card holds for all halls now; they are asked to read it.")
        if outcome is PilotState.ADOPTED
        else _("The card is given up; its halls work by the one before.")
    )
    return redirect(url_for(".show", pilot_id=pilot_id), 303)
