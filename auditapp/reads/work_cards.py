"""Work cards as halls read them, and which halls have done so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.clock import duration_seconds
from auditapp.domain.errors import NotFoundError
from auditapp.domain.pilot import PilotState
from auditapp.domain.text import Text
from auditapp.domain.work_card import (
    CardState,
    CardStep,
    CardText,
    total_seconds,
)
from auditapp.reads.scope import halls_open_to
from auditapp.store.audits import AuditRow
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.pilots import PilotHallRow, PilotRow
from auditapp.store.work_cards import CardReadingRow, WorkCardRow

SHOWN = 100  # halls that are named: a company may have tens of thousands
READERS = (
    Role.HEADQUARTERS,
    Role.ADMIN,
    Role.REGION_MANAGER,
    Role.HALL_MANAGER,
)
DECIDERS = (Role.HEADQUARTERS, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card of the list: the version that holds, and how many halls have read it."""

    scenario: str
    number: int
    title: str
    steps: int
    seconds: int
    published_at: datetime
    state: CardState
    halls_read: int
    halls: int


@dataclass(frozen=True, slots=True)
class CardVersion:
    """One line of a card's history."""

    number: int
    change: str
    published_at: datetime
    state: CardState


@dataclass(frozen=True, slots=True)
class Card:
    """One version of a card, its history, and who in sight has not read it."""

    scenario: str
    number: int
    text: CardText
    published_at: datetime
    state: CardState
    pilot_id: UUID | None  # its trial, to whoever decides about it
    versions: tuple[CardVersion, ...]
    read_at: datetime | None  # by a hall manager's own hall
    halls: int
    halls_read: int
    unread: tuple[tuple[str, Text], ...]  # the first SHOWN of them

    @property
    def is_latest(self) -> bool:
        """Tell whether this is the version that one works by."""
        current = (v.number for v in self.versions if v.state != CardState.DROPPED)
        return self.number == max(current, default=0)


def list_cards(session: Session, actor: Actor) -> list[CardLine]:
    """Return the cards that one works by, the newest first; trials where one tries."""
    latest = (
        select(WorkCardRow.scenario, func.max(WorkCardRow.number).label("number"))
        .where(_is_current(actor))
        .group_by(WorkCardRow.scenario)
        .subquery()
    )
    rows = session.scalars(
        select(WorkCardRow)
        .join(
            latest,
            (latest.c.scenario == WorkCardRow.scenario)
            & (latest.c.number == WorkCardRow.number),
        )
        .order_by(WorkCardRow.published_at.desc(), WorkCardRow.scenario)
    ).all()
    read = _readings(session, actor, [row.card_id for row in rows])
    tried = _tried(session, actor)
    halls = session.scalar(_halls(actor, func.count())) or 0
    return [
        CardLine(
            row.scenario,
            row.number,
            row.title,
            len(row.steps),
            total_seconds(_steps(row)),
            row.published_at,
            CardState(row.state),
            read.get(row.card_id, 0),
            tried.get(row.card_id, 0) if _is_trial(row) else halls,
        )
        for row in rows
    ]


def find_card(session: Session, scenario: str) -> tuple[int, CardText] | None:
    """Return the version that holds and what it says, None where there is no card."""
    row = session.scalar(
        select(WorkCardRow)
        .where(
            WorkCardRow.scenario == scenario,
            WorkCardRow.state == CardState.HOLDS.value,
        )
        .order_by(WorkCardRow.number.desc())
        .limit(1)
    )
    return (row.number, _text(row)) if row else None


def get_card(
    session: Session, actor: Actor, scenario: str, number: int | None = None
) -> Card:
    """Return a version of a card, the one that one works by without a number.

    Raises:
        NotFoundError: There is no such version, or it is tried elsewhere.
    """
    rows = _versions(session, actor, scenario)
    current = [row for row in rows if row.state != CardState.DROPPED.value]
    wanted = current[:1] if number is None else [r for r in rows if r.number == number]
    if not wanted:
        raise NotFoundError
    (row,) = wanted
    pilot_id = session.scalar(
        select(PilotRow.pilot_id).where(PilotRow.card_id == row.card_id)
    )
    meant = _of_pilot(pilot_id) if _is_trial(row) else true()
    own = session.get(CardReadingRow, (row.card_id, actor.hall_id or ""))
    is_read = exists().where(
        CardReadingRow.card_id == row.card_id,
        CardReadingRow.hall_id == HallRow.hall_id,
    )
    unread = session.execute(
        _halls(actor, HallRow.hall_id, HallRow.name_zh, HallRow.name_en)
        .where(meant, ~is_read)
        .order_by(HallRow.hall_id)
        .limit(SHOWN)
    )
    return Card(
        scenario,
        row.number,
        _text(row),
        row.published_at,
        CardState(row.state),
        pilot_id if actor.role in DECIDERS else None,
        tuple(
            CardVersion(r.number, r.change, r.published_at, CardState(r.state))
            for r in rows
        ),
        own.read_at if own else None,
        session.scalar(_halls(actor, func.count()).where(meant)) or 0,
        _readings(session, actor, [row.card_id]).get(row.card_id, 0),
        tuple((hall.hall_id, Text(hall.name_zh, hall.name_en)) for hall in unread),
    )


