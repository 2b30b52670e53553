"""What some halls say does not suit them, one of them answered."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.services.hall_requests import answer_request, request_change
from auditapp.store.people import PersonRow
from auditapp.store.standards import HallRequestRow

# hall manager, item, reason, days ago
WISHES = (
    (
        "hall_hs02",
        "int_umbrella_rack",
        "门厅只有两平方米，放了伞架轮椅就进不来。我们备了一次性伞套。",
        6,
    ),
    (
        "hall_sx04",
        "int_umbrella_rack",
        "门口是商业街连廊，客户进门时伞已经收好，伞架一直是空的。",
        4,
    ),
    (
        "hall_xl01",
        "int_reading_aids",
        "蒙古族老人多，放大镜用得少，更需要蒙汉双语的填单样例。",
        20,
    ),
)
ANSWERED = "hall_xl01"
ANSWER = "双语填单样例下个月配发；放大镜仍然保留，有一位客户需要就值得放。"


def make_requests(session: Session, now: datetime) -> bool:
    """Let the halls ask and headquarters answer one; tell whether it was to do."""
    if session.scalar(select(HallRequestRow.request_id).limit(1)) is not None:
        return False
    people = {
        person.login: person
        for person in session.scalars(
            select(PersonRow).where(
                PersonRow.login.in_(["hq_std", *(login for login, *_ in WISHES)])
            )
        )
    }
    keeper = Actor(people["hq_std"].person_id, "hq_std", Role.HEADQUARTERS)
    for login, item, reason, days in WISHES:
        person, at = people[login], now - timedelta(days=days)
        asking = Actor(
            person.person_id, login, Role.HALL_MANAGER, hall_id=person.hall_id
        )
        request_id = request_change(session, asking, item, reason, now=at)
        if login == ANSWERED:
            answered_at = at + timedelta(days=days // 2)
            answer_request(session, keeper, request_id, ANSWER, now=answered_at)
    return True
