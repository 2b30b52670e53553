"""What some of the demonstration's halls practised before the last months."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.month import first_day, later, month_of
from auditapp.store.drills import PracticeRow
from auditapp.store.people import PersonRow

# hall manager, ability, months ago, day of the month
PRACTISED = (
    ("hall_bd02", "communication", 3, 12),
    ("hall_xl01", "perception", 2, 9),
    ("hall_sx04", "composure", 2, 20),
)


def make_practices(session: Session, now: datetime) -> bool:
    """Write the practices; tell whether it was to do."""
    if session.scalar(select(PracticeRow.hall_id).limit(1)) is not None:
        return False
    managers = {
        person.login: person
        for person in session.scalars(
            select(PersonRow).where(PersonRow.role == Role.HALL_MANAGER.value)
        )
    }
    for login, skill, months, day in PRACTISED:
        person = managers[login]
        practised_on: date = first_day(later(month_of(now), -months)).replace(day=day)
        session.add(
            PracticeRow(
                hall_id=person.hall_id or "",
                skill=skill,
                practised_on=practised_on,
                noted_by=person.person_id,
                noted_at=now,
            )
        )
    session.flush()
    return True
