"""Whose doing a finding is, and what confirming it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_samples import small_form
from auditapp.domain.action import SupportToHallError
from auditapp.domain.breakdown import breakdown
from auditapp.domain.errors import InvalidError
from auditapp.domain.finding_cause import (
    FindingCause,
    check_cause,
    findings,
    unconfirmed,
    with_causes,
)
from auditapp.domain.score_document import as_document, from_document
from auditapp.domain.scoring import score_audit

DEPARTMENTS = ("facilities", "it")


def fail(*items):
    form = small_form()
    answers = {
        item["id"]: {"value": "no" if item["id"] in items else "yes"}
        for item in form["items"]
        if item["kind"] == "yes_no"
    }
    return form, score_audit(form, {"answers": answers})


def yes_no_items():
    return [i["id"] for i in small_form()["items"] if i["kind"] == "yes_no"]


@given(failed=st.sets(st.sampled_from(yes_no_items()), min_size=1), data=st.data())
def test_confirming_moves_points_between_causes_and_never_changes_them(failed, data):
    form, score = fail(*failed)
    confirmed = {
        item: FindingCause(
            data.draw(st.sampled_from(["front_line", "process", "support"])), "it"
        )
        for item in failed
    }

    after = with_causes(score, confirmed)

    assert (after.score, after.cap_loss) == (score.score, score.cap_loss)
    lost = {
        share.key: sum(line.lost for line in after.lines if line.cause == share.key)
        for share in breakdown(form, after)["cause"]
    }
    assert sum(lost.values()) + after.cap_loss + after.score == 100
    for line in findings(after):
        if line.item_id in confirmed:
            assert line.cause == confirmed[line.item_id].cause
    assert from_document(as_document(after)) == after


def test_a_cause_that_was_confirmed_of_an_item_that_passes_now_changes_nothing():
    _form, score = fail()
    item = yes_no_items()[0]

    assert with_causes(score, {item: FindingCause("support", "it")}) == score


def test_a_named_owner_stands_in_the_split_by_owner():
    item = yes_no_items()[0]
    form, score = fail(item)

    after = with_causes(score, {item: FindingCause("support", "it")})

    assert "it" in {share.key for share in breakdown(form, after)["owner"]}


def test_only_what_weighs_much_or_is_critical_has_to_be_confirmed():
    failed = yes_no_items()
    form, score = fail(*failed)
    items = {item["id"]: item for item in form["items"]}

    needed = unconfirmed(score, form, ())

    assert needed == [
        line.item_id
        for line in findings(score)
        if line.weight >= 3 or items[line.item_id].get("critical")
    ]
    assert 0 < len(needed) <= len(findings(score))
    assert unconfirmed(score, form, needed) == []


@pytest.mark.parametrize(
    ("cause", "owner", "code"),
    [("weather", "it", "unknown-cause"), ("process", "", "unknown-owner")],
)
def test_a_cause_and_an_owner_have_to_exist(cause, owner, code):
    with pytest.raises(InvalidError) as refused:
        check_cause(FindingCause(cause, owner), DEPARTMENTS)

    assert [p.code for p in refused.value.problems] == [code]


def test_what_support_causes_is_never_a_halls_to_put_right():
    with pytest.raises(SupportToHallError):
        check_cause(FindingCause("support", "hall"), DEPARTMENTS)
