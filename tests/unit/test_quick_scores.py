"""Many responses are scored by look-up, each exactly as one alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.domain.customer_response import score_response, script_of
from auditapp.domain.quick_scores import response_scorer
from auditapp.gateways.checklist_files import load_checklist, load_vocabulary

SCRIPTS = {
    name: script_of(load_checklist(name), load_vocabulary())
    for name in ("customer_callback", "sms_feedback")
}


def values_of(item):
    match item["kind"]:
        case "choice":
            return st.sampled_from([option["id"] for option in item["options"]])
        case "scale":
            return st.integers(1, 5)
        case "number":
            return st.integers(1, 10) | st.sampled_from([1.5, 7.5, 9.9])
        case _:
            return st.just("很好")


def answers_of(script):
    return st.fixed_dictionaries(
        {}, optional={item["id"]: values_of(item) for item in script["items"]}
    )


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_quick_score_is_the_score(name):
    script = SCRIPTS[name]
    quick = response_scorer(script)

    @settings(max_examples=60, deadline=None)
    @given(answers_of(script))
    def same(answers):
        assert quick(answers) == score_response(script, answers)

    same()


def test_a_script_with_a_cap_is_scored_the_long_way():
    script = {**SCRIPTS["customer_callback"], "critical_cap": 100}

    assert response_scorer(script)({"cb_overall": 10}) == score_response(
        script, {"cb_overall": 10}
    )
