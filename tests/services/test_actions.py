"""Corrective actions with a clock that is moved: late, proof, push-back, re-check."""

from hashlib import sha256

import pytest
from sqlalchemy import select

from action_world import (
    CRITICAL,
    DAY,
    FOUND,
    OF_THE_HALL,
    SUPPORTED,
    action_of,
    actor,
    check_hall,
    make_action_world,
)
from auditapp.domain.action import ActionState, NotYoursError, SupportToHallError
from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError
from auditapp.reads.action_thread import get_action
from auditapp.reads.actions import (
    LATE,
    PROOF,
    ActionFilter,
    count_actions,
    list_actions,
)
from auditapp.services import actions
from auditapp.services.action_following import follow_audit
from auditapp.services.action_tending import escalate_late
from auditapp.services.actions import Handover, Said
from auditapp.services.evidence import StoredPhoto
from auditapp.services.overrides import override_item
from auditapp.services.releases import release_month
from auditapp.services.reviews import reopen_audit
from auditapp.store.audits import AuditRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import JobRow

HOUR = DAY / 24
AFTER_MONTH = FOUND + 14 * DAY
ANNE = "hall_bd01"


@pytest.fixture
def world(session):
    return make_action_world(session)


def said(words="修好了。", *photos):
    names = [sha256(name.encode()).hexdigest() for name in photos]
    return Said(words, [StoredPhoto(name, 10, "image/jpeg") for name in names])


def steps(session, login, action):
    found = get_action(session, actor(session, login), action.action_id, FOUND)
    return [entry.step.value for entry in found.entries]


def test_a_department_has_its_action_at_once_and_the_hall_after_the_release(
    session, world
):
    check_hall(session, world, [SUPPORTED])
    supported = action_of(session, SUPPORTED)
    assert (supported.owner, supported.given_at) == ("facilities", FOUND)
    assert supported.due_at == FOUND + 30 * DAY
    hall = actor(session, ANNE)
    wanted = ActionFilter()
    assert list_actions(session, hall, wanted, FOUND) == []
    with pytest.raises(NotFoundError):
        get_action(session, hall, supported.action_id, FOUND)

    release_month(session, "2026-11", now=AFTER_MONTH, actor=actor(session, "hq"))
    session.commit()
    shown = list_actions(session, hall, wanted, AFTER_MONTH)
    assert [line.owner for line in shown] == ["facilities"]
    assert action_of(session, SUPPORTED).given_at == FOUND  # its days go on


def test_what_a_hall_owns_runs_from_the_release(session, world):
    check_hall(session, world, [OF_THE_HALL])
    before = action_of(session, OF_THE_HALL)
    assert (before.owner, before.given_at, before.due_at) == ("hall", None, None)
    release_month(session, "2026-11", now=AFTER_MONTH, actor=actor(session, "hq"))
    session.commit()
    after = action_of(session, OF_THE_HALL)
    assert after.given_at == after.shown_at == AFTER_MONTH
    assert after.due_at > AFTER_MONTH


def test_a_critical_finding_reaches_its_hall_at_once_without_its_source(session, world):
    check_hall(session, world, [CRITICAL])
    action = action_of(session, CRITICAL)
    assert action.shown_at == action.given_at == FOUND
    assert (action.contain_at, action.due_at) == (FOUND + DAY, FOUND + 7 * DAY)
    told = get_action(session, actor(session, ANNE), action.action_id, FOUND)
    assert (told.audit_id, told.kind, told.month) == (None, None, None)
    assert get_action(
        session, actor(session, "rm_north"), action.action_id, FOUND
    ).audit_id


def test_what_is_late_goes_up_one_level_and_a_week_later_one_more(session, world):
    check_hall(session, world, [CRITICAL], state="released")
    manager, late = actor(session, "rm_north"), FOUND + DAY  # not contained in time
    assert escalate_late(session, now=FOUND + DAY / 2) == 0
    assert count_actions(session, manager, late)[LATE] == 1
    assert [escalate_late(session, now=late) for _ in range(2)] == [1, 0]
    assert action_of(session, CRITICAL).level == 1
    assert escalate_late(session, now=late + 7 * DAY) == 1
    assert escalate_late(session, now=late + 60 * DAY) == 0  # nobody is above
    assert action_of(session, CRITICAL).level == 2


