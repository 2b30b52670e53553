"""What keeps an audit from being sent; node runs the same cases on the phone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_samples import merged, small_form, sound_document, vectors
from auditapp.domain.completeness import check_final, missing

CASES = vectors("completeness")["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_gaps_and_contradictions_are_named_in_walking_order(case):
    problems = missing(small_form(), sound_document(case["change"]))

    found = [{"pointer": each.pointer, "code": each.code} for each in problems]
    assert found == case["missing"]


def test_every_gap_names_its_item_in_both_languages():
    [gap] = missing(small_form(), sound_document({"answers": {"greet_time": None}}))

    assert gap.text.zh.startswith("“招呼”")
    assert gap.text.en.startswith("“Greeting”")


def test_a_faulty_value_is_told_once_as_a_fault():
    document = sound_document({"answers": {"manner": {"value": 9}, "open": None}})

    problems = check_final(small_form(), document)

    assert [(each.pointer, each.code) for each in problems] == [
        ("/answers/manner", "not-on-scale"),
        ("/answers/open", "unanswered"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=50, deadline=None)
@given(JSON)
def test_no_json_makes_it_raise(document):
    assert missing(small_form(), document)


INSPECTION = vectors("inspection")


@pytest.mark.parametrize(
    "case", INSPECTION["cases"], ids=[case["name"] for case in INSPECTION["cases"]]
)
def test_an_inspection_is_whole_with_re_checks_proof_and_signature(case):
    document = merged(INSPECTION["document"], case["change"])

    problems = missing(INSPECTION["form"], document)

    found = [{"pointer": each.pointer, "code": each.code} for each in problems]
    assert found == case["missing"]
