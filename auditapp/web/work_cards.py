"""Work cards: read and acknowledged by halls, written by headquarters."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Self

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
    MOST_STEPS,
    CardStep,
    CardText,
    total_seconds,
)
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.cases import BestCase, find_best
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

NO_SECONDS = 0  # what no step may take
FEWEST_ROWS, MORE_ROWS = 6, 3  # the form is offered with room for more steps


@dataclass(frozen=True, slots=True)
class WrittenCard:
    """A card as it stands in the form; ``rows`` are words and seconds as typed."""

    title: str
    rows: list[tuple[str, str]]
    change: str
    after: int

    @classmethod
    def from_request(cls) -> Self:
        """Read the form; rows without anything in them are no steps."""
        form = request.form
        rows = zip_longest(form.getlist("words"), form.getlist("seconds"), fillvalue="")
        return cls(
            form.get("title", ""),
            [(words, typed) for words, typed in rows if words.strip() or typed.strip()],
            form.get("change", ""),
            form.get("after", default=0, type=int),
        )

    def as_text(self) -> CardText:
        """Return what it says; seconds that are no whole number are out of range."""
        steps = [CardStep(words, _seconds(typed.strip())) for words, typed in self.rows]
        return CardText(self.title, tuple(steps), self.change)


def _seconds(typed: str) -> int | None:
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() else NO_SECONDS


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
        words, best = (
            _knowing(find_words(database), scenario),
            find_best(database, scenario),
        )
        found = find_card(database, scenario)
        seen = (
            steps_of_visit(database, best.visit_id, list(words.events))
            if best and not found
            else []
        )
    name = word_name(words.scenarios, scenario)
    if found:
        number, text = found
        rows = [(step.words, str(step.seconds or "")) for step in text.steps]
        written = WrittenCard(text.title, rows, "", number)
    else:
        rows = [(word_name(words.events, event), str(s)) for event, s in seen]
        written = WrittenCard(name if rows else "", rows, "", 0)
    return form_page(scenario, name, written, best)


@bp.post("/<scenario>/write")
@requires(Role.HEADQUARTERS)
def publish(scenario: str) -> ResponseReturnValue:
    """Publish a version for all halls."""
    with reading() as database:
        words, best = (
            _knowing(find_words(database), scenario),
            find_best(database, scenario),
        )
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
        name = word_name(words.scenarios, scenario)
        return form_page(scenario, name, written, best, error), status_of(error)
    flash(_("Published. Every hall is asked to read it."))
    return redirect(url_for(".show", scenario=scenario), 303)


def form_page(
    scenario: str,
    name: str,
    written: WrittenCard,
    best: BestCase | None,
    error: DomainError | None = None,
) -> str:
    """Render the form with what was written and what stands against it."""
    faults: dict[str, Text] = {}
    if isinstance(error, InvalidError):
        faults = {each.pointer.strip("/"): each.text for each in error.problems}
    has = len(written.rows)
    more = max(0, min(MOST_STEPS - has, max(FEWEST_ROWS - has, MORE_ROWS)))
    return render_template(
        "work_cards/write.html",
        scenario=scenario,
        scenario_name=name,
        written=written,
        rows=[*written.rows, *[("", "")] * more],
        best=best,
        faults=faults,
        refused=None if error is None or faults else fault_of(error),
        longest_title=LONGEST_TITLE,
        longest_step=LONGEST_STEP,
        longest_change=LONGEST_CHANGE,
    )


def _knowing(words: Vocabulary | None, scenario: str) -> Vocabulary:
    if words is None or scenario not in words.scenarios:
        raise NotFoundError
    return words


def _name(words: Vocabulary | None, scenario: str) -> str:
    """Return a scenario's name; one that the vocabulary lost keeps its id."""
    is_known = words is not None and scenario in words.scenarios
    return word_name(words.scenarios, scenario) if words and is_known else scenario