def test_proof_is_pushed_back_and_approved(session, world):
    manager, hall = actor(session, "rm_north"), actor(session, ANNE)
    check_hall(session, world, [CRITICAL], state="released")
    action = action_of(session, CRITICAL)
    clock = (FOUND + hours * HOUR for hours in range(1, 9))
    contained = next(clock)
    actions.contain(session, hall, action.action_id, said("已开门。"), now=contained)
    with pytest.raises(NotYoursError):
        actions.contain(session, hall, action.action_id, said(), now=contained)
    with pytest.raises(InvalidError):  # no proof without a photo
        actions.send_proof(session, hall, action.action_id, said(), now=contained)
    first, second, missing = said("好了", "a"), said("换了", "b"), said("还差门牌")
    actions.send_proof(session, hall, action.action_id, first, now=next(clock))
    assert count_actions(session, manager, contained)[PROOF] == 1
    with pytest.raises(ForbiddenError):
        actions.approve(session, hall, action.action_id, said(), now=contained)
    actions.push_back(session, manager, action.action_id, missing, now=next(clock))
    actions.send_proof(session, hall, action.action_id, second, now=next(clock))
    actions.approve(session, manager, action.action_id, said(""), now=next(clock))
    assert action_of(session, CRITICAL).state == ActionState.APPROVED.value
    assert steps(session, ANNE, action) == [
        "raised",
        "contained",
        "proof",
        "pushed_back",
        "proof",
        "approved",
    ]


def put_right(session, item_id, at):
    """Let the hall send proof of an item and the region approve it."""
    action = action_of(session, item_id)
    hall, manager = actor(session, ANNE), actor(session, "rm_north")
    actions.send_proof(session, hall, action.action_id, said("好了", "a"), now=at)
    actions.approve(session, manager, action.action_id, said(""), now=at + HOUR)
    session.commit()


def test_the_next_check_closes_an_action_and_a_later_one_opens_it_again(session, world):
    check_hall(session, world, [CRITICAL], state="released")
    escalate_late(session, now=FOUND + 2 * DAY)
    put_right(session, CRITICAL, FOUND + 3 * DAY)

    passing = FOUND + 12 * DAY
    check_hall(session, world, [], at=passing, state="released")
    closed = action_of(session, CRITICAL)
    assert (closed.state, closed.closed_at) == (ActionState.CLOSED.value, passing)

    failing = FOUND + 40 * DAY
    check_hall(session, world, [CRITICAL], at=failing, state="released")
    reopened = action_of(session, CRITICAL)
    assert (reopened.state, reopened.recurrences) == (ActionState.OPEN.value, 1)
    assert reopened.due_at == failing + 7 * DAY
    assert (reopened.level, reopened.proof_at, reopened.closed_at) == (0, None, None)
    assert steps(session, ANNE, reopened)[-3:] == ["approved", "closed", "failed_again"]


def test_proof_of_what_passed_meanwhile_closes_at_once(session, world):
    check_hall(session, world, [OF_THE_HALL], state="released")
    check_hall(session, world, [], at=FOUND + 5 * DAY, state="released")
    action = action_of(session, OF_THE_HALL)
    assert (
        action.state == ActionState.OPEN.value
    )  # passing alone says not what was done
    put_right(session, OF_THE_HALL, FOUND + 6 * DAY)
    assert action_of(session, OF_THE_HALL).state == ActionState.CLOSED.value


def test_a_finding_that_is_decided_otherwise_is_withdrawn(session, world):
    audit_id = check_hall(session, world, [CRITICAL], state="released")
    override_item(
        session,
        actor(session, "hq"),
        audit_id,
        CRITICAL,
        "yes",
        "监控显示开着门",
        FOUND,
    )
    assert action_of(session, CRITICAL).state == ActionState.WITHDRAWN.value


def test_an_audit_that_is_taken_back_takes_its_actions_back(session, world):
    audit_id = check_hall(session, world, [CRITICAL])
    manager = actor(session, "rm_north")
    reopen_audit(session, manager, audit_id, 7, FOUND + HOUR)
    assert action_of(session, CRITICAL).state == ActionState.WITHDRAWN.value
    visit = session.scalar(
        select(VisitRow)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .where(AuditRow.audit_id == audit_id)
    )
    visit.state = "accepted"
    follow_audit(session, audit_id, now=FOUND + 2 * HOUR)
    follow_audit(session, audit_id, now=FOUND + 3 * HOUR)
    action = action_of(session, CRITICAL)
    assert (action.state, action.recurrences) == (ActionState.OPEN.value, 0)
    assert steps(session, "hq", action) == ["raised", "withdrawn", "raised"]


