"""A country with twelve months behind it and a full desk: what people look at."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from auditapp.domain.month import later
from auditapp.services.accounts import hash_password
from auditapp.services.months import score_month
from auditapp.services.profiles import profile_month
from auditapp.settings import DEMO_PASSWORD
from auditapp.store.actions import ActionRow
from auditapp.store.appeals import AppealRow
from auditapp.store.contention import table_of
from auditapp.store.months import MonthRow, MonthScoreRow
from auditapp.store.obstacles import ObstacleRow, ObstacleVoteRow
from auditapp.store.organisation import AgencyRow, DepartmentRow
from auditapp.store.people import PersonRow
from auditapp.store.profiles import HallProfileRow, ProfileSumRow
from load.month_world import MONTH, NOW, Words, audit_statements, make_world

MONTHS = 12
THIS_MONTH = later(MONTH, 1)
NAMES = {"name_zh": "压测", "name_en": "Load"}
DEPARTMENTS = ("facilities", "it", "marketing", "training", "network")
ACTIONS_PER_HALL, APPEALS, OBSTACLES, VOTES = 4, 2_000, 500, 20
STATES = ("open", "proof_sent", "approved", "closed", "closed")
SEVERITIES = ("critical", "major", "minor")
PEOPLE: dict[str, dict[str, Any]] = {
    "hq": {"role": "headquarters"},
    "admin": {"role": "admin"},
    "hall": {"role": "hall_manager", "hall_id": "H000000"},
    "department": {"role": "department", "department_id": "facilities"},
    "agency": {"role": "agency_supervisor", "agency_id": "A1"},
    "inspector": {"role": "inspector", "region_ids": ["R0"]},
    "callback": {"role": "callback_agent"},
    **{
        f"region{number}": {"role": "region_manager", "region_ids": [f"R{number}"]}
        for number in range(5)
    },
}


def make_desk(engine: Engine, halls: int) -> None:
    """Fill an empty database; one month is scored, the eleven before are its copies."""
    make_world(engine, halls)
    words = Words(engine.dialect.name == "postgresql", halls)
    with Session(engine) as session:
        session.execute(insert(MonthRow), list(_months()))
        score_month(session, MONTH, now=NOW)
        session.commit()
        profile_month(session, MONTH)
        session.commit()
        for back in range(-1, MONTHS):
            if back:
                month, first = later(MONTH, -back), (back + 2) * 1_000_000
                for statement in audit_statements(words, halls, month, first):
                    session.execute(text(statement))
            if back > 0:
                for row in (MonthScoreRow, HallProfileRow, ProfileSumRow):
                    session.execute(text(_copied(row, later(MONTH, -back))))
            session.commit()
        _fill_desk(session, halls)
        session.commit()
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _months() -> Iterator[dict[str, Any]]:
    known = {"ledger_number": 0, "changed_at": NOW}
    for back in range(-1, MONTHS):
        state = "closed" if back > 0 else "collecting"
        yield {"month": later(MONTH, -back), "state": state, **known}


def _copied(row: type[Any], month: str) -> str:
    names = [column.name for column in table_of(row).columns]
    values = [f"'{month}'" if name == "month" else name for name in names]
    return (
        f"INSERT INTO {row.__tablename__} ({', '.join(names)})"
        f" SELECT {', '.join(values)} FROM {row.__tablename__} WHERE month = '{MONTH}'"
    )


def _fill_desk(session: Session, halls: int) -> None:
    session.execute(
        insert(DepartmentRow),
        [{"department_id": name, **NAMES} for name in DEPARTMENTS],
    )
    session.execute(insert(AgencyRow), [{"agency_id": "A1", **NAMES}])
    session.flush()
    _hire(session)
    session.flush()
    # of this month a part waits for review, the rest is still on its way
    this_month = f"month = '{THIS_MONTH}'"
    some = "substr(hall_id, 7, 1)"
    for condition, state, audit_state in (
        (f"{some} IN ('0', '1')", "in_review", "complete"),
        (f"{some} = '2'", "returned", "returned"),
        (f"{some} = '3'", "accepted", "closed"),
        (f"{some} = '9'", "rejected", "closed"),
    ):
        which = f"{this_month} AND {condition}"
        session.execute(text(f"UPDATE visits SET state = '{state}' WHERE {which}"))
        session.execute(
            text(
                f"UPDATE audits SET state = '{audit_state}' WHERE visit_id IN"
                f" (SELECT visit_id FROM visits WHERE {which})"
            )
        )
    session.execute(
        text(
            "INSERT INTO review_turns (audit_id, revision, level, began_at, due_at)"
            " SELECT audit_id, 1, CASE WHEN kind = 'mystery' THEN 'second' ELSE"
            " 'first' END, completed_at, completed_at FROM audits JOIN visits ON"
            " visits.visit_id = audits.visit_id WHERE visits.state = 'in_review'"
        )
    )
    session.execute(insert(ActionRow), list(_actions(halls)))
    session.execute(insert(AppealRow), list(_appeals(halls)))
    _stand_in_the_way(session, halls)


def _hire(session: Session) -> None:
    known = {"password_hash": hash_password(DEMO_PASSWORD), "is_active": True, **NAMES}
    nothing = {"hall_id": None, "department_id": None, "agency_id": None}
    session.execute(
        insert(PersonRow),
        [
            {"login": login, "code": login, "region_ids": [], **nothing, **known, **own}
            for login, own in PEOPLE.items()
        ],
    )
    # the first auditors are the agency's
    session.execute(
        text("UPDATE people SET agency_id = 'A1' WHERE login LIKE 'bench_'")
    )


def _uuid(kind: int, number: int) -> UUID:
    return UUID(f"{kind}{number:031x}")


def _actions(halls: int) -> Iterator[dict[str, Any]]:
    now = datetime.now(UTC)
    for number in range(ACTIONS_PER_HALL * halls):
        hall, place = number % halls, number // halls
        state = STATES[(hall + place) % len(STATES)]
        owners = ("hall", *DEPARTMENTS)
        at = NOW - timedelta(days=hall % 300)
        yield {
            "hall_id": f"H{hall:06d}",
            "item_id": f"item{place}",
            "item": {"zh": "压测项", "en": "Item", "guide": None},
            "audit_id": _uuid(2, hall),
            "kind": "mystery",
            "month": MONTH,
            "failed_at": at,
            "severity": SEVERITIES[hall % 3],
            "cause": "support" if place % 2 else "process",
            "owner": owners[hall % len(owners)],
            "state": state,
            "given_at": at,
            "shown_at": at,
            "due_at": now + timedelta(days=hall % 20 - 6),
            "approved_at": at if state in ("approved", "closed") else None,
            "closed_at": at if state == "closed" else None,
        }


def _appeals(halls: int) -> Iterator[dict[str, Any]]:
    for number in range(min(APPEALS, halls)):
        yield {
            "audit_id": _uuid(2, number),
            "item_id": "item0",
            "hall_id": f"H{number:06d}",
            "reason": "压测",
            "state": ("open", "upheld", "overturned")[number % 3],
            "lodged_by": _uuid(9, 0),
            "lodged_at": NOW,
        }


def _stand_in_the_way(session: Session, halls: int) -> None:
    reports = range(min(OBSTACLES, halls))
    session.execute(
        insert(ObstacleRow),
        [
            {
                "obstacle_id": _uuid(5, number),
                "kind": "rule" if number % 2 else "system",
                "subject": f"Rule {number % 40}",
                "words": "压测",
                "cost": "压测",
                "owner": DEPARTMENTS[number % len(DEPARTMENTS)],
                "role": "hall_manager",
                "month": MONTH,
                "hall_id": f"H{number:06d}",
                "reported_by": _uuid(9, 0),
                "reported_at": NOW,
                "state": "open" if number % 3 else "accepted",
            }
            for number in reports
        ],
    )
    session.flush()
    session.execute(
        insert(ObstacleVoteRow),
        [
            {
                "obstacle_id": _uuid(5, number),
                "hall_id": f"H{(number + 7 * vote) % halls:06d}",
                "voted_by": _uuid(9, 0),
                "voted_at": NOW,
            }
            for number in reports
            for vote in range(min(VOTES, halls // 7))
        ],
    )
