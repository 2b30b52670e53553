"""The visit that the demonstration holds for the best of one scenario."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.reads.cases import compare_cases
from auditapp.services.cases import choose_best
from auditapp.store.cases import BestCaseRow
from auditapp.store.people import PersonRow

SCENARIO = "plan_change"
REASON = (
    "先看了最近三个月的用量再谈套餐，把生效日期写在纸上，最后让客户自己复述了一遍。"
)


def make_best_case(session: Session, now: datetime) -> bool:
    """Choose it; tell whether it was to do."""
    if session.scalar(select(BestCaseRow.choice_id).limit(1)) is not None:
        return False
    cases = compare_cases(session, SCENARIO, None, [])
    if not cases:
        return False
    person_id = session.scalars(
        select(PersonRow.person_id).where(PersonRow.login == "hq_std")
    ).one()
    keeper = Actor(person_id, "hq_std", Role.HEADQUARTERS)
    choose_best(session, keeper, cases[0].visit_id, REASON, now=now)
    return True
