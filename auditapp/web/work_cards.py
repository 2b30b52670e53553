"""Work cards: read and acknowledged by halls, written by headquarters."""

from datetime import UTC, datetime
from itertools import zip_longest

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import (
    ConflictError,
    DomainError,
    InvalidError,
    NotFoundError,
)
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.domain.work_card import (
    LONGEST_CHANGE,
    LONGEST_STEP,
    LONGEST_TITLE,
    MOST_SECONDS,
    MOST_STEPS,
    CardStep,
    CardText,
    total_seconds,
)
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.cases import find_best
from auditapp.reads.words import find_words
from auditapp.reads.work_cards import (
    READERS,
    find_card,
    get_card,
    list_cards,
    steps_of_visit,
)
from auditapp.services.work_cards import note_reading, publish_card
from auditapp.web.errors import fault_of, status_of
from auditapp.web.frame import in_language
from auditapp.web.security import current_actor, requires
from auditapp.web.standard_words import word_name
from auditapp.web.texts import text as _

bp = Blueprint("work_cards", __name__, url_prefix="/work-cards")

FEWEST_ROWS, MORE_ROWS = 6, 3  # the form is offered with room for more steps
WRONG_NUMBER = -1  # out of range: said beside the field


@bp.get("")
@requires(*READERS)
def index() -> str:
    """List the cards that hold."""
    actor = current_actor()
    with reading() as database:
        cards, words = list_cards(database, actor), find_words(database)
    return render_template(
        "work_cards/index.html",
        cards=cards,
        scenario_name=lambda scenario: _name(words, scenario),
        is_hall=actor.role is Role.HALL_MANAGER,
        may_write=may_write(),
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
        scenario_name=_name(words, scenario),
        seconds=total_seconds(card.text.steps),
        is_hall=actor.role is Role.HALL_MANAGER,
        may_write=may_write(),
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
        found = find_card(database, scenario)
        if found:
            after, text = found
            card = CardText(text.title, text.steps)
        else:
            after, card = 0, _begun(scenario)
    return form_page(scenario, card, after)


@bp.post("/<scenario>/write")
@requires(Role.HEADQUARTERS)
def publish(scenario: str) -> ResponseReturnValue:
    """Publish a version for all halls."""
    with reading() as database:
        words = find_words(database)
    if words is None or scenario not in words.scenarios:
        raise NotFoundError
    card, after = card_of_form(), request.form.get("after", default=0, type=int)
    try:
        with unit_of_work() as database:
            now = datetime.now(UTC)
            publish_card(
                database, current_actor(), scenario, card, after=after, now=now
            )
    except (InvalidError, ConflictError) as error:
        return form_page(scenario, card, after, error), status_of(error)
    flash(_("Published. Every hall is asked to read it."))
    return redirect(url_for(".show", scenario=scenario), 303)


def form_page(
    scenario: str, card: CardText, after: int, error: DomainError | None = None
) -> str:
    """Render the form with what was written and what stands against it."""
    with reading() as database:
        words, best = find_words(database), find_best(database, scenario)
    if words is None or scenario not in words.scenarios:
        raise NotFoundError
    faults: dict[str, Text] = {}
    if isinstance(error, InvalidError):
        faults = {each.pointer.strip("/"): each.text for each in error.problems}
    empty, has = CardStep("", None), len(card.steps)
    more = min(MOST_STEPS - has, max(FEWEST_ROWS - has, MORE_ROWS))
    return render_template(
        "work_cards/write.html",
        scenario=scenario,
        scenario_name=_name(words, scenario),
        card=card,
        rows=[*card.steps, *[empty] * more],
        after=after,
        best=best,
        faults=faults,
        refused=None if error is None or faults else fault_of(error),
        wrong_number=WRONG_NUMBER,
        longest=(LONGEST_TITLE, LONGEST_STEP, LONGEST_CHANGE, MOST_SECONDS),
    )


def card_of_form() -> CardText:
    """Return the card as written; rows without anything in them are no steps."""
    form = request.form
    rows = zip_longest(form.getlist("words"), form.getlist("seconds"), fillvalue="")
    steps = [
        CardStep(words, _seconds(seconds.strip()))
        for words, seconds in rows
        if words.strip() or seconds.strip()
    ]
    title, change = form.get("title", ""), form.get("change", "")
    return CardText(title, tuple(steps[:MOST_STEPS]), change)


def may_write() -> bool:
    """Tell whether the person may publish cards."""
    actor = current_actor()
    return actor.role is Role.HEADQUARTERS and not actor.is_read_only


def _seconds(typed: str) -> int | None:
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() else WRONG_NUMBER


def _begun(scenario: str) -> CardText:
    with reading() as database:
        words, best = find_words(database), find_best(database, scenario)
        if words is None or best is None:
            return CardText("", ())
        seen = steps_of_visit(database, best.visit_id, list(words.events))
    steps = [CardStep(word_name(words.events, event), s) for event, s in seen]
    return CardText(_name(words, scenario), tuple(steps[:MOST_STEPS]))


def _name(words: Vocabulary | None, scenario: str) -> str:
    is_known = words is not None and scenario in words.scenarios
    return word_name(words.scenarios, scenario) if words and is_known else scenario
