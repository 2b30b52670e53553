"""Points, exact and addable; the point cases run in node on the phone's code too."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_samples import small_form, sound_document, vectors
from auditapp.domain.breakdown import DIMENSIONS, breakdown, item_ledger, share_ledger
from auditapp.domain.score_document import as_document, from_document
from auditapp.domain.scoring import item_score, score_audit

BANDS = vectors("bands")["cases"]
ITEMS = {item["id"]: item for item in small_form()["items"]}


@pytest.mark.parametrize("case", BANDS, ids=[case["name"] for case in BANDS])
def test_an_item_scores_by_its_kind(case):
    answer = {"value": case["value"]}

    found = item_score(ITEMS[case["item"]], answer, case["today"])

    assert found == (case["score"] and Fraction(*case["score"]))


def scored(change=None, **form):
    return score_audit(small_form(**form), sound_document(change))


def line(score, item_id):
    return next(each for each in score.lines if each.item_id == item_id)


def test_a_small_audit_adds_up_by_hand():
    """Weights 2+5+3+3+2+4+4+4+2 = 29; manner loses 3·25, know 4·25: 175/29 lost."""
    score = scored()

    assert line(score, "manner").lost == Fraction(75, 29)
    assert line(score, "know").lost == Fraction(100, 29)
    assert score.raw == score.score == 100 - Fraction(175, 29)
    assert score.coverage == 1
    assert score.is_complete


def test_an_optional_miss_changes_nothing():
    miss = scored({"answers": {"rack": {"value": "no", "note": "没有"}}})

    assert miss.score == scored().score
    rack = line(miss, "rack")
    assert (rack.score, rack.not_counted, rack.lost) == (0, "optional", 0)
    assert not rack.is_failed


def test_what_rain_calls_for_counts_only_in_rain():
    mat = {"mat": {"value": "no"}}

    assert line(scored({"answers": mat}), "mat").not_counted == "not-applicable"
    wet = line(scored({"answers": mat, "today": ["raining"]}), "mat")
    assert (wet.requirement, wet.rule, wet.lost) == ("required", 1, Fraction(300, 32))


def test_a_critical_failure_caps_the_score_and_the_cap_is_its_own_loss():
    score = scored({"answers": {"open": {"value": "no"}}})

    assert score.raw == 100 - Fraction(175 + 500, 29)
    assert score.critical_failures == ("open",)
    assert score.score == 59
    assert score.cap_loss == score.raw - 59


def test_a_score_below_the_cap_is_not_lifted_by_it():
    bad = {key: {"value": "no"} for key in ("sig", "open", "thanks")}
    bad |= {"manner": {"value": 1}, "terms": {"value": "none"}}
    bad |= {"greet_time": {"value": "never"}}

    score = scored({"answers": bad})

    assert score.score == score.raw < 59
    assert score.cap_loss == 0


def test_a_form_without_a_cap_only_reports_the_failure():
    form = small_form()
    del form["critical_cap"]
    score = score_audit(form, sound_document({"answers": {"open": {"value": "no"}}}))

    assert score.score == score.raw
    assert score.critical_failures == ("open",)


def test_what_could_not_be_observed_leaves_the_sum_and_lowers_coverage():
    score = scored({"answers": {"terms": {"value": "could_not_observe", "note": "…"}}})

    assert line(score, "terms").not_counted == "not-observed"
    assert line(score, "manner").lost == Fraction(75, 25)
    assert score.coverage == Fraction(25, 29)
    assert score.is_complete


def test_too_little_coverage_is_incomplete():
    unseen = {"value": "could_not_observe", "reason": "…"}
    score = scored({"answers": {"terms": unseen, "wait_time": unseen}})

    assert score.coverage == Fraction(21, 29)
    assert not score.is_complete


def test_coverage_exactly_at_the_minimum_is_complete():
    unseen = {"value": "could_not_observe", "reason": "…"}
    answers = {"sig": unseen, "wait_time": unseen}

    assert scored({"answers": answers}, min_coverage=Fraction(2300, 29)).is_complete


def test_a_critical_item_unanswered_is_incomplete_whatever_the_coverage():
    score = scored({"answers": {"open": None}}, min_coverage=10)

    assert score.critical_unanswered == ("open",)
    assert not score.is_complete


def test_a_skipped_question_is_left_out_of_sum_and_coverage():
    score = scored({"answers": {"terms": {"value": "no_need"}}})

    assert line(score, "terms").not_counted == "skipped"
    assert score.coverage == 1
    assert line(score, "manner").lost == Fraction(75, 25)


def test_an_item_that_earlier_answers_do_not_call_for_is_not_asked():
    long_wait = {"wait_time": {"value": 601, "source": "recalled"}}

    assert line(scored(), "care").not_counted == "not-asked"
    assert line(scored({"answers": long_wait}), "care").not_counted == "unanswered"


def test_seconds_that_cannot_be_are_no_answer():
    for seconds in (-1, 14_401):
        score = scored({"answers": {"wait_time": {"value": seconds}}})
        assert line(score, "wait_time").not_counted == "unanswered"


def test_weightless_items_and_texts_carry_no_points():
    assert line(scored(), "ahead").not_counted == "unscored"
    assert line(scored(), "best").not_counted == "unscored"


def test_nothing_answered_is_no_score():
    score = scored({"answers": None})

    assert (score.raw, score.score, score.coverage) == (None, None, 0)
    assert not score.is_complete
    assert breakdown(small_form(), score) == dict.fromkeys(DIMENSIONS, ())
    assert item_ledger(score) is None


def test_a_chosen_option_carries_its_own_cause():
    score = scored({"answers": {"terms": {"value": "none", "note": "…"}}})

    shares = {share.key: share for share in breakdown(small_form(), score)["cause"]}
    assert shares["process"].lost == Fraction(400, 29)
    assert shares["process"].items == 1


def test_a_group_scores_as_if_nothing_else_had_been_asked():
    groups = breakdown(small_form(), scored())["group"]

    attitude = next(share for share in groups if share.key == "attitude")
    assert attitude.score == Fraction(3 * 75 + 2 * 100, 5)
    assert next(share for share in groups if share.key == "").weight == 4


KINDS = {
    "yes_no": st.sampled_from(["yes", "no"]),
    "scale": st.integers(1, 5),
    "choice": st.sampled_from(["all", "some", "none", "skip"]),
    "number": st.integers(0, 12),
    "timing_seconds": st.integers(0, 100) | st.just("never"),
    "text": st.text(max_size=3),
}
OPTIONS = [
    {"id": "all", "score": 100},
    {"id": "some", "score": 55, "cause": "process"},
    {"id": "none", "score": 0},
    {"id": "skip", "score": "skip"},
]
STEPS = [{"up_to": 5, "score": 100}, {"up_to": 30, "score": 37}]


@st.composite
def audits(draw):
    """A form of random items, and a document that answers some of them."""
    items, answers = [], {}
    for number in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        item = {
            **ITEMS["open"],
            "id": f"item_{number}",
            "kind": kind,
            "weight": 0 if kind == "text" else draw(st.integers(0, 5)),
            "critical": draw(st.booleans()),
            "requirement": draw(
                st.sampled_from(["required"] * 3 + ["optional", "not_applicable"])
            ),
            "bands": STEPS,
            "options": OPTIONS,
            "timer": {"from": "enter", "to": "leave"},
            "section": draw(st.sampled_from("ABC")),
            "group": draw(st.sampled_from(["attitude", None])),
            "skill": draw(st.sampled_from(["etiquette", "composure", None])),
        }
        value = KINDS[kind]
        if draw(st.integers(0, 4)) == 0:
            item["sample"] = 3
            value = st.lists(
                value | st.just("could_not_observe"), min_size=1, max_size=3
            )
        items.append(item)
        if draw(st.integers(0, 5)):
            answers[item["id"]] = {"value": draw(value | st.just("could_not_observe"))}
    return small_form(items=items), sound_document({"answers": None}) | {
        "answers": answers
    }


@settings(max_examples=60, deadline=None)
@given(audits())
def test_every_point_lost_adds_up_to_a_hundred_in_every_grouping(audit):
    form, document = audit
    score = score_audit(form, document)
    if score.score is None:
        assert all(each.lost == 0 for each in score.lines)
        return

    lost = sum(each.lost for each in score.lines)
    assert lost + score.cap_loss + score.score == 100
    for shares in breakdown(form, score).values():
        assert sum(share.lost for share in shares) == lost
        assert sum(share.earned for share in shares) == score.raw


@settings(max_examples=60, deadline=None)
@given(audits())
def test_printed_points_add_up_and_stand_beside_the_exact_ones(audit):
    form, document = audit
    score = score_audit(form, document)
    if score.score is None:
        return
    exact = {each.item_id: each.lost for each in score.lines if each.is_counted}
    ledgers = [(item_ledger(score), exact)]
    for shares in breakdown(form, score).values():
        lost = {share.key: share.lost for share in shares}
        ledgers.append((share_ledger(score, shares), lost))

    for ledger, points in ledgers:
        assert ledger.score + sum(ledger.lost.values()) == 1000
        assert abs(ledger.score - score.score * 10) < Fraction(51, 100)
        for key, lost in points.items():
            assert abs(ledger.lost[key] - lost * 10) < Fraction(102, 100)


@settings(max_examples=60, deadline=None)
@given(audits(), st.data())
def test_optional_and_not_applicable_items_never_change_a_score(audit, data):
    form, document = audit
    outside = [i["id"] for i in form["items"] if i["requirement"] != "required"]
    other = {
        item["id"]: {"value": data.draw(KINDS[item["kind"]])}
        for item in form["items"]
        if item["id"] in outside and "sample" not in item
    }
    changed = {**document, "answers": {**document["answers"], **other}}
    without = {
        **form,
        "items": [item for item in form["items"] if item["id"] not in outside],
    }

    before, after = score_audit(form, document), score_audit(form, changed)
    assert (before.score, before.coverage) == (after.score, after.coverage)
    assert before.score == score_audit(without, document).score


@settings(max_examples=40, deadline=None)
@given(audits(), st.integers(2, 9))
def test_weights_scaled_together_change_nothing(audit, factor):
    form, document = audit
    heavy = [{**item, "weight": item["weight"] * factor} for item in form["items"]]

    before = score_audit(form, document)
    after = score_audit({**form, "items": heavy}, document)

    assert (before.score, before.coverage) == (after.score, after.coverage)
    assert [each.lost for each in before.lines] == [each.lost for each in after.lines]


@settings(max_examples=40, deadline=None)
@given(audits())
def test_a_better_answer_never_costs_points(audit):
    form, document = audit
    before = score_audit(form, document)
    for item in form["items"]:
        answered = document["answers"].get(item["id"], {}).get("value")
        if item["kind"] == "yes_no" and answered == "no":
            better = {**document["answers"], item["id"]: {"value": "yes"}}
            after = score_audit(form, {**document, "answers": better})
            assert (after.score or 0) >= (before.score or 0)


@settings(max_examples=40, deadline=None)
@given(audits())
def test_a_stored_score_is_read_back_to_the_last_digit(audit):
    score = score_audit(*audit)

    stored = json.dumps(as_document(score))

    assert from_document(json.loads(stored)) == score
    assert "." not in stored
