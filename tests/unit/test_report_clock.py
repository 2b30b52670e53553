"""The clock of a visit on paper: every stop has its place, no label hides another."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.domain.text import Text
from auditapp.domain.timeline import Stop, Stretch, Timeline
from auditapp.reads.report_clock import LABEL_WIDTH, WIDTH, clock_line


def timeline_of(seconds):
    stops = tuple(
        Stop(f"event{number}", Text("进厅", "Enter"), None, float(at), False)  # noqa: FBT003
        for number, at in enumerate(sorted(seconds))
    )
    stretches = tuple(Stretch(start, end, None) for start, end in pairwise(stops))
    return Timeline(stops, stretches, ())


def span(dot):
    left = dot.x - LABEL_WIDTH if dot.anchor == "end" else dot.x
    return left, left + LABEL_WIDTH


@given(st.lists(st.integers(0, 7200), min_size=1, max_size=9))
@settings(max_examples=100, deadline=None)
def test_labels_of_one_lane_never_overlap_and_stay_on_the_paper(seconds):
    first = min(seconds)
    line = clock_line(timeline_of([at - first for at in seconds]))
    lanes = {}
    for dot in line.dots:
        left, right = span(dot)
        assert left >= 0
        assert right <= WIDTH
        assert left >= lanes.get(dot.lane, 0)
        lanes[dot.lane] = right
    assert line.line_y > max(lanes) * 15


@given(st.lists(st.integers(0, 7200), min_size=2, max_size=9))
@settings(max_examples=50, deadline=None)
def test_bars_fill_the_line_between_the_first_and_the_last_stop(seconds):
    first = min(seconds)
    line = clock_line(timeline_of([at - first for at in seconds]))
    total = sum(bar.width for bar in line.bars)
    assert abs(total - (line.dots[-1].x - line.dots[0].x)) < 1


def test_a_visit_without_marks_has_no_line():
    assert clock_line(timeline_of([])).dots == ()