def steps_of_visit(
    session: Session, visit_id: UUID, events: Sequence[str]
) -> list[tuple[str, int]]:
    """Return what a visit's clock saw: events and the seconds since the one before."""
    content = session.scalar(
        select(AuditRow.document).where(AuditRow.visit_id == visit_id)
    )
    marks = json.loads(content).get("marks", ()) if content else ()
    found, before = [], 0.0
    for event in events[1:]:
        passed = duration_seconds(marks, events[0], event)
        if passed is not None and passed > before:
            found.append((event, round(passed - before)))
            before = passed
    return found


def _versions(session: Session, actor: Actor, scenario: str) -> Sequence[WorkCardRow]:
    is_open = _is_current(actor)
    if actor.role in DECIDERS:
        is_open = true()
    return session.scalars(
        select(WorkCardRow)
        .where(WorkCardRow.scenario == scenario, is_open)
        .order_by(WorkCardRow.number.desc())
    ).all()


def _is_current(actor: Actor) -> ColumnElement[bool]:
    """Return which versions hold, or are tried in a hall that a person sees."""
    tried = (
        exists()
        .where(
            PilotRow.card_id == WorkCardRow.card_id,
            PilotHallRow.pilot_id == PilotRow.pilot_id,
            PilotHallRow.hall_id == HallRow.hall_id,
            CityRow.city_id == HallRow.city_id,
            halls_open_to(actor),
        )
        .correlate(WorkCardRow)
    )
    is_trial = WorkCardRow.state == CardState.TRIAL.value
    return (WorkCardRow.state == CardState.HOLDS.value) | (is_trial & tried)


def _is_trial(row: WorkCardRow) -> bool:
    return row.state == CardState.TRIAL.value


def _of_pilot(pilot_id: UUID | None) -> ColumnElement[bool]:
    return HallRow.hall_id.in_(
        select(PilotHallRow.hall_id).where(PilotHallRow.pilot_id == pilot_id)
    )


def _tried(session: Session, actor: Actor) -> dict[UUID, int]:
    """Return in how many halls that a person sees each version is tried."""
    statement = (
        _halls(actor, PilotRow.card_id, func.count().label("halls"))
        .join(PilotHallRow, PilotHallRow.hall_id == HallRow.hall_id)
        .join(PilotRow, PilotRow.pilot_id == PilotHallRow.pilot_id)
        .where(PilotRow.state == PilotState.RUNNING.value)
        .group_by(PilotRow.card_id)
    )
    return {row.card_id: row.halls for row in session.execute(statement)}


def _readings(
    session: Session, actor: Actor, card_ids: Sequence[UUID]
) -> dict[UUID, int]:
    statement = (
        _halls(actor, CardReadingRow.card_id, func.count().label("halls"))
        .join(CardReadingRow, CardReadingRow.hall_id == HallRow.hall_id)
        .where(CardReadingRow.card_id.in_(card_ids))
        .group_by(CardReadingRow.card_id)
    )
    return {row.card_id: row.halls for row in session.execute(statement)}


def _halls(actor: Actor, *columns: Any) -> Select[Any]:  # noqa: ANN401  any columns
    return (
        select(*columns)
        .select_from(HallRow)
        .join(CityRow, CityRow.city_id == HallRow.city_id)
        .where(halls_open_to(actor), HallRow.is_active)
    )


def _text(row: WorkCardRow) -> CardText:
    return CardText(row.title, _steps(row), row.change)


def _steps(row: WorkCardRow) -> tuple[CardStep, ...]:
    return tuple(CardStep(each["words"], each["seconds"]) for each in row.steps)
