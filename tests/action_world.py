"""The small company with departments, and audits that find something to put right."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from auditapp.reads.people import actor_of
from auditapp.services.action_following import follow_audit
from auditapp.store.actions import ActionRow
from auditapp.store.audits import AuditRow
from auditapp.store.organisation import DepartmentRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow
from desk_world import PASSWORD, cheap_hash, make_audit, make_world

DEPARTMENTS = ("facilities", "it")
CRITICAL, OF_THE_HALL, SUPPORTED = "ext_open", "ent_triage", "int_water"
NO = {"value": "no", "note": "没有做到"}
DAY = timedelta(days=1)
FOUND = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def make_action_world(session):
    """Write the company, two departments and a person in each."""
    world = make_world(session)
    for department in DEPARTMENTS:
        session.add(
            DepartmentRow(
                department_id=department,
                name_zh=f"{department}部",
                name_en=f"Department {department}",
            )
        )
        session.flush()
        person = PersonRow(
            login=f"dep_{department}",
            role="department",
            name_zh=f"{department}经办",
            name_en=f"Clerk of {department}",
            code=f"C-dep-{department}",
            region_ids=[],
            department_id=department,
            password_hash=cheap_hash(PASSWORD),
        )
        session.add(person)
        session.flush()
        world.people[person.login] = person.person_id
    session.commit()
    return world


def check_hall(session, world, failed, *, at=FOUND, state="accepted", **changes):
    """Write an official audit in which these items failed, and let actions follow."""
    audit_id = make_audit(
        session, world, state="in_review", answers=dict.fromkeys(failed, NO), **changes
    )
    audit = session.get(AuditRow, audit_id)
    visit = session.get(VisitRow, audit.visit_id)
    audit.finished_at, audit.state, visit.state = at, "closed", state
    visit.accepted_at = at
    visit.released_at = at if state == "released" else None
    follow_audit(session, audit_id, now=at)
    session.commit()
    return audit_id


def action_of(session, item_id, hall_id="BD01"):
    """Return the action about an item of a hall as it stands now."""
    session.expire_all()
    return session.scalar(
        select(ActionRow).where(
            ActionRow.item_id == item_id, ActionRow.hall_id == hall_id
        )
    )


def actor(session, login):
    """Return somebody of the company."""
    return actor_of(session.scalar(select(PersonRow).where(PersonRow.login == login)))
