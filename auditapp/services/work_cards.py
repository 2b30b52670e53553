"""Publishing work cards; a hall says that it has read one."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.work_card import (
    LONGEST_CHANGE,
    LONGEST_STEP,
    LONGEST_TITLE,
    CardStep,
    CardText,
    NewerCardError,
    check_card,
)
from auditapp.services.events import record_event
from auditapp.store.contention import insert_new, table_of
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
    """
    check_card(card, is_first=after == 0)
    latest = _latest(session, scenario)
    if (latest.number if latest else 0) != after:
        raise NewerCardError
    row = WorkCardRow(
        scenario=scenario,
        number=after + 1,
        title=_clean(card.title, LONGEST_TITLE),
        steps=[
            asdict(CardStep(_clean(step.words, LONGEST_STEP), step.seconds))
            for step in card.steps
        ],
        change=_clean(card.change, LONGEST_CHANGE),
        published_by=actor.person_id,
        published_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # the same number at the same moment
        raise NewerCardError from error
    record_event(
        session,
        "work_card.published",
        row.card_id,
        now=now,
        actor_id=actor.person_id,
        scenario=scenario,
        number=row.number,
    )
    return row.number


def note_reading(
    session: Session, actor: Actor, scenario: str, number: int, *, now: datetime
) -> None:
    """Keep that the own hall has read this version; once.

    Raises:
        NotFoundError: There is no such card, or the person has no hall.
        NewerCardError: It is not the version that holds.
    """
    latest = _latest(session, scenario)
    if latest is None or actor.hall_id is None:
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


def _latest(session: Session, scenario: str) -> WorkCardRow | None:
    return session.scalar(
        select(WorkCardRow)
        .where(WorkCardRow.scenario == scenario)
        .order_by(WorkCardRow.number.desc())
        .limit(1)
    )


def _clean(words: str, longest: int) -> str:
    return without_numbers(" ".join(words.split()))[:longest]
