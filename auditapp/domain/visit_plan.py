"""Who visits which hall with which business in a month.

Deterministic: the same halls, auditors and month give the same plan.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from auditapp.domain.month import first_day, later

# A face is forgotten after three months. Source: reference.md 7.1
MONTHS_BETWEEN_VISITS = 3
FIRST_DUE_DAY, LAST_DUE_DAY = 6, 25


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit that counts: who went where, when and with which business."""

    hall_id: str
    month: str
    auditor_id: UUID
    scenario: str | None
    brief_id: str | None


@dataclass(frozen=True, slots=True)
class Auditor:
    """Someone who may be sent, and where."""

    person_id: UUID
    code: str
    region_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Planned:
    """One visit of the plan; ``auditor_id`` None when nobody may go."""

    hall_id: str
    auditor_id: UUID | None
    scenario: str
    due_on: date


@dataclass(slots=True)
class _Load:
    """How much was given to whom so far."""

    visits: Counter[UUID] = field(default_factory=Counter)
    scenarios: Counter[str] = field(default_factory=Counter)


def is_too_soon(month: str, other: str) -> bool:
    """Tell whether an auditor would be remembered in a hall from another month."""
    span = MONTHS_BETWEEN_VISITS
    return later(month, -span) < other < later(month, span)


def plan_visits(
    month: str,
    halls: Sequence[tuple[str, str]],
    auditors: Iterable[Auditor],
    past: Iterable[PastVisit],
    mix: Mapping[str, int],
) -> list[Planned]:
    """Spread halls (id and region) over auditors, businesses by their share.

    No hall gets the same business twice running; the auditor is the one with the
    fewest visits this month of those who have not been there for three months.
    """
    by_hall: dict[str, list[PastVisit]] = {}
    for visit in past:
        by_hall.setdefault(visit.hall_id, []).append(visit)
    crew = sorted(auditors, key=lambda auditor: auditor.code)
    load = _Load()
    shuffled = sorted(halls, key=lambda hall: _hash(month, hall[0]))
    plans = []
    for index, (hall_id, region_id) in enumerate(shuffled):
        history = sorted(by_hall.get(hall_id, []), key=lambda visit: visit.month)
        scenario = _scenario(history, mix, load, _hash(month, hall_id))
        auditor = _auditor(month, region_id, crew, history, load)
        load.scenarios[scenario] += 1
        if auditor is not None:
            load.visits[auditor] += 1
        plans.append(
            Planned(hall_id, auditor, scenario, due_day(month, index, len(halls)))
        )
    return sorted(plans, key=lambda plan: plan.hall_id)


def spread_halls(
    month: str, halls: Sequence[tuple[str, str]], crew: Iterable[Auditor]
) -> list[Planned]:
    """Give each hall (id and region) to whoever of its region has the fewest."""
    people = sorted(crew, key=lambda one: one.code)
    load = _Load()
    plans = []
    shuffled = sorted(halls, key=lambda hall: _hash(month, hall[0]))
    for index, (hall_id, region_id) in enumerate(shuffled):
        person = _auditor(month, region_id, people, (), load)
        if person is not None:
            load.visits[person] += 1
        plans.append(Planned(hall_id, person, "", due_day(month, index, len(halls))))
    return sorted(plans, key=lambda plan: plan.hall_id)


def _scenario(
    history: Sequence[PastVisit], mix: Mapping[str, int], load: _Load, seed: bytes
) -> str:
    """Return the business that lags most behind its share, not the last one again."""
    last = history[-1].scenario if history else None
    total, given = sum(mix.values()), load.scenarios.total() + 1
    choices = [name for name in mix if name != last] or list(mix)

    def lag(name: str) -> tuple[float, bytes]:
        expected = mix[name] * given / total
        return expected - load.scenarios[name], sha256(seed + name.encode()).digest()

    return max(choices, key=lag)


def _auditor(
    month: str,
    region_id: str,
    crew: Iterable[Auditor],
    history: Sequence[PastVisit],
    load: _Load,
) -> UUID | None:
    known = {v.auditor_id for v in history if is_too_soon(month, v.month)}
    free = [
        auditor.person_id
        for auditor in crew
        if region_id in auditor.region_ids and auditor.person_id not in known
    ]
    return min(free, key=lambda person: load.visits[person], default=None)


def due_day(month: str, index: int, count: int) -> date:
    """Return when the n-th of so many visits is due, spread over the month."""
    span = LAST_DUE_DAY - FIRST_DUE_DAY
    day = FIRST_DUE_DAY + span * index // max(count - 1, 1)
    return first_day(month) + timedelta(days=day - 1)


def _hash(month: str, hall_id: str) -> bytes:
    return sha256(f"{month} {hall_id}".encode()).digest()
