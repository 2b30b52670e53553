"""Work cards as halls read them, and which halls have done so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.clock import duration_seconds
from auditapp.domain.errors import NotFoundError
from auditapp.domain.text import Text
from auditapp.domain.work_card import CardStep, CardText, total_seconds
from auditapp.reads.scope import halls_open_to
from auditapp.store.audits import AuditRow
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.work_cards import CardReadingRow, WorkCardRow

SHOWN = 100  # halls that are named: a company may have tens of thousands
READERS = (
    Role.HEADQUARTERS,
    Role.ADMIN,
    Role.REGION_MANAGER,
    Role.HALL_MANAGER,
)


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card of the list: the version that holds, and how many halls have read it."""

    scenario: str
    number: int
    title: str
    steps: int
    seconds: int
    published_at: datetime
    halls_read: int
    halls: int


@dataclass(frozen=True, slots=True)
class CardVersion:
    """One line of a card's history."""

    number: int
    change: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """One version of a card, its history, and who in sight has not read it."""

    scenario: str
    number: int
    text: CardText
    published_at: datetime
    versions: tuple[CardVersion, ...]
    read_at: datetime | None  # by a hall manager's own hall
    halls: int
    halls_read: int
    unread: tuple[tuple[str, Text], ...]  # the first SHOWN of them

    @property
    def is_latest(self) -> bool:
        """Tell whether this is the version that holds."""
        return self.number == self.versions[0].number


def list_cards(session: Session, actor: Actor) -> list[CardLine]:
    """Return the cards that hold, the newest first."""
    latest = (
        select(WorkCardRow.scenario, func.max(WorkCardRow.number).label("number"))
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
    halls = session.scalar(_halls(actor, func.count())) or 0
    return [
        CardLine(
            row.scenario,
            row.number,
            row.title,
            len(row.steps),
            total_seconds(_steps(row)),
            row.published_at,
            read.get(row.card_id, 0),
            halls,
        )
        for row in rows
    ]


def find_card(session: Session, scenario: str) -> tuple[int, CardText] | None:
    """Return the version that holds and what it says, None where there is no card."""
    rows = _versions(session, scenario)
    return (rows[0].number, _text(rows[0])) if rows else None


def get_card(
    session: Session, actor: Actor, scenario: str, number: int | None = None
) -> Card:
    """Return a version of a card, the one that holds without a number.

    Raises:
        NotFoundError: There is no such version.
    """
    rows = _versions(session, scenario)
    row = next((each for each in rows if number in (None, each.number)), None)
    if row is None:
        raise NotFoundError
    own = session.get(CardReadingRow, (row.card_id, actor.hall_id or ""))
    is_read = exists().where(
        CardReadingRow.card_id == row.card_id,
        CardReadingRow.hall_id == HallRow.hall_id,
    )
    unread = session.execute(
        _halls(actor, HallRow.hall_id, HallRow.name_zh, HallRow.name_en)
        .where(~is_read)
        .order_by(HallRow.hall_id)
        .limit(SHOWN)
    )
    return Card(
        scenario,
        row.number,
        _text(row),
        row.published_at,
        tuple(CardVersion(r.number, r.change, r.published_at) for r in rows),
        own.read_at if own else None,
        session.scalar(_halls(actor, func.count())) or 0,
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


def _versions(session: Session, scenario: str) -> Sequence[WorkCardRow]:
    return session.scalars(
        select(WorkCardRow)
        .where(WorkCardRow.scenario == scenario)
        .order_by(WorkCardRow.number.desc())
    ).all()


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