def test_a_support_cause_cannot_be_sent_to_a_hall_and_the_page_can_say_why(
    session, world
):
    check_hall(session, world, [SUPPORTED], state="released")
    action = action_of(session, SUPPORTED)
    manager = actor(session, "rm_north")
    with pytest.raises(SupportToHallError) as refused:
        actions.hand_over(
            session,
            manager,
            action.action_id,
            Handover("support", "hall", "他们自己弄"),
            now=FOUND,
        )
    assert "部门" in refused.value.text.zh
    wrong = Handover("process", "nobody_knows", "试试")
    with pytest.raises(InvalidError):
        actions.hand_over(session, manager, action.action_id, wrong, now=FOUND)
    later = FOUND + 3 * DAY
    to_it = Handover("process", "it", "系统没有配置", "请改好叫号屏")
    actions.hand_over(session, manager, action.action_id, to_it, now=later)
    action = action_of(session, SUPPORTED)
    assert (action.owner, action.cause, action.task) == (
        "it",
        "process",
        "请改好叫号屏",
    )
    assert (action.given_at, action.due_at) == (later, later + 30 * DAY)
    with pytest.raises(NotFoundError):  # it is no longer theirs
        get_action(session, actor(session, "dep_facilities"), action.action_id, later)


def test_nobody_works_on_what_is_another_ones(session, world):
    check_hall(session, world, [SUPPORTED], state="released")
    action = action_of(session, SUPPORTED)
    for login, error in (
        (ANNE, ForbiddenError),
        ("hq_view", ForbiddenError),
        ("dep_it", NotFoundError),
        ("rm_east", NotFoundError),
        ("sup", NotFoundError),
        ("a10", NotFoundError),
    ):
        with pytest.raises(error):
            actions.send_proof(
                session,
                actor(session, login),
                action.action_id,
                said("好了", "a"),
                now=FOUND,
            )
    clerk = actor(session, "dep_facilities")
    actions.send_proof(session, clerk, action.action_id, said("已送水"), now=FOUND)
    with pytest.raises(ForbiddenError):
        actions.approve(session, clerk, action.action_id, said(), now=FOUND)
    actions.comment(session, actor(session, ANNE), action.action_id, said(), now=FOUND)


def test_the_list_shows_late_ones_first_and_the_counts_agree(session, world):
    check_hall(session, world, [SUPPORTED, CRITICAL, OF_THE_HALL], state="released")
    check_hall(session, world, [CRITICAL], hall_id="SX01", state="released")
    now = FOUND + 8 * DAY
    manager = actor(session, "rm_north")
    lines = list_actions(session, manager, ActionFilter(), now)
    assert [line.hall_id for line in lines] == ["BD01"] * 3
    assert (lines[0].severity.value, lines[0].is_late) == ("critical", True)
    counts = count_actions(session, manager, now)
    for which, count in counts.items():
        listed = list_actions(session, manager, ActionFilter(which), now)
        assert len(listed) == count, which
    assert counts["late"] == 1
    assert counts["open"] == 3


def test_a_hall_cannot_tell_from_its_actions_when_it_was_visited(session, world):
    check_hall(session, world, [OF_THE_HALL], state="released")
    put_right(session, OF_THE_HALL, FOUND + 3 * DAY)
    hall = actor(session, ANNE)

    def read():
        action = action_of(session, OF_THE_HALL)
        return get_action(session, hall, action.action_id, FOUND + 20 * DAY)

    before = read()
    secret = FOUND + 12 * DAY
    audit_id = check_hall(session, world, [], at=secret)  # passes, not released
    check_hall(session, world, [SUPPORTED], at=secret)
    assert read() == before
    visit_id = session.get(AuditRow, audit_id).visit_id
    session.get(VisitRow, visit_id).state = "released"
    follow_audit(session, audit_id, now=FOUND + 19 * DAY)
    closed = read()
    assert closed.line.state is ActionState.CLOSED
    assert closed.entries[-1].at is None
    release_month(session, "2026-11", now=AFTER_MONTH, actor=actor(session, "hq"))
    session.commit()
    [facilities] = list_actions(session, hall, ActionFilter(), AFTER_MONTH)
    assert (facilities.due_at, facilities.given_at) == (None, None)
    assert action_of(session, SUPPORTED).given_at == secret
    assert session.scalar(select(JobRow.subject).where(JobRow.kind == "actions.follow"))
