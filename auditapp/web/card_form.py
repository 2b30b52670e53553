"""The form of a work card: for all halls at once, or first on trial in some."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Self

from flask import render_template, request

from auditapp.domain.errors import DomainError, InvalidError, NotFoundError
from auditapp.domain.month import later, month_of
from auditapp.domain.pilot import (
    FEWEST_HALLS,
    LONGEST_EXPECTED,
    MOST_HALLS,
    MOST_MONTHS,
    Measure,
    PilotPlan,
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
)
from auditapp.extensions import reading
from auditapp.reads.cases import find_best
from auditapp.reads.visits import list_regions
from auditapp.reads.words import find_words
from auditapp.web.errors import fault_of
from auditapp.web.pilot_words import measure_name
from auditapp.web.security import current_actor
from auditapp.web.standard_words import word_name

NO_SECONDS = 0  # what no step may take
FEWEST_ROWS, MORE_ROWS = 6, 3  # the form is offered with room for more steps
USUAL_HALLS, USUAL_MONTHS = 12, 3


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


@dataclass(frozen=True, slots=True)
class PilotForm:
    """A trial as it stands in the form; without halls they are drawn."""

    halls: str
    count: int
    region: str
    tier: str
    first_month: str
    last_month: str
    measure: str
    expected: str

    @classmethod
    def from_request(cls) -> Self:
        """Read the form."""
        form = request.form
        return cls(
            form.get("halls", ""),
            form.get("count", default=0, type=int),
            form.get("region", ""),
            form.get("tier", ""),
            form.get("first_month", ""),
            form.get("last_month", ""),
            form.get("measure", ""),
            form.get("expected", ""),
        )

    @classmethod
    def usual(cls, this_month: str) -> Self:
        """Return what the form begins with: the next three months, drawn by chance."""
        first = later(this_month, 1)
        last = later(first, USUAL_MONTHS - 1)
        return cls("", USUAL_HALLS, "", "", first, last, Measure.OFFICIAL.value, "")

    @property
    def hall_ids(self) -> tuple[str, ...]:
        """The halls that were named by hand."""
        words = self.halls.replace("，", " ").replace("、", " ").replace(",", " ")
        return tuple(dict.fromkeys(words.split()))

    def plan(self, hall_ids: tuple[str, ...]) -> PilotPlan:
        """Return the plan; what no measure is called is the official score."""
        known = {each.value: each for each in Measure}
        return PilotPlan(
            hall_ids,
            self.first_month,
            self.last_month,
            known.get(self.measure, Measure.OFFICIAL),
            self.expected,
        )


def form_page(
    scenario: str,
    written: WrittenCard,
    error: DomainError | None = None,
    asked: PilotForm | None = None,
) -> str:
    """Render the form with what was written and what stands against it.

    Raises:
        NotFoundError: There is no such scenario.
    """
    this_month = month_of(datetime.now(UTC))
    with reading() as database:
        words = knowing(find_words(database), scenario)
        best = find_best(database, scenario)
        regions = list_regions(database, current_actor())
    faults: dict[str, Text] = {}
    if isinstance(error, InvalidError):
        faults = {each.pointer.strip("/"): each.text for each in error.problems}
    has = len(written.rows)
    more = max(0, min(MOST_STEPS - has, max(FEWEST_ROWS - has, MORE_ROWS)))
    return render_template(
        "work_cards/write.html",
        scenario=scenario,
        scenario_name=word_name(words.scenarios, scenario),
        written=written,
        rows=[*written.rows, *[("", "")] * more],
        best=best,
        faults=faults,
        refused=None if error is None or faults else fault_of(error),
        longest_title=LONGEST_TITLE,
        longest_step=LONGEST_STEP,
        longest_change=LONGEST_CHANGE,
        pilot=asked or PilotForm.usual(this_month),
        is_pilot=asked is not None,
        regions=regions,
        tiers=[(tier, word_name(words.tiers, tier)) for tier in words.tiers],
        months=[later(this_month, ahead) for ahead in range(2 * MOST_MONTHS)],
        measures=[(each.value, measure_name(each)) for each in Measure],
        hall_limits=(FEWEST_HALLS, MOST_HALLS),
        longest_expected=LONGEST_EXPECTED,
    )


def knowing(words: Vocabulary | None, scenario: str) -> Vocabulary:
    """Return the words when a scenario is among them.

    Raises:
        NotFoundError: It is not.
    """
    if words is None or scenario not in words.scenarios:
        raise NotFoundError
    return words
