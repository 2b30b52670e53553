"""A month's drawings and tables: everything in its place, every sum as it is shown."""

from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.trend_chart import NARROW, TrendMonth, draw_trend
from auditapp.reads.month_strengths import Strength, months_in_a_row, spread_out
from auditapp.web.month_drawing import BRIDGE, draw_bar, draw_bridge, thinned
from auditapp.web.month_ledger import DIMENSIONS, lost_by, source_lines

CUTS = [(90, "A"), (80, "B"), (70, "C")]
MILLI = st.integers(0, 100_000)


def test_a_bar_stands_where_the_mock_up_has_it():
    bar = draw_bar(70_600, 63_900, 77_300, CUTS)

    assert (bar.low_x, bar.width, bar.point_x) == (39.8, 22.4, 51.0)
    assert bar.cuts == ((83.3, "A"), (66.7, "B"), (50.0, "C"))
    assert draw_bar(12_000, 0, 20_000).outside == "low"


def test_many_peers_are_thinned_to_their_ends_and_what_lies_between():
    shown = thinned(range(1000))

    assert len(shown) == 40
    assert (shown[0], shown[-1]) == (0, 999)


@given(MILLI, st.lists(st.integers(-9000, 9000), min_size=5, max_size=5))
def test_the_bridges_shown_steps_lead_exactly_to_the_shown_score(official, steps):
    adjusted = official + sum(steps)
    bridge = draw_bridge(official, adjusted, dict(zip(BRIDGE, steps, strict=True)))

    walked = bridge.start.tenths + sum(step.tenths for step in bridge.steps)
    assert walked == bridge.end.tenths
    assert all(0 <= row.x <= 100 for row in bridge.rows)


LINES = st.lists(
    st.tuples(
        st.integers(0, 4000),
        st.sampled_from(["mystery", "sms"]),
        st.sampled_from(["a", "b", "c", "critical_cap"]),
        st.sampled_from(["hall", "it", ""]),
    ),
    min_size=1,
    max_size=20,
)


@given(LINES)
def test_groups_and_their_items_add_up_in_the_tenths_that_are_shown(lines):
    document = {
        "official": {"milli": 100_000 - sum(line[0] for line in lines)},
        "lines": [
            {"lost_milli": lost, "source": source, "item": item, "owner": owner}
            for lost, source, item, owner in lines
        ],
    }
    official = document["official"]["milli"]
    for dimension in DIMENSIONS:
        groups = lost_by(document, dimension)
        if not any(line[0] for line in lines):
            assert groups == []
            continue
        shown = sum(group.tenths for group in groups)
        assert shown == 1000 - (2 * official + 100) // 200
        for group in groups:
            assert sum(item.tenths for item in group.items) == group.tenths


def test_what_a_missing_source_would_have_said_adds_nothing():
    document = {
        "official": {"milli": 52_000},
        "sources": [
            {"source": "mystery", "weight": 40, "milli": 52_000, "adds_milli": 52_000},
            {"source": "sms", "weight": 20, "milli": 81_000, "missing": "too_few"},
        ],
    }
    mystery, sms = source_lines(document)

    assert (mystery.tenths, mystery.adds_tenths) == (520, 520)
    assert (sms.tenths, sms.adds_tenths) == (None, 0)


def month(name, official=80_000, standard="1"):
    adjusted = None if official is None else 79_000
    return TrendMonth(name, official, adjusted, 74_000, 84_000, 78_000, standard)


def test_a_month_without_a_score_is_a_gap_and_never_zero():
    months = [month("2026-07"), month("2026-08", None), month("2026-09", standard="2")]
    drawing = draw_trend(months, CUTS, NARROW)

    assert len(drawing.official) == 2
    assert len(drawing.missing) == 1
    assert len(drawing.lines) == len(drawing.bands) == 2
    assert [change.text for change in drawing.changes] == ["2026-09"]
    assert all(mark.y <= NARROW.bottom for mark in drawing.missing)


def test_a_strength_is_counted_until_the_month_that_broke_it():
    met = {
        "2026-09": {"a": True, "b": True},
        "2026-08": {"a": True, "b": False},
        "2026-06": {"a": True},
    }

    assert months_in_a_row(met, "a", "2026-09") == 2
    assert months_in_a_row(met, "b", "2026-09") == 1


def test_strengths_come_from_different_sections_where_they_can():
    found = [Strength("a", 3), Strength("b", 3), Strength("c", 2), Strength("d", 1)]
    sections = {"a": "one", "b": "one", "c": "two", "d": "three"}

    assert [each.item for each in spread_out(found, sections)] == ["a", "c", "d"]
