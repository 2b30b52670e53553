"""Trying a work card in some halls first: begun with a plan, ended with a reason."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.month import month_of
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.pilot import (
    LONGEST_EXPECTED,
    LONGEST_REASON,
    PilotOverError,
    PilotPlan,
    PilotState,
    plan_problems,
)
from auditapp.domain.text import Text
from auditapp.domain.work_card import CardState, CardText, card_problems
from auditapp.services.events import record_event
from auditapp.services.work_cards import tell_published, write_version
from auditapp.store.contention import table_of
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.pilots import PilotHallRow, PilotRow
from auditapp.store.work_cards import WorkCardRow

SHOWN = 5  # unknown halls that are named
OUTCOMES = (PilotState.ADOPTED, PilotState.DROPPED)
CHANCE = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class NewCard:
    """A version to be tried; ``after`` is the number that its writer saw."""

    scenario: str
    text: CardText
    after: int


def draw_halls(
    session: Session, count: int, *, region_id: str | None, tier: str | None
) -> tuple[str, ...]:
    """Return halls drawn by chance, fewer where there are not so many."""
    wanted: list[ColumnElement[bool]] = [HallRow.is_active.is_(True)]
    if region_id:
        wanted.append(CityRow.region_id == region_id)
    if tier:
        wanted.append(HallRow.tier == tier)
    found = session.scalars(
        select(HallRow.hall_id)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .where(*wanted)
        .order_by(HallRow.hall_id)
    ).all()
    return tuple(sorted(CHANCE.sample(found, min(max(count, 0), len(found)))))


def begin_pilot(
    session: Session,
    actor: Actor,
    card: NewCard,
    plan: PilotPlan,
    *,
    is_drawn: bool,
    now: datetime,
) -> UUID:
    """Give a version of a card to the halls of a plan, and return the trial.

    Raises:
        InvalidError: The card or the plan is incomplete, or names an unknown hall.
        NewerCardError: Somebody published another version meanwhile.
        CardOnTrialError: Another version is being tried.
    """
    problems = [
        *card_problems(card.text, is_first=card.after == 0),
        *plan_problems(plan, month_of(now)),
        *_hall_problems(session, plan.hall_ids),
    ]
    if problems:
        raise InvalidError(problems)
    row = write_version(
        session, actor, card.scenario, card.text, after=card.after, now=now
    )
    pilot = PilotRow(
        card_id=row.card_id,
        first_month=plan.first_month,
        last_month=plan.last_month,
        measure=plan.measure.value,
        expected=without_numbers(plan.expected.strip())[:LONGEST_EXPECTED],
        is_drawn=is_drawn,
        state=PilotState.RUNNING.value,
        begun_by=actor.person_id,
        begun_at=now,
    )
    session.add(pilot)
    session.flush()
    session.connection().execute(
        table_of(PilotHallRow).insert(),
        [
            {"pilot_id": pilot.pilot_id, "hall_id": hall_id}
            for hall_id in sorted(set(plan.hall_ids))
        ],
    )
    record_event(
        session,
        "pilot.begun",
        pilot.pilot_id,
        now=now,
        actor_id=actor.person_id,
        scenario=card.scenario,
        halls=sorted(set(plan.hall_ids)),
    )
    return pilot.pilot_id


def end_pilot(
    session: Session,
    actor: Actor,
    pilot_id: UUID,
    outcome: PilotState | None,
    reason: str,
    *,
    now: datetime,
) -> None:
    """Make the version hold for all halls, or give it up.

    Raises:
        NotFoundError: There is no such trial.
        PilotOverError: It is over already.
        InvalidError: There is no reason, or the outcome is none.
    """
    pilot = session.get(PilotRow, pilot_id, with_for_update=True)
    if pilot is None:
        raise NotFoundError
    if pilot.state != PilotState.RUNNING.value:
        raise PilotOverError
    words = without_numbers(reason.strip())[:LONGEST_REASON]
    if not words:
        raise InvalidError([Problem("/reason", "missing", _NO_REASON)])
    if outcome is None or outcome not in OUTCOMES:
        raise InvalidError([Problem("/outcome", "no-outcome", _NO_OUTCOME)])
    card = session.get_one(WorkCardRow, pilot.card_id)
    if outcome is PilotState.ADOPTED:
        card.state, card.published_at = CardState.HOLDS.value, now
        tell_published(session, actor, card, now)
    else:
        card.state = CardState.DROPPED.value
    pilot.state, pilot.reason = outcome.value, words
    pilot.ended_by, pilot.ended_at = actor.person_id, now
    record_event(
        session,
        f"pilot.{outcome.value}",
        pilot_id,
        now=now,
        actor_id=actor.person_id,
        reason=words,
    )


def _hall_problems(session: Session, hall_ids: Sequence[str]) -> Iterator[Problem]:
    known = set(
        session.scalars(
            select(HallRow.hall_id).where(
                HallRow.hall_id.in_(hall_ids), HallRow.is_active
            )
        )
    )
    unknown = [each for each in hall_ids if each not in known]
    if unknown:
        named = "、".join(unknown[:SHOWN]), ", ".join(unknown[:SHOWN])
        text = Text(_NO_HALL.zh.format(named[0]), _NO_HALL.en.format(named[1]))
        yield Problem("/halls", "no-such-hall", text)


_NO_REASON = Text("请写这样决定的理由。", "Give the reason why it is decided so.")
_NO_OUTCOME = Text("请选择推广或放弃。", "Choose to take it over or to give it up.")
_NO_HALL = Text("没有这些厅：{}", "There is no such hall: {}")
