"""A complaint goes along its line, each step by its owner and kept for ever."""

from datetime import timedelta
from uuid import uuid4

import pytest

from auditapp.domain.actor import Actor, Role
from auditapp.domain.complaint_line import ComplaintStep, NotYetError
from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError
from auditapp.domain.obstacle import ObstacleKind, ObstacleReport
from auditapp.reads.complaint_steps import get_history
from auditapp.services.complaint_steps import (
    classify_complaint,
    escalate_if_grave,
    note_learned,
    note_progress,
)
from auditapp.services.complaints import answer_complaint
from auditapp.services.obstacles import report_obstacle
from auditapp.store.calls import ComplaintRow
from auditapp.store.customers import CustomerRow
from auditapp.store.organisation import DepartmentRow
from desk_world import NOW, make_world

CONTACTED = ComplaintStep.CONTACTED


@pytest.fixture
def world(session):
    world = make_world(session)
    session.add(DepartmentRow(department_id="it", name_zh="信息", name_en="IT"))
    session.flush()
    return world


@pytest.fixture
def hall(world):
    person_id = world.people["hall_bd01"]
    return Actor(person_id, "h", Role.HALL_MANAGER, hall_id="BD01")


def complaint(session, words="态度冷淡", **facts):
    row = ComplaintRow(
        source="sms",
        hall_id="BD01",
        category="service",
        owner="hall",
        words=words,
        promise_at=NOW + timedelta(days=3),
        state="open",
        created_at=NOW,
        **facts,
    )
    session.add(row)
    session.flush()
    return row


def steps(session, actor, row):
    history = get_history(session, actor, row.complaint_id, NOW)
    return [(each.step.value, each.role) for each in history.steps]


def test_the_owner_takes_it_along_the_line(session, hall):
    row = complaint(session)
    note_progress(session, hall, row.complaint_id, CONTACTED, "打13812345678", now=NOW)
    with pytest.raises(InvalidError):
        note_progress(session, hall, row.complaint_id, CONTACTED, " ", now=NOW)
    with pytest.raises(NotYetError):
        note_learned(session, hall, row.complaint_id, "改了", now=NOW)
    answer_complaint(session, hall, row.complaint_id, "已道歉", "front_line", NOW)
    way = ObstacleReport(ObstacleKind.RULE, "双人复核", "慢", "慢")
    obstacle_id = report_obstacle(session, hall, way, sign=str, now=NOW)
    with pytest.raises(NotFoundError):
        note_learned(session, hall, row.complaint_id, "改了", uuid4(), now=NOW)
    note_learned(session, hall, row.complaint_id, "先招呼", obstacle_id, now=NOW)
    history = get_history(session, hall, row.complaint_id, NOW)
    assert [each.step.value for each in history.steps] == [
        "received",
        "contacted",
        "answered",
        "learned",
    ]
    assert history.steps[1].words == "打138****5678"
    assert history.obstacle is not None
    assert history.obstacle.subject == "双人复核"
    with pytest.raises(NotYetError):
        note_progress(session, hall, row.complaint_id, CONTACTED, "晚了", now=NOW)


def test_filing_it_otherwise_gives_it_to_another_owner(session, world, hall):
    row = complaint(session)
    classify_complaint(session, hall, row.complaint_id, "charging", "it", now=NOW)
    assert (row.category, row.owner, row.cause) == ("charging", "it", "support")
    with pytest.raises(ForbiddenError):
        classify_complaint(session, hall, row.complaint_id, "service", "hall", now=NOW)
    other = Actor(world.people["rm_north"], "x", Role.DEPARTMENT, department_id="hr")
    with pytest.raises(NotFoundError):
        classify_complaint(session, other, row.complaint_id, "service", "it", now=NOW)
    headquarters = Actor(world.people["hq"], "hq", Role.HEADQUARTERS)
    for category, owner in (("nothing", "it"), ("service", "nobody")):
        with pytest.raises(NotFoundError):
            classify_complaint(
                session, headquarters, row.complaint_id, category, owner, now=NOW
            )


def test_a_threat_and_a_repeat_go_up_at_once_and_once(session, hall):
    customer = CustomerRow(phone_hash="h", erase_on=NOW.date())
    session.add(customer)
    session.flush()
    complaint(session, customer_id=customer.customer_id)
    row = complaint(session, "不退就打12315", customer_id=customer.customer_id)
    for _again in range(2):
        row.is_severe = False
        escalate_if_grave(session, row, hall, NOW)
        assert row.is_severe
    history = get_history(session, hall, row.complaint_id, NOW)
    ups = [each for each in history.steps if each.step is ComplaintStep.ESCALATED]
    assert [each.words for each in ups] == ["repeat regulator"]
