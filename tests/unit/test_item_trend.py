"""An item's months as a drawing: more passes stand higher, names never overlap."""

from auditapp.domain.item_signs import ItemHealth
from auditapp.web.item_trend import BOTTOM, LEFT, MOST_NAMED, RIGHT, TOP, draw_shares


def months(*passed):
    return {
        f"2026-{number:02}": ItemHealth(100, each, 100 - each)
        for number, each in enumerate(passed, start=1)
    }


def test_all_passed_stands_at_the_top_and_none_at_the_bottom():
    first, last = draw_shares(months(0, 100)).marks
    assert (first.x, first.y, first.percent) == (LEFT, BOTTOM, "0")
    assert (last.x, last.y, last.percent) == (RIGHT, TOP, "100")


def test_months_are_in_their_order_and_those_nobody_observed_are_left_out():
    unseen = {"2026-02": ItemHealth(asked=9, not_observed=9)}
    found = draw_shares({**dict(reversed(months(10, 50, 90).items())), **unseen})
    assert [mark.month for mark in found.marks] == ["2026-01", "2026-03"]


def test_of_many_months_every_second_has_its_name_and_the_last_always():
    few = draw_shares(months(*range(MOST_NAMED))).marks
    assert all(mark.month for mark in few)
    many = draw_shares(months(*range(12))).marks
    assert many[-1].month == "2026-12"
    assert [bool(mark.month) for mark in many] == [False, True] * 6


def test_one_month_is_no_trend():
    assert draw_shares(months(50)) is None
    assert draw_shares({}) is None
