"""A table of halls' tiers and traits: what it says, and what is wrong where."""

from hypothesis import given
from hypothesis import strategies as st

from auditapp.domain.place_sheet import read_place_sheet
from auditapp.gateways.checklist_files import load_vocabulary

WORDS = load_vocabulary()
HALLS = {"BD01", "BD02", "SX01"}


def read(*rows):
    return read_place_sheet(enumerate(rows, start=1), WORDS, HALLS)


def told(sheet):
    return [(each.pointer, each.code) for each in sheet.problems]


def test_names_in_either_language_and_ids_are_understood():
    for header in (
        ["厅编号", "名称", "等级", "多雨"],
        ["Hall id", "Name", "Tier", WORDS.traits["rainy"].name.en],
        ["hall_id", "", "tier", "rainy"],
    ):
        (row,) = read(header, ["BD01", "x", "township", "yes"]).rows
        assert (row.hall_id, row.tier, row.traits) == (
            "BD01",
            "township",
            {"rainy": True},
        )


def test_what_is_empty_or_not_there_is_left_alone():
    (row,) = read(["厅编号", "等级", "rainy"], ["BD01", "", ""]).rows
    assert (row.tier, row.traits) == (None, {})
    assert read(["厅编号"], [], ["", ""]).rows == ()


def test_every_fault_names_its_row():
    sheet = read(
        ["厅编号", "等级", "rainy"],
        ["BD01", "huge", "perhaps"],
        ["XX99", "", ""],
        ["BD02", "", ""],
        ["BD02", "", "no"],
    )
    assert told(sheet) == [
        ("/2", "unknown-tier"),
        ("/2", "no-flag"),
        ("/3", "unknown-hall"),
        ("/5", "named-twice"),
    ]


def test_an_unknown_or_missing_column_is_told_before_any_row():
    assert told(read(["厅编号", "windy"], ["nobody", "1"])) == [
        ("/1", "unknown-column")
    ]
    assert told(read(["等级"], ["small"])) == [("/1", "no-hall-column")]
    assert told(read()) == [("/1", "no-hall-column")]


@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=6))
def test_whatever_a_table_holds_is_told_and_never_breaks(rows):
    sheet = read(["厅编号", "等级", "rainy"], *rows)
    assert {row.hall_id for row in sheet.rows} <= HALLS
