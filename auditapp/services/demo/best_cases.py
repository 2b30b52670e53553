"""The visit held for the best of one scenario, and the work card made of it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.work_card import CardStep, CardText
from auditapp.reads.cases import compare_cases
from auditapp.reads.people import actor_of
from auditapp.services.cases import choose_best
from auditapp.services.work_cards import note_reading, publish_card
from auditapp.store.cases import BestCaseRow
from auditapp.store.people import PersonRow

SCENARIO = "plan_change"
REASON = (
    "先看了最近三个月的用量再谈套餐，把生效日期写在纸上，最后让客户自己复述了一遍。"
)
CARD = CardText(
    "换套餐：先看用量",
    (
        CardStep("打招呼，请客户坐下，问清想解决什么", 30),
        CardStep("和客户一起看最近三个月的用量", 90),
        CardStep("按用量推荐一种，说清价格和没有的东西", 120),
        CardStep("把生效日期和旧套餐怎样结束写在纸上", 60),
        CardStep("请客户自己复述一遍，不对就再讲", 60),
        CardStep("办理，道别，告诉客户怎样反悔", 120),
    ),
)
READ_BY = 3  # managers whose halls have read it already


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
    number = publish_card(session, keeper, SCENARIO, CARD, after=0, now=now)
    managers = session.scalars(
        select(PersonRow)
        .where(PersonRow.role == Role.HALL_MANAGER.value)
        .order_by(PersonRow.login)
        .limit(READ_BY)
    )
    for manager in map(actor_of, managers):
        note_reading(session, manager, SCENARIO, number, now=now)
    return True
