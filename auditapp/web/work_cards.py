"""Work cards: read and acknowledged by halls, written by headquarters."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import ConflictError, InvalidError
from auditapp.domain.vocabulary import Vocabulary
from auditapp.domain.work_card import CardState, total_seconds
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.cases import find_best
from auditapp.reads.pilots import list_pilots
from auditapp.reads.words import find_words
from auditapp.reads.work_cards import (
    DECIDERS,
    READERS,
    find_card,
    get_card,
    list_cards,
    steps_of_visit,
)
from auditapp.services.work_cards import note_reading, publish_card
from auditapp.web import pilot_words
from auditapp.web.card_form import WrittenCard, form_page, knowing
from auditapp.web.errors import fault_of, status_of
from auditapp.web.frame import in_language
from auditapp.web.security import current_actor, requires
from auditapp.web.standard_words import word_name
from auditapp.web.texts import text as _

bp = Blueprint("work_cards", __name__, url_prefix="/work-cards")


@bp.get("")
@requires(*READERS)
def index() -> str:
    """List the cards that one works by, and to those who decide what was tried."""
    actor = current_actor()
    with reading() as database:
        cards, words = list_cards(database, actor), find_words(database)
        pilots = list_pilots(database) if actor.role in DECIDERS else []
    return render_template(
        "work_cards/index.html",
        cards=cards,
        pilots=pilots,
        say=pilot_words,
        states=CardState,
        scenario_name=lambda scenario: _name(words, scenario),
        is_hall=actor.role is Role.HALL_MANAGER,
        may_write=actor.acts_for_headquarters,
    )


@bp.get("/<scenario>")
@requires(*READERS)
def show(scenario: str) -> str:
    """Show a card, to be read on a screen or printed; ``?version=`` an earlier one."""
    actor = current_actor()
    number = request.args.get("version", type=int)
    with reading() as database:
        card = get_card(database, actor, scenario, number)
        words = find_words(database)
    return render_template(
        "work_cards/show.html",
        card=card,
        states=CardState,
        scenario_name=_name(words, scenario),
        seconds=total_seconds(card.text.steps),
        is_hall=actor.role is Role.HALL_MANAGER,
        may_write=actor.acts_for_headquarters,
    )


@bp.post("/<scenario>/read")
@requires(Role.HALL_MANAGER)
def read(scenario: str) -> ResponseReturnValue:
    """Keep that the own hall has read the version it was shown."""
    number = request.form.get("number", default=0, type=int)
    try:
        with unit_of_work() as database:
            now = datetime.now(UTC)
            note_reading(database, current_actor(), scenario, number, now=now)
    except ConflictError as error:
        flash(in_language(fault_of(error)))
    else:
        flash(_("Kept. Headquarters sees that your hall has read it."))
    return redirect(url_for(".show", scenario=scenario), 303)


@bp.get("/<scenario>/write")
@requires(Role.HEADQUARTERS)
def write(scenario: str) -> str:
    """Offer the card that holds, or what the best visit's clock saw, for writing."""
    with reading() as database:
        words = knowing(find_words(database), scenario)
        best, found = find_best(database, scenario), find_card(database, scenario)
        seen = (
            steps_of_visit(database, best.visit_id, list(words.events))
            if best and not found
            else []
        )
    if found:
        number, text = found
        rows = [(step.words, str(step.seconds or "")) for step in text.steps]
        return form_page(scenario, WrittenCard(text.title, rows, "", number))
    rows = [(word_name(words.events, event), str(seconds)) for event, seconds in seen]
    title = word_name(words.scenarios, scenario) if rows else ""
    return form_page(scenario, WrittenCard(title, rows, "", 0))


@bp.post("/<scenario>/write")
@requires(Role.HEADQUARTERS)
def publish(scenario: str) -> ResponseReturnValue:
    """Publish a version for all halls."""
    with reading() as database:
        knowing(find_words(database), scenario)
    written, now = WrittenCard.from_request(), datetime.now(UTC)
    try:
        with unit_of_work() as database:
            publish_card(
                database,
                current_actor(),
                scenario,
                written.as_text(),
                after=written.after,
                now=now,
            )
    except (InvalidError, ConflictError) as error:
        return form_page(scenario, written, error), status_of(error)
    flash(_("Published. Every hall is asked to read it."))
    return redirect(url_for(".show", scenario=scenario), 303)


def _name(words: Vocabulary | None, scenario: str) -> str:
    """Return a scenario's name; one that the vocabulary lost keeps its id."""
    is_known = words is not None and scenario in words.scenarios
    return word_name(words.scenarios, scenario) if words and is_known else scenario
