"""Rules and systems that hinder the demonstration's people, some of them answered."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import local_date
from auditapp.domain.obstacle import (
    ObstacleAnswer,
    ObstacleKind,
    ObstacleReport,
    ObstacleState,
)
from auditapp.services.completion import Sign
from auditapp.services.obstacles import (
    answer_obstacle,
    join_obstacle,
    note_answer_read,
    report_obstacle,
)
from auditapp.store.obstacles import ObstacleRow
from auditapp.store.people import PersonRow

RULE, SYSTEM = ObstacleKind.RULE, ObstacleKind.SYSTEM
# login, days ago, report, halls that say the same
REPORTS = (
    (
        "hall_xl01",
        38,
        ObstacleReport(
            RULE,
            "销户须本人到场",
            "老人住院，子女带证件和住院证明来，系统里没有代办的入口，只能请回。",
            "客户白跑一趟，员工解释十多分钟；每月约六次。",
            "rules",
        ),
        ("hall_bd02", "hall_sx04", "hall_hs02"),
    ),
    (
        "hall_bd02",
        24,
        ObstacleReport(
            SYSTEM,
            "实名拍照系统",
            "逆光或戴眼镜时要拍三四次才通过，排队的人看着。",
            "每位多等四分钟，高峰时一天二十次。",
            "it",
        ),
        ("hall_xl01", "hall_sx04"),
    ),
    (
        "hall_sx04",
        12,
        ObstacleReport(
            RULE,
            "二十元以内减免须区域批准",
            "多收十二元，道歉容易，退钱要等区域批三天。",
            "客户再来一次；员工补三张表。",
        ),
        ("hall_hs02",),
    ),
    (
        "cb1",
        9,
        ObstacleReport(
            SYSTEM,
            "工单系统",
            "客户问修到哪一步，回访看不到网络部的进度。",
            "同一位客户再打一次电话，每周约十次。",
            "network",
        ),
        (),
    ),
    (
        "insp_north",
        3,
        ObstacleReport(
            RULE,
            "演示机须锁柜",
            "营业时间也锁在柜里，客户想试要找值班经理拿钥匙。",
            "想买的人等五分钟，多半走了。",
            "marketing",
        ),
        ("hall_bd02",),
    ),
)
ANSWERS = {
    "销户须本人到场": (
        "已提交修订：持委托书和双方证件可以代办，下月起试行。",
        ObstacleState.ACCEPTED,
    ),
    "演示机须锁柜": (
        "防盗要求来自保险合同；可以用带绳的样机，市场部配发。",
        ObstacleState.EXPLAINED,
    ),
}
PROMISED = timedelta(days=21)


def make_obstacles(session: Session, sign: Sign, now: datetime) -> bool:
    """Let them report and headquarters answer two; tell whether it was to do."""
    if session.scalar(select(ObstacleRow.obstacle_id).limit(1)) is not None:
        return False
    for login, days, report, halls in REPORTS:
        at, reporter = now - timedelta(days=days), _actor(session, login)
        obstacle_id = report_obstacle(session, reporter, report, sign=sign, now=at)
        for number, hall in enumerate(halls, 1):
            later = at + timedelta(hours=9 * number)
            join_obstacle(session, _actor(session, hall), obstacle_id, now=later)
        if report.subject in ANSWERS:
            words, state = ANSWERS[report.subject]
            due_on = local_date(now + PROMISED)
            answer = ObstacleAnswer(state, words, due_on)
            keeper, then = _actor(session, "hq_std"), at + timedelta(days=2)
            answer_obstacle(session, keeper, obstacle_id, answer, now=then)
            if state is ObstacleState.EXPLAINED:
                note_answer_read(session, reporter, obstacle_id, now=then)
    return True


def _actor(session: Session, login: str) -> Actor:
    person = session.scalars(select(PersonRow).where(PersonRow.login == login)).one()
    return Actor(
        person.person_id,
        login,
        Role(person.role),
        hall_id=person.hall_id,
        department_id=person.department_id,
    )
