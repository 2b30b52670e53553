"""Whom to call is drawn at random and by rule, whatever the halls would like."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.domain.callback import CallingRules
from auditapp.domain.callback_sampling import Candidate, Draw, Taken, draw_sample

TODAY = date(2026, 11, 18)
DRAW = Draw(TODAY, CallingRules(), seed="s")
BUSINESSES = ("plan_change", "broadband", "repair")


@st.composite
def candidates(draw):
    """Return transactions of a few customers, some of whom must not be called."""
    count = draw(st.integers(0, 40))
    made = []
    for number in range(count):
        day = TODAY - timedelta(days=draw(st.integers(0, 5)))
        asked = draw(st.sampled_from([None, None, None, 1, 89, 90, 400]))
        made.append(
            Candidate(
                transaction_id=UUID(int=number + 1),
                customer_id=UUID(int=draw(st.integers(100, 125))),
                hall_id=draw(st.sampled_from(["BD01", "BD02", "SX01"])),
                month=f"{day:%Y-%m}",
                business=draw(st.sampled_from(BUSINESSES)),
                happened_on=day,
                asked_on=asked and TODAY - timedelta(days=asked),
                is_barred=draw(st.integers(0, 5)) == 0,
            )
        )
    return made


counts = st.dictionaries(st.sampled_from(BUSINESSES), st.integers(0, 6))


@settings(deadline=None)
@given(candidates(), counts)
def test_no_draw_ever_breaks_a_rule_or_a_quota(offered, before):
    taken = {(hall, "2026-11"): Taken(before) for hall in ("BD01", "SX01")}
    chosen = draw_sample(DRAW, offered, taken, set())

    for each in chosen:
        assert 1 <= (TODAY - each.happened_on).days <= 3
        assert not each.is_barred
        assert each.asked_on is None or (TODAY - each.asked_on).days >= 90
    customers = Counter(each.customer_id for each in chosen)
    assert not customers or max(customers.values()) == 1
    for hall in ("BD01", "BD02", "SX01"):
        used = taken.get((hall, "2026-11"), Taken()).total
        drawn = sum(each.hall_id == hall for each in chosen)
        assert drawn <= max(DRAW.allowance("2026-11") - used, 0)


@settings(deadline=None)
@given(candidates(), counts)
def test_business_types_share_as_evenly_as_candidates_allow(offered, before):
    """Nobody drawn could be swapped for a rarer business that had somebody left."""
    offered = [
        replace(each, customer_id=each.transaction_id, hall_id="BD01")
        for each in offered
    ]
    chosen = draw_sample(DRAW, offered, {("BD01", "2026-11"): Taken(before)}, set())
    drawn = Counter(each.business for each in chosen)
    total = Counter(before) + drawn
    left = [each for each in offered if DRAW.allows(each) and each not in chosen]
    for business in drawn:
        for other in {each.business for each in left}:
            assert total[business] <= total[other] + 1


@settings(deadline=None)
@given(candidates())
def test_the_same_seed_draws_the_same_and_order_does_not_matter(offered):
    one = draw_sample(DRAW, offered, {}, set())
    other = draw_sample(DRAW, list(reversed(offered)), {}, set())
    assert {e.transaction_id for e in one} == {e.transaction_id for e in other}


def test_a_month_is_drawn_day_by_day_and_whole_at_its_end():
    first = replace(DRAW, today=date(2026, 11, 2))
    assert first.allowance("2026-11") == 1
    assert replace(DRAW, today=date(2026, 11, 16)).allowance("2026-11") == 6
    assert replace(DRAW, today=date(2026, 12, 2)).allowance("2026-12") == 1
    assert replace(DRAW, today=date(2026, 12, 1)).allowance("2026-11") == 12


def test_days_share_evenly_within_a_business():
    offered = [
        Candidate(
            UUID(int=n), UUID(int=n), "BD01", "2026-11", "repair",
            TODAY - timedelta(days=1 + n % 3),
        )
        for n in range(1, 31)
    ]  # fmt: skip
    chosen = draw_sample(DRAW, offered, {}, set())
    days = Counter(each.happened_on for each in chosen)
    assert len(chosen) == DRAW.allowance("2026-11") == 7
    assert sorted(days.values()) == [2, 2, 3]


def test_another_seed_draws_others():
    offered = [
        Candidate(UUID(int=n), UUID(int=n), "BD01", "2026-11", "repair",
                  TODAY - timedelta(days=1))
        for n in range(1, 101)
    ]  # fmt: skip
    draws = {
        frozenset(e.transaction_id for e in draw_sample(draw, offered, {}, set()))
        for draw in (replace(DRAW, seed=str(n)) for n in range(5))
    }
    assert len(draws) == 5


def test_the_end_of_last_month_is_still_drawn_in_the_first_days_of_the_next():
    """On 2 December one may still call about 29 and 30 November, and about the 1st."""
    early = replace(DRAW, today=date(2026, 12, 2))
    offered = [
        Candidate(UUID(int=n), UUID(int=n), "BD01", f"{day:%Y-%m}", "repair", day)
        for n, day in enumerate(
            [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1)] * 3, start=1
        )
    ]
    months = Counter(each.month for each in draw_sample(early, offered, {}, set()))
    assert months == {"2026-11": 6, "2026-12": 1}
