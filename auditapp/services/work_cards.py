"""Publishing work cards; a hall says that it has read one."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.pilot import CardOnTrialError
from auditapp.domain.work_card import (
    LONGEST_CHANGE,
    LONGEST_STEP,
    LONGEST_TITLE,
    CardState,
    CardStep,
    CardText,
    NewerCardError,
    check_card,
)
from auditapp.services.events import record_event
from auditapp.store.contention import insert_new, table_of
from auditapp.store.pilots import PilotHallRow, PilotRow
from auditapp.store.work_cards import CardReadingRow, WorkCardRow


def publish_card(
    session: Session,
    actor: Actor,
    scenario: str,
    card: CardText,
    *,
    after: int,
    now: datetime,
) -> int:
    """Publish a version for all halls and return its number.

    ``after`` is the version that the writer saw, 0 for none.

    Raises:
        InvalidError: A title, a step or what changed is missing or out of range.
        NewerCardError: Somebody published another version meanwhile.
        CardOnTrialError: Another version is being tried.
    """
    row = write_version(session, actor, scenario, card, after=after, now=now)
    row.state = CardState.HOLDS.value
    tell_published(session, actor, row, now)
    return row.number


def write_version(
    session: Session,
    actor: Actor,
    scenario: str,
    card: CardText,
    *,
    after: int,
    now: datetime,
) -> WorkCardRow:
    """Write a version down, on trial until the caller says otherwise.

    Raises:
        InvalidError: A title, a step or what changed is missing or out of range.
        NewerCardError: Somebody published another version meanwhile.
        CardOnTrialError: Another version is being tried.
    """
    check_card(card, is_first=after == 0)
    versions = _versions(session, scenario)
    if any(row.state == CardState.TRIAL.value for row in versions):
        raise CardOnTrialError
    if number_that_holds(versions) != after:
        raise NewerCardError
    row = WorkCardRow(
        scenario=scenario,
        number=versions[0].number + 1 if versions else 1,
        title=_clean(card.title, LONGEST_TITLE),
        steps=[
            asdict(CardStep(_clean(step.words, LONGEST_STEP), step.seconds))
            for step in card.steps
        ],
        change=_clean(card.change, LONGEST_CHANGE),
        state=CardState.TRIAL.value,
        published_by=actor.person_id,
        published_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # the same number at the same moment
        raise NewerCardError from error
    return row


def tell_published(
    session: Session, actor: Actor, row: WorkCardRow, now: datetime
) -> None:
    """Write down that a version holds from now on; every hall is told."""
    record_event(
        session,
        "work_card.published",
        row.card_id,
        now=now,
        actor_id=actor.person_id,
        scenario=row.scenario,
        number=row.number,
    )


def number_that_holds(versions: Sequence[WorkCardRow]) -> int:
    """Return the number of the version that all halls read, 0 for none."""
    holding = (r.number for r in versions if r.state == CardState.HOLDS.value)
    return max(holding, default=0)


def note_reading(
    session: Session, actor: Actor, scenario: str, number: int, *, now: datetime
) -> None:
    """Keep that the own hall has read this version; once.

    Raises:
        NotFoundError: There is no such card, or the person has no hall.
        NewerCardError: It is not the version that holds.
    """
    if actor.hall_id is None:
        raise NotFoundError
    latest = _read_by(session, scenario, actor.hall_id)
    if latest is None:
        raise NotFoundError
    if latest.number != number:
        raise NewerCardError
    reading = {
        "card_id": latest.card_id,
        "hall_id": actor.hall_id,
        "read_by": actor.person_id,
        "read_at": now,
    }
    insert_new(session.connection(), table_of(CardReadingRow), reading)


def _versions(session: Session, scenario: str) -> Sequence[WorkCardRow]:
    return session.scalars(
        select(WorkCardRow)
        .where(WorkCardRow.scenario == scenario)
        .order_by(WorkCardRow.number.desc())
    ).all()


def _read_by(session: Session, scenario: str, hall_id: str) -> WorkCardRow | None:
    """Return the version that a hall works by: what it tries, else what holds."""
    tries = exists().where(
        PilotRow.card_id == WorkCardRow.card_id,
        PilotHallRow.pilot_id == PilotRow.pilot_id,
        PilotHallRow.hall_id == hall_id,
    )
    return session.scalar(
        select(WorkCardRow)
        .where(
            WorkCardRow.scenario == scenario,
            or_(
                WorkCardRow.state == CardState.HOLDS.value,
                and_(WorkCardRow.state == CardState.TRIAL.value, tries),
            ),
        )
        .order_by(WorkCardRow.number.desc())
        .limit(1)
    )


def _clean(words: str, longest: int) -> str:
    return without_numbers(" ".join(words.split()))[:longest]
