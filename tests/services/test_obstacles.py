"""What stands in the way is told, counted, answered, and asked again as it grows."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError
from auditapp.domain.obstacle import (
    AnsweredError,
    ObstacleAnswer,
    ObstacleKind,
    ObstacleReport,
    ObstacleState,
    VotedError,
)
from auditapp.reads.obstacle_counts import count_obstacles, count_unread
from auditapp.reads.obstacles import ObstacleFilter, get_obstacle, list_obstacles
from auditapp.services.obstacles import (
    answer_obstacle,
    join_obstacle,
    note_answer_read,
    pass_on_obstacle,
    report_obstacle,
)
from auditapp.store.organisation import DepartmentRow, HallRow
from desk_world import NOW, make_world

NO = ObstacleAnswer(ObstacleState.DECLINED, "法规要求。")
WAY = ObstacleReport(
    ObstacleKind.RULE, "本人 到场", "子女来不能办", "白跑一趟，每周三次", "rules"
)


@pytest.fixture
def world(session):
    world = make_world(session)
    for name in ("rules", "it"):
        session.add(DepartmentRow(department_id=name, name_zh=name, name_en=name))
    session.flush()
    return world


def who(world, login, role, **scope):
    return Actor(world.people[login], login, role, **scope)


def manager(world, hall_id="BD01"):
    return who(world, "hall_bd01", Role.HALL_MANAGER, hall_id=hall_id)


def reported(session, actor, report=WAY, at=NOW) -> UUID:
    return report_obstacle(session, actor, report, sign=str, now=at)


def lines(session, actor, at=NOW, **wanted):
    return list_obstacles(session, actor, ObstacleFilter(**wanted), at)


def test_a_hall_reports_and_reads_the_answer(session, world):
    hall = manager(world)
    rules = who(world, "cb1", Role.DEPARTMENT, department_id="rules")
    obstacle_id = reported(session, hall)
    promise = ObstacleAnswer(ObstacleState.ACCEPTED, "改为委托书。", date(2026, 12, 1))
    answer_obstacle(session, rules, obstacle_id, promise, now=NOW)
    assert count_unread(session, hall) == 1
    (line,) = lines(session, hall, is_own=True)
    assert (line.state, line.halls, line.is_unread) == (promise.state, 1, True)
    note_answer_read(session, hall, obstacle_id, now=NOW)
    assert count_unread(session, hall) == 0
    late = NOW + timedelta(days=20)
    assert lines(session, hall, late)[0].is_overdue


def test_a_report_says_what_which_and_what_it_costs(session, world):
    with pytest.raises(InvalidError) as told:
        reported(
            session, manager(world), ObstacleReport(ObstacleKind.RULE, "", " ", "")
        )
    assert len(told.value.problems) == 3
    nowhere = ObstacleReport(ObstacleKind.RULE, "a", "b", "c", "nowhere")
    with pytest.raises(NotFoundError):
        reported(session, manager(world), nowhere)


def test_each_hall_is_counted_once_and_three_more_open_it_again(session, world):
    headquarters = who(world, "hq", Role.HEADQUARTERS)
    obstacle_id = reported(session, manager(world))
    with pytest.raises(VotedError):
        join_obstacle(session, manager(world), obstacle_id, now=NOW)
    answer_obstacle(session, headquarters, obstacle_id, NO, now=NOW)
    with pytest.raises(AnsweredError):
        answer_obstacle(session, headquarters, obstacle_id, NO, now=NOW)
    copied = session.get(HallRow, "BD01").__dict__
    facts = {k: v for k, v in copied.items() if not k.startswith("_")}
    session.add(HallRow(**facts | {"hall_id": "BD03"}))
    session.flush()
    for hall_id, is_open_again in (("BD02", False), ("SX01", False), ("BD03", True)):
        joined = join_obstacle(session, manager(world, hall_id), obstacle_id, now=NOW)
        assert joined is is_open_again
    line, answers = get_obstacle(session, headquarters, obstacle_id, NOW)
    assert (line.state, line.halls) == (ObstacleState.OPEN, 4)
    assert [answer.words for answer in answers] == ["法规要求。"]


def test_only_its_owner_and_headquarters_answer(session, world):
    obstacle_id = reported(session, manager(world))
    it = who(world, "cb1", Role.DEPARTMENT, department_id="it")
    for actor in (it, who(world, "rm_north", Role.REGION_MANAGER), manager(world)):
        with pytest.raises(ForbiddenError):
            answer_obstacle(session, actor, obstacle_id, NO, now=NOW)
    headquarters = who(world, "hq", Role.HEADQUARTERS)
    pass_on_obstacle(session, headquarters, obstacle_id, "it", now=NOW)
    answer_obstacle(session, it, obstacle_id, NO, now=NOW)


def test_a_promise_needs_a_day_to_come(session, world):
    obstacle_id = reported(session, manager(world))
    headquarters = who(world, "hq", Role.HEADQUARTERS)
    for day in (None, date(2026, 11, 17)):
        promise = ObstacleAnswer(ObstacleState.ACCEPTED, "会改。", day)
        with pytest.raises(InvalidError):
            answer_obstacle(session, headquarters, obstacle_id, promise, now=NOW)


def test_an_auditors_report_shows_later_and_never_whose_it_is(session, world):
    auditor = who(world, "a10", Role.AUDITOR)
    obstacle_id = reported(session, auditor)
    headquarters = who(world, "hq", Role.HEADQUARTERS)
    assert lines(session, headquarters)[0].role == "auditor"
    assert lines(session, who(world, "a11", Role.AUDITOR)) == []
    others = (manager(world), who(world, "rm_north", Role.REGION_MANAGER))
    for actor in others:
        assert lines(session, actor) == []
        with pytest.raises(NotFoundError):
            get_obstacle(session, actor, obstacle_id, NOW)
        (line,) = lines(session, actor, NOW + timedelta(days=20))
        assert (line.role, line.hall, line.reported_at) == (None, None, None)
    assert lines(session, auditor)[0].is_own


def test_reports_are_counted_by_rule_and_owner(session, world):
    for hall_id, subject in (("BD01", "本人 到场"), ("SX01", " 本人  到场 ")):
        report = ObstacleReport(WAY.kind, subject, WAY.words, WAY.cost, "rules")
        reported(session, manager(world, hall_id), report)
    reported(session, manager(world), ObstacleReport(WAY.kind, "双人复核", "慢", "慢"))
    counts = count_obstacles(session, manager(world), ObstacleFilter(), NOW)
    assert [(c.subject, c.reports, c.halls, c.waiting) for c in counts] == [
        ("本人 到场", 2, 2, 2),
        ("双人复核", 1, 1, 1),
    ]
    assert len(lines(session, manager(world), owner="nobody")) == 1
