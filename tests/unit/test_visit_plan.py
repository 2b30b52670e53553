from collections import Counter
from datetime import date
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.domain.briefs import pick_brief
from auditapp.domain.month import (
    at_hall,
    first_day,
    is_month,
    last_day,
    later,
    month_of,
)
from auditapp.domain.visit_plan import Auditor, PastVisit, is_too_soon, plan_visits

MIX = {"plan_change": 50, "bill_query": 30, "complaint": 20}
months = st.builds("{:04d}-{:02d}".format, st.integers(2000, 2100), st.integers(1, 12))


def auditors(count):
    return [Auditor(UUID(int=n), f"C{n}", frozenset({"east"})) for n in range(count)]


def plan_year(halls, crew, months_count):
    past, plans = [], []
    for index in range(months_count):
        month = later("2026-01", index)
        plan = plan_visits(
            month, [(h, "east") for h in halls], auditors(crew), past, MIX
        )
        plans.append(plan)
        past += [
            PastVisit(p.hall_id, month, p.auditor_id, p.scenario, None)
            for p in plan
            if p.auditor_id is not None
        ]
    return plans, past


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 25), st.integers(1, 6))
def test_nobody_returns_within_three_months_and_no_business_comes_twice(halls, crew):
    names = [f"H{n}" for n in range(halls)]
    _, past = plan_year(names, crew, 7)
    for hall in names:
        visits = [visit for visit in past if visit.hall_id == hall]
        for one, other in pairwise(visits):
            if one.month == later(other.month, -1):
                assert one.scenario != other.scenario
        for index, one in enumerate(visits):
            for other in visits[index + 1 :]:
                is_same = one.auditor_id == other.auditor_id
                assert not (is_same and is_too_soon(one.month, other.month))


def test_three_auditors_are_just_enough_for_a_visit_each_month():
    plans, _ = plan_year(["A", "B", "C", "D"], 3, 8)
    assert all(plan.auditor_id is not None for month in plans for plan in month)


def test_a_hall_nobody_may_go_to_is_planned_without_an_auditor():
    plans, _ = plan_year(["A"], 1, 2)
    assert [plan.auditor_id is None for month in plans for plan in month] == [
        False,
        True,
    ]


def test_businesses_follow_their_shares():
    plan = plan_visits("2026-05", [(f"H{n}", "east") for n in range(100)], [], [], MIX)
    counts = Counter(each.scenario for each in plan)
    assert {name: abs(counts[name] - share) <= 1 for name, share in MIX.items()} == (
        dict.fromkeys(MIX, True)
    )


def test_the_same_month_is_always_planned_alike_and_work_is_spread():
    halls = [(f"H{n}", "east") for n in range(30)]
    one = plan_visits("2026-05", halls, auditors(3), [], MIX)
    other = plan_visits("2026-05", halls[::-1], auditors(3)[::-1], [], MIX)
    assert one == other
    assert set(Counter(plan.auditor_id for plan in one).values()) == {10}
    assert len({plan.due_on for plan in one}) > 15
    assert {plan.due_on.month for plan in one} == {5}


@given(months, st.integers(-300, 300))
def test_months_go_forth_and_back(month, count):
    assert later(later(month, count), -count) == month
    assert is_month(later(month, 1))
    assert month < later(month, 1)
    assert (first_day(later(month, 1)) - last_day(month)).days == 1


def test_a_month_begins_at_midnight_in_the_halls():
    assert month_of(at_hall(date(2026, 11, 1), 0)) == "2026-11"
    assert month_of(at_hall(date(2026, 10, 31), 23, 59)) == "2026-10"


def test_a_brief_is_not_repeated_while_there_is_another():
    briefs = {"complaint": [{"id": "one"}, {"id": "two"}]}
    first = pick_brief(briefs, "complaint", "SX01 2026-11")
    assert pick_brief(briefs, "complaint", "SX01 2026-11") == first
    second = pick_brief(briefs, "complaint", "SX01 2026-12", {first["id"]})
    assert second != first
    assert pick_brief(briefs, "complaint", "SX01 2027-01", {"one", "two"})
    assert pick_brief(briefs, "device", "SX01 2026-11") is None
