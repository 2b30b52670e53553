"""The visit held for the best of one scenario, and the work card made of it."""

import random
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import at_hall, first_day, later, month_of
from auditapp.domain.pilot import Measure, PilotPlan
from auditapp.domain.work_card import CardStep, CardText
from auditapp.reads.cases import compare_cases
from auditapp.reads.people import actor_of
from auditapp.services.cases import choose_best
from auditapp.services.pilots import NewCard, begin_pilot
from auditapp.services.work_cards import note_reading, publish_card
from auditapp.store.cases import BestCaseRow
from auditapp.store.organisation import HallRow
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
TRIED = "sim_replace"
TRIED_CARD = CardText(
    "补卡：先核身份再聊",
    (
        CardStep("核对身份证，请客户遮住号码再拍照", 40),
        CardStep("问清手机是丢了还是坏了，丢了先停机", 30),
        CardStep("说清新卡多久能用、原来的验证码短信去哪里", 60),
        CardStep("装卡试打一个电话再递还", 60),
    ),
)
EXPECTED = "客户说得最多的是不知道新卡多久能用；先说清楚，回访得分应该上升。"
TRIED_IN, SEED = 8, 20  # halls, and which of them chance draws
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
    _try_another(session, keeper, now)
    number = publish_card(session, keeper, SCENARIO, CARD, after=0, now=now)
    for manager in _managers(session)[:READ_BY]:
        note_reading(session, manager, SCENARIO, number, now=now)
    return True


def _managers(session: Session) -> list[Actor]:
    rows = session.scalars(
        select(PersonRow)
        .where(PersonRow.role == Role.HALL_MANAGER.value)
        .order_by(PersonRow.login)
    )
    return [actor_of(row) for row in rows]


def _try_another(session: Session, keeper: Actor, now: datetime) -> None:
    """Begin a trial two months ago, so that a month of it is over."""
    first = later(month_of(now), -1)
    begun = at_hall(first_day(first), 9)
    halls = session.scalars(
        select(HallRow.hall_id).where(HallRow.is_active).order_by(HallRow.hall_id)
    ).all()
    chance = random.Random(SEED)  # noqa: S311 (repeatable)
    drawn = chance.sample(halls, TRIED_IN)
    plan = PilotPlan(
        tuple(sorted(drawn)), first, later(first, 2), Measure.CALLBACK, EXPECTED
    )
    card = NewCard(TRIED, TRIED_CARD, 0)
    begin_pilot(session, keeper, card, plan, is_drawn=True, now=begun)
    for manager in _managers(session):
        if manager.hall_id in drawn:
            note_reading(session, manager, TRIED, 1, now=begun)
