"""Noting that a hall practised a drill."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.drill import check_practised_on
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import local_date
from auditapp.services.events import record_event
from auditapp.store.drills import PracticeRow


def note_practice(
    session: Session,
    actor: Actor,
    skill: str,
    practised_on: date | None,
    *,
    known: Collection[str],
    now: datetime,
) -> None:
    """Note a day on which the own hall practised; noted again it stays one.

    Raises:
        NotFoundError: The person has no hall, or there is no such ability.
        InvalidError: There is no day, or it is long ago or still to come.
    """
    if not actor.hall_id or skill not in known:
        raise NotFoundError
    day = check_practised_on(practised_on, local_date(now))
    if session.get(PracticeRow, (actor.hall_id, skill, day)) is not None:
        return
    session.add(
        PracticeRow(
            hall_id=actor.hall_id,
            skill=skill,
            practised_on=day,
            noted_by=actor.person_id,
            noted_at=now,
        )
    )
    session.flush()
    record_event(
        session,
        "drill.practised",
        actor.hall_id,
        now=now,
        actor_id=actor.person_id,
        skill=skill,
        practised_on=day.isoformat(),
    )
