"""What a check means for an action, in whatever order checks are looked at."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.action import (
    ActionState,
    Severity,
    SupportToHallError,
    check_owner,
    deadlines,
    severity_of,
    usual_owner,
)
from auditapp.domain.action_life import ActionTurn, ItemCheck, KnownAction, turn_of
from auditapp.domain.policy import ActionDays

MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
FIRST, SECOND = uuid4(), uuid4()
OPEN = KnownAction(ActionState.OPEN, FIRST, MONDAY, 0)
states = st.sampled_from(ActionState)


def check(audit_id: UUID, days: int, *, is_failed: bool | None) -> ItemCheck:
    return ItemCheck(audit_id, MONDAY + timedelta(days=days), is_failed)


def test_an_item_that_fails_is_a_finding():
    assert turn_of(None, check(FIRST, 0, is_failed=True)) is ActionTurn.RAISE
    assert turn_of(None, check(FIRST, 0, is_failed=False)) is ActionTurn.NOTHING


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        (ActionState.OPEN, ActionTurn.FAIL_AGAIN),
        (ActionState.PROOF_SENT, ActionTurn.FAIL_AGAIN),
        (ActionState.APPROVED, ActionTurn.FAIL_AGAIN),
        (ActionState.CLOSED, ActionTurn.FAIL_AGAIN),
        (ActionState.WITHDRAWN, ActionTurn.RAISE),
    ],
)
def test_an_item_that_fails_a_later_check_comes_back(state, turn):
    known = replace(OPEN, state=state)
    assert turn_of(known, check(SECOND, 30, is_failed=True)) is turn


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        (ActionState.OPEN, ActionTurn.PASS),
        (ActionState.APPROVED, ActionTurn.PASS),
        (ActionState.CLOSED, ActionTurn.NOTHING),
        (ActionState.WITHDRAWN, ActionTurn.NOTHING),
    ],
)
def test_an_item_that_passes_a_later_check_holds(state, turn):
    known = replace(OPEN, state=state)
    assert turn_of(known, check(SECOND, 30, is_failed=False)) is turn


def test_a_finding_that_is_decided_otherwise_falls():
    fallen = check(FIRST, 0, is_failed=False)
    assert turn_of(OPEN, fallen) is ActionTurn.WITHDRAW
    assert turn_of(OPEN, replace(fallen, is_failed=None)) is ActionTurn.WITHDRAW
    assert turn_of(replace(OPEN, recurrences=2), fallen) is ActionTurn.FALL_BACK


@given(states, st.integers(-90, 0), st.booleans())
def test_an_older_check_of_another_audit_changes_nothing(state, days, is_failed):
    known = replace(OPEN, state=state)
    assert (
        turn_of(known, check(SECOND, days, is_failed=is_failed)) is ActionTurn.NOTHING
    )


@given(states, st.integers(0, 3))
def test_looking_at_the_failed_audit_twice_changes_nothing(state, recurrences):
    known = KnownAction(state, FIRST, MONDAY, recurrences)
    turn = turn_of(known, check(FIRST, 0, is_failed=True))
    assert turn is (
        ActionTurn.RAISE if state is ActionState.WITHDRAWN else ActionTurn.NOTHING
    )


def test_how_much_depends_on_an_item_says_how_long_it_may_take():
    days = ActionDays()
    for is_critical, weight, severity, after in (
        (True, 1, Severity.CRITICAL, 7),
        (False, 5, Severity.MAJOR, 14),
        (False, 3, Severity.MAJOR, 14),
        (False, 2, Severity.MINOR, 30),
    ):
        assert severity_of(is_critical=is_critical, weight=weight) is severity
        until = deadlines(severity, MONDAY, days)
        assert until.due_at == MONDAY + timedelta(days=after)
        contain = MONDAY + timedelta(days=1) if is_critical else None
        assert until.contain_at == contain


def test_no_hall_gets_what_only_a_department_can_put_right():
    with pytest.raises(SupportToHallError):
        check_owner("support", "hall")
    check_owner("support", "it")
    check_owner("front_line", "hall")
    assert usual_owner("support", "hall") == ""
    assert usual_owner("process", "hall") == "hall"
    assert usual_owner("support", "it") == "it"
