"""Who is called: drawn centrally and at random, so that no hall chooses its judges.

Source: design/scoring.md, section 7; the policy's minimum is 5 callbacks a month.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, MutableSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from math import ceil
from uuid import UUID

from auditapp.domain.callback import CallingRules
from auditapp.domain.month import last_day

# Completed calls a hall and month. The policy needs 5; about half of the spread of a
# mean is gone at 12, and with 60 calls a day ten agents serve a thousand halls.
QUOTA = 12

Stratum = tuple[str, str]  # hall, month


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finished transaction whose customer might be called.

    ``asked_on`` is when the customer was last called or drawn, ``is_barred`` says that
    the customer refused, stands on the stop list or has no number any more.
    """

    transaction_id: UUID
    customer_id: UUID
    hall_id: str
    month: str
    business: str
    happened_on: date
    asked_on: date | None = None
    is_barred: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """Who was drawn before for a hall and month and was called or still may be."""

    by_business: Mapping[str, int] = field(default_factory=dict)
    by_day: Mapping[date, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How much of the quota is used."""
        return sum(self.by_business.values())


@dataclass(frozen=True, slots=True)
class Draw:
    """One day's draw: whoever repeats it with the same seed gets the same customers."""

    today: date
    rules: CallingRules
    quota: int = QUOTA
    seed: str = ""

    @property
    def first_on(self) -> date:
        """The earliest day whose customers may be called."""
        return self.today - timedelta(days=self.rules.last_day)

    @property
    def last_on(self) -> date:
        """The latest day whose customers may be called."""
        return self.today - timedelta(days=self.rules.first_day)

    def allows(self, candidate: Candidate) -> bool:
        """Tell whether the contact rules let this customer be called."""
        rested_on = self.today - timedelta(days=self.rules.rest_days)
        return (
            self.first_on <= candidate.happened_on <= self.last_on
            and not candidate.is_barred
            and (candidate.asked_on is None or candidate.asked_on <= rested_on)
        )

    def allowance(self, month: str) -> int:
        """Return how much of a month's quota may be drawn by today.

        It grows with the days of the month, so that the calls of a month do not all
        fall on its first days.
        """
        end = last_day(month)
        reached = min(self.last_on, end)
        if f"{reached:%Y-%m}" != month:
            return 0
        return ceil(Fraction(self.quota * reached.day, end.day))

    def lot(self, name: object) -> str:
        """Return a random word for something, the same each time."""
        return sha256(f"{self.seed} {self.today} {name}".encode()).hexdigest()


def draw_sample(
    draw: Draw,
    candidates: Iterable[Candidate],
    taken: Mapping[Stratum, Taken],
    drawn: MutableSet[UUID],
) -> list[Candidate]:
    """Return whom to call; ``drawn`` are this draw's customers so far, and grows.

    Within each hall and month the business types, and then the days, get as even a
    share as the candidates and those taken before allow.
    """
    strata: dict[Stratum, list[Candidate]] = {}
    for candidate in candidates:
        if draw.allows(candidate):
            stratum = (candidate.hall_id, candidate.month)
            strata.setdefault(stratum, []).append(candidate)
    chosen = []
    for stratum in sorted(strata, key=draw.lot):
        before = taken.get(stratum, Taken())
        chosen += _draw_stratum(draw, strata[stratum], before, drawn)
    return chosen


def _draw_stratum(
    draw: Draw, candidates: list[Candidate], taken: Taken, drawn: MutableSet[UUID]
) -> list[Candidate]:
    businesses, days = Counter(taken.by_business), Counter(taken.by_day)
    waiting = sorted(candidates, key=lambda each: draw.lot(each.transaction_id))
    wanted = draw.allowance(candidates[0].month) - taken.total
    chosen: list[Candidate] = []
    while len(chosen) < wanted:
        waiting = [each for each in waiting if each.customer_id not in drawn]
        if not waiting:
            break
        best = min(
            waiting,
            key=lambda each: (businesses[each.business], days[each.happened_on]),
        )
        chosen.append(best)
        drawn.add(best.customer_id)
        businesses[best.business] += 1
        days[best.happened_on] += 1
    return chosen
