"""Customers are drawn by rule, called by one agent at a time, and nothing is lost."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from auditapp.domain.actor import Actor, Role
from auditapp.domain.callback import CallOutcome, NotInCallError, NotNowError
from auditapp.domain.complaint import CheckOutcome, ComplaintState, NoCauseError
from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError
from auditapp.extensions import unit_of_work
from auditapp.services.callback_endings import (
    finish_call,
    let_go_of_late,
    undo_ending,
)
from auditapp.services.callbacks import (
    end_call,
    next_call,
    reveal_for_call,
    save_answer,
    save_note,
)
from auditapp.services.complaints import (
    Told,
    answer_complaint,
    close_check,
    record_complaint,
    reveal_for_check,
)
from auditapp.store.calls import CallbackRow, CallTryRow, ComplaintRow
from auditapp.store.customers import CustomerRow
from auditapp.store.organisation import DepartmentRow
from auditapp.store.responses import ResponseRow, TallyRow
from auditapp.store.work import EventRow
from call_samples import (
    NOW,
    agent_of,
    draw,
    make_call_world,
    make_transaction,
    phone_of,
)


@pytest.fixture
def world(session):
    return make_call_world(session)


@pytest.fixture
def vault(app):
    return app.extensions["phone_vault"]


@pytest.fixture
def call(session, world, vault):
    """Return a call that cb1 has in hand, with its agent."""
    make_transaction(session, vault, phone=phone_of(12345678))
    draw(session)
    agent = agent_of(world)
    return next_call(session, agent, now=NOW), agent


def states(session):
    session.expire_all()
    return {row.callback_id: row for row in session.scalars(select(CallbackRow))}


def customer(session):
    session.expire_all()
    return session.scalars(select(CustomerRow)).one()


@pytest.mark.usefixtures("world")
def test_a_draw_takes_only_whom_the_rules_allow_and_once_a_day(session, vault):
    fine = make_transaction(session, vault)
    make_transaction(session, vault, days_ago=0)
    make_transaction(session, vault, days_ago=4)
    for change in (
        {"refused_at": NOW},
        {"stopped_at": NOW},
        {"phone_sealed": None},
        {"last_called_at": NOW - timedelta(days=89)},
    ):
        row = make_transaction(session, vault)
        person = session.get(CustomerRow, row.customer_id)
        for name, value in change.items():
            setattr(person, name, value)
    twice = phone_of(99)
    make_transaction(session, vault, phone=twice, hall_id="SX01")
    make_transaction(session, vault, phone=twice, hall_id="SX01")
    session.commit()

    assert draw(session) == 2
    drawn = session.scalars(select(CallbackRow)).all()
    assert {row.hall_id for row in drawn} == {"BD01", "SX01"}
    assert fine.transaction_id in {row.transaction_id for row in drawn}
    make_transaction(session, vault, hall_id="BD02")
    assert draw(session) == 0, "the day was drawn"
    assert draw(session, again=True) == 1, "unless somebody says again"
    # tomorrow who came today and who was called 89 days ago, and nobody twice
    assert draw(session, NOW + timedelta(days=1)) == 2


@pytest.mark.usefixtures("world")
def test_a_hall_gets_no_more_than_its_share_of_the_month_by_today(session, vault):
    for number in range(20):
        business = ("plan_change", "repair", "broadband")[number % 3]
        make_transaction(session, vault, business=business)
    assert draw(session) == 7  # 12 · 17/30
    counts = dict(
        session.execute(
            select(CallbackRow.business, func.count()).group_by(CallbackRow.business)
        ).all()
    )
    assert sorted(counts.values()) == [2, 2, 3]
    refused = session.scalars(select(CallbackRow)).first()
    refused.state = "refused"
    session.commit()
    assert draw(session, again=True) == 1, "somebody else instead"


def test_answers_count_in_the_month_at_once_and_a_reload_loses_nothing(session, call):
    callback_id, agent = call
    given = {"cb_solved": "first", "cb_wait": "5", "cb_overall": "9", "cb_expect": ""}
    for item_id, raw in given.items():
        save_answer(session, agent, callback_id, item_id, raw, NOW)
        session.commit()
    session.expire_all()
    row = session.get(CallbackRow, callback_id)
    assert row.answers == {
        "cb_solved": "first", "cb_wait": 5, "cb_overall": 9, "cb_expect": None
    }  # fmt: skip
    assert next_call(session, agent, now=NOW) == callback_id, "the one in hand"

    response_id = finish_call(session, agent, callback_id, NOW)
    session.commit()

    session.expire_all()
    response = session.get(ResponseRow, response_id)
    assert (response.origin, response.origin_key) == ("call", str(callback_id))
    assert response.answers == {"cb_solved": "first", "cb_wait": 5, "cb_overall": 9}
    assert response.words is None
    row = session.get(CallbackRow, callback_id)
    assert (row.state, row.response_id, row.answers) == ("completed", response_id, {})
    tally = session.get(TallyRow, ("2026-11", "BD01", "callback"))
    assert (tally.responses, tally.total_milli) == (1, response.score_milli)
    with pytest.raises(NotInCallError):
        finish_call(session, agent, callback_id, NOW)


def test_words_with_a_number_in_them_are_kept_without_it(session, call):
    callback_id, agent = call
    save_answer(session, agent, callback_id, "cb_wait", "2", NOW)
    save_answer(
        session, agent, callback_id, "cb_expect", "打我 138 1234 5678，太慢", NOW
    )
    save_note(session, agent, callback_id, "改打13812345678", NOW)
    assert "5678，太慢" in session.get(CallbackRow, callback_id).answers["cb_expect"]
    response = session.get(ResponseRow, finish_call(session, agent, callback_id, NOW))
    assert response.words.startswith("打我 138****5678")


def test_a_false_answer_or_question_is_refused_and_changes_nothing(session, call):
    callback_id, agent = call
    with pytest.raises(InvalidError):
        save_answer(session, agent, callback_id, "cb_wait", "6", NOW)
    for item_id in ("cb_where", "nothing"):  # cb_where is asked after a low score only
        with pytest.raises(NotFoundError):
            save_answer(session, agent, callback_id, item_id, "process", NOW)
    with pytest.raises(InvalidError):
        finish_call(session, agent, callback_id, NOW)
    assert session.get(CallbackRow, callback_id).answers == {}


def test_another_agents_call_does_not_exist(session, world, call, vault):
    callback_id, _agent = call
    other = agent_of(world, "cb2")
    for deed in (
        lambda: save_answer(session, other, callback_id, "cb_wait", "5", NOW),
        lambda: reveal_for_call(session, vault, other, callback_id, NOW),
        lambda: finish_call(session, other, callback_id, NOW),
        lambda: end_call(session, other, callback_id, CallOutcome.REFUSED, NOW),
        lambda: undo_ending(session, other, callback_id, NOW),
    ):
        with pytest.raises(NotFoundError):
            deed()
    assert next_call(session, other, now=NOW) is None


def test_a_call_left_lying_goes_to_a_colleague(session, world, call):
    callback_id, agent = call
    other, later = agent_of(world, "cb2"), NOW + timedelta(minutes=31)
    save_answer(session, agent, callback_id, "cb_wait", "5", NOW)
    session.commit()
    assert next_call(session, other, now=later) == callback_id
    session.commit()
    with pytest.raises(NotFoundError):
        save_answer(session, agent, callback_id, "cb_wait", "1", later)
    tries = session.scalars(select(CallTryRow).order_by(CallTryRow.ended_at)).all()
    assert sorted(row.outcome or "" for row in tries) == ["", "dropped"]


def test_refusing_once_is_for_ever_and_can_be_taken_back_at_once(session, call, vault):
    callback_id, agent = call
    end_call(session, agent, callback_id, CallOutcome.REFUSED, NOW)
    session.commit()
    assert customer(session).refused_at == NOW
    undo_ending(session, agent, callback_id, NOW + timedelta(minutes=1))
    session.commit()
    assert customer(session).refused_at is None
    assert states(session)[callback_id].state == "in_call"
    end_call(session, agent, callback_id, CallOutcome.REFUSED, NOW)
    session.commit()
    with pytest.raises(NotInCallError):
        undo_ending(session, agent, callback_id, NOW + timedelta(minutes=11))
    much_later = NOW + timedelta(days=200)
    make_transaction(session, vault, phone=phone_of(12345678), now=much_later)
    assert draw(session, much_later) == 0


def test_no_answer_is_tried_once_more_and_first(session, call, vault):
    callback_id, agent = call
    end_call(session, agent, callback_id, CallOutcome.NO_ANSWER, NOW)
    make_transaction(session, vault)
    session.commit()
    draw(session, again=True)
    again_at = states(session)[callback_id].next_try_at
    assert again_at == NOW + timedelta(hours=3)
    assert next_call(session, agent, now=NOW) != callback_id
    session.rollback()
    assert next_call(session, agent, now=again_at) == callback_id, "promised first"
    end_call(session, agent, callback_id, CallOutcome.BUSY, again_at)
    session.commit()
    row = states(session)[callback_id]
    assert (row.state, row.tries) == ("unreachable", 2)


def test_a_wrong_number_is_erased_and_a_late_call_let_go(session, call, vault):
    callback_id, agent = call
    end_call(session, agent, callback_id, CallOutcome.WRONG_NUMBER, NOW)
    session.commit()
    assert customer(session).erase_on == NOW.date()
    late = make_transaction(session, vault, hall_id="SX01", days_ago=3)
    draw(session, again=True)
    assert let_go_of_late(session, now=NOW + timedelta(hours=11)) == 1
    session.commit()
    by_transaction = {row.transaction_id: row for row in states(session).values()}
    assert by_transaction[late.transaction_id].state == "let_go"


def test_nobody_is_called_or_shown_at_night(session, call, vault):
    callback_id, agent = call
    night = NOW + timedelta(hours=11)
    with pytest.raises(NotNowError):
        reveal_for_call(session, vault, agent, callback_id, night)
    end_call(session, agent, callback_id, CallOutcome.DROPPED, NOW)
    with pytest.raises(NotNowError):
        next_call(session, agent, now=night)


def test_who_saw_a_number_is_written_down_and_the_number_nowhere(session, call, vault):
    callback_id, agent = call
    number = reveal_for_call(session, vault, agent, callback_id, NOW)
    session.commit()
    assert number == "+8613812345678"
    event = session.scalars(
        select(EventRow).where(EventRow.name == "customer.number_revealed")
    ).one()
    assert event.actor_id == agent.person_id
    assert event.details == {"purpose": f"callback {callback_id}"}
    assert session.scalars(select(CallTryRow.revealed_at)).one() == NOW
    for table in CallbackRow.metadata.sorted_tables:
        for row in session.execute(select(table)):
            assert b"13812345678" not in repr(tuple(row)).encode(), table.name


def test_agents_at_the_same_moment_never_get_the_same_call(app, session, vault):
    world = make_call_world(session)
    for _ in range(6):
        make_transaction(session, vault)
    assert draw(session) == 6
    agents = [agent_of(world, login) for login in ("cb1", "cb2")]
    agents += [
        Actor(world.people[login], login, Role.CALLBACK_AGENT)
        for login in ("hq", "admin", "a10", "sup")
    ]

    def take(agent):
        with app.app_context(), unit_of_work() as own:
            return next_call(own, agent, now=NOW)

    with ThreadPoolExecutor(12) as pool:
        given = list(pool.map(take, agents + agents))
    assert None not in given
    by_agent = {}
    for agent, callback_id in zip(agents + agents, given, strict=True):
        by_agent.setdefault(agent.login, set()).add(callback_id)
    assert all(len(calls) == 1 for calls in by_agent.values()), "one at a time"
    every = [call for calls in by_agent.values() for call in calls]
    assert len(every) == len(set(every)), "nobody shares a call"


@pytest.fixture
def told(session, call):
    """Return a complaint that cb1 recorded, and what it was."""
    session.add(DepartmentRow(department_id="marketing", name_zh="市场", name_en="M"))
    session.flush()
    callback_id, agent = call
    told = Told("marketing", None, "marketing", "没同意就开通 13812345678", 2)
    return record_complaint(session, agent, callback_id, told, NOW), agent, callback_id


def department(world, name="marketing"):
    return Actor(world.people["sup"], "d", Role.DEPARTMENT, department_id=name)


def test_a_complaint_is_answered_with_a_cause_and_closed_after_contact(
    session, world, told, vault
):
    complaint_id, agent, callback_id = told
    owner = department(world)
    again = Told("marketing", None, "marketing", "更正", 3, is_severe=True)
    assert record_complaint(session, agent, callback_id, again, NOW) == complaint_id
    with pytest.raises(NotFoundError):
        answer_complaint(
            session, department(world, "it"), complaint_id, "好", "process", NOW
        )
    with pytest.raises(NoCauseError):
        answer_complaint(session, owner, complaint_id, "已关闭业务", None, NOW)
    hall = Actor(world.people["hall_bd01"], "h", Role.HALL_MANAGER, hall_id="BD01")
    with pytest.raises(ForbiddenError):
        answer_complaint(session, hall, complaint_id, "好", "process", NOW)
    answer_complaint(session, owner, complaint_id, "已关闭业务", "process", NOW)
    session.commit()

    assert reveal_for_check(session, vault, agent, complaint_id, NOW).endswith("5678")
    state = close_check(session, agent, complaint_id, CheckOutcome.NOT_SOLVED, 2, NOW)
    assert state is ComplaintState.OPEN, "with a new promise"
    answer_complaint(session, owner, complaint_id, "已退费", None, NOW)
    for expected in (ComplaintState.ANSWERED, ComplaintState.CLOSED):
        state = close_check(
            session, agent, complaint_id, CheckOutcome.NOT_REACHED, 3, NOW
        )
        assert state is expected
    row = session.get(ComplaintRow, complaint_id)
    assert (row.outcome, row.closed_at) == ("not_reached", NOW)
    names = session.scalars(
        select(EventRow.name).where(EventRow.subject == str(complaint_id))
    ).all()
    assert names.count("complaint.checked") == 3


def test_who_wants_no_contact_is_not_asked(session, world, told):
    complaint_id, agent, callback_id = told
    quiet = Told("network", "support", "hall", "没信号", 3, may_contact=False)
    record_complaint(session, agent, callback_id, quiet, NOW)
    hall = Actor(world.people["hall_bd01"], "h", Role.HALL_MANAGER, hall_id="BD01")
    answer_complaint(session, hall, complaint_id, "已报修", None, NOW)
    row = session.get(ComplaintRow, complaint_id)
    assert (row.state, row.outcome) == ("closed", "not_asked")


def test_words_of_a_complaint_hold_no_number(session, told):
    row = session.get(ComplaintRow, told[0])
    assert "13812345678" not in json.dumps([row.words])
    assert row.words.startswith("没同意就开通 138****5678")
