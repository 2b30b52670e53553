"""The journey clock; the same cases run in node on the phone's code."""

import pytest

from audit_samples import small_form, vectors
from auditapp.domain.clock import (
    duration_seconds,
    out_of_order,
    timing_answer,
)

CASES = vectors("clock")["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_clock_reads_the_marks(case):
    form, marks = small_form(), case["marks"]

    timed = [item for item in form["items"] if "timer" in item]
    answers = {item["id"]: timing_answer(item, marks) for item in timed}
    assert {key: answer for key, answer in answers.items() if answer} == case["timings"]
    assert out_of_order(form, marks) == case["out_of_order"]


def test_a_duration_out_of_order_is_negative_and_one_without_its_marks_is_none():
    marks = [
        {"event": "enter", "elapsed_ms": 2500},
        {"event": "leave", "elapsed_ms": 1000},
    ]
    assert duration_seconds(marks, "enter", "leave") == -1.5
    assert duration_seconds(marks, "enter", "greeted") is None
