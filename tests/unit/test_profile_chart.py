"""Where the means of a profile stand in its drawing."""

import pytest

from auditapp.domain.profile_chart import ProfileMean, draw_profile, lowest_rows

ROWS = [
    ProfileMean("enter", "Enter", 70_000, 6_000, 76_000),
    ProfileMean("wait", "Wait", 74_000, 5_000),
    ProfileMean("leave", "Leave", 95_000, 2_000, 90_000),
]


def test_a_row_lies_between_its_neighbours_and_within_the_scale():
    for is_wide in (True, False):
        drawing = draw_profile(ROWS, is_wide=is_wide)
        tops = [mark.top for mark in drawing.marks]
        assert tops == [0, drawing.step, 2 * drawing.step]
        for mark in drawing.marks:
            assert mark.top < mark.y < mark.top + drawing.step
            assert drawing.left <= mark.low_x <= mark.point_x
            assert mark.low_x + mark.width <= drawing.right
        assert drawing.marks[1].peers_x is None


def test_halfway_up_the_scale_is_halfway_across():
    drawing = draw_profile([ROWS[0]], is_wide=True)
    [mark] = drawing.marks
    assert mark.point_x == (drawing.left + drawing.right) / 2


def test_what_lies_off_the_scale_stands_at_its_end():
    drawing = draw_profile([ProfileMean("x", "X", 12_000, 3_000)], is_wide=True)
    [mark] = drawing.marks
    assert (mark.low_x, mark.point_x, mark.width) == (drawing.left, drawing.left, 0)


def test_the_lowest_is_named_with_those_that_cannot_be_told_from_it():
    assert [row.key for row in lowest_rows(ROWS)] == ["enter", "wait"]
    assert [row.key for row in lowest_rows(ROWS[2:])] == ["leave"]
    assert lowest_rows([]) == []


@pytest.mark.parametrize(
    ("mean", "half", "is_anywhere"),
    [(75_800, 100_000, True), (70_000, 30_000, True), (70_000, 29_999, False)],
)
def test_a_range_as_wide_as_the_scale_is_anywhere(mean, half, is_anywhere):
    assert ProfileMean("wait", "等候", mean, half).is_anywhere is is_anywhere
