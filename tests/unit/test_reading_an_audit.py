"""How an audit is laid out for people: answers, times, the journey, the reasons."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_samples import small_form, sound_document
from auditapp.domain.answer_texts import answer_text, duration_text
from auditapp.domain.answer_values import value_of
from auditapp.domain.review import OpenPoints, obstacles
from auditapp.domain.review_sheet import not_asked, sheet_lines
from auditapp.domain.scoring import score_audit
from auditapp.domain.timeline import timeline

CHOICE = {
    "kind": "choice",
    "options": [{"id": "a", "zh": "全部可用", "en": "All work"}],
}
SCALE = {"kind": "scale", "anchors": {"5": {"zh": "自然", "en": "natural"}}}


@pytest.mark.parametrize(
    ("item", "value", "zh", "en"),
    [
        ({"kind": "yes_no"}, "yes", "是", "Yes"),
        ({"kind": "yes_no"}, "no", "否", "No"),
        ({"kind": "yes_no"}, "could_not_observe", "没法看到", "Could not observe"),
        ({"kind": "yes_no"}, None, "没有回答", "No answer"),
        (CHOICE, "a", "全部可用", "All work"),
        (CHOICE, "gone", "gone", "gone"),
        (SCALE, 5, "5分，自然", "5 of 5, natural"),
        (SCALE, 2, "2分，满分5分", "2 of 5"),
        ({"kind": "timing_seconds"}, 53, "53秒", "53 s"),
        ({"kind": "timing_seconds"}, "never", "一直没有", "Never"),
        ({"kind": "number"}, 7, "7", "7"),
        ({"kind": "text"}, "no", "no", "no"),
        ({"kind": "yes_no", "sample": 2}, ["yes", "no"], "是、否", "Yes, No"),
    ],
)
def test_an_answer_is_said_in_both_languages(item, value, zh, en):
    text = answer_text(item, value)

    assert (text.zh, text.en) == (zh, en)


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0秒", "0 s"),
        (59.6, "1分00秒", "1 min 00 s"),
        (244, "4分04秒", "4 min 04 s"),
        (3900, "1小时05分", "1 h 05 min"),
        (-5, "−5秒", "−5 s"),
        (-0.2, "0秒", "0 s"),
    ],
)
def test_a_length_of_time_is_said_as_people_do(seconds, zh, en):
    text = duration_text(seconds)

    assert (text.zh, text.en) == (zh, en)


EVENTS = ["enter", "greeted", "queue_start", "service_start", "service_end", "leave"]


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(EVENTS), st.integers(0, 10_000_000), min_size=1))
def test_the_stretches_of_a_journey_add_up_to_it(marks):
    form = {"items": [], "events": [{"id": e, "zh": e, "en": e} for e in EVENTS]}
    journey = timeline(
        form, {"marks": [{"event": e, "elapsed_ms": ms} for e, ms in marks.items()]}
    )

    assert sum(s.seconds for s in journey.stretches) == pytest.approx(journey.seconds)
    assert all(stretch.seconds >= 0 for stretch in journey.stretches)
    assert {stop.event for stop in journey.stops} == set(marks)


def test_what_never_came_is_told_apart_from_what_was_not_marked():
    form = {"items": [], "events": [{"id": e, "zh": e, "en": e} for e in EVENTS]}
    journey = timeline(
        form, {"marks": [{"event": "greeted", "elapsed_ms": 5, "never": True}]}
    )

    assert [name.zh for name in journey.never] == ["greeted"]
    assert journey.stops == ()


def test_a_stretch_is_named_by_the_item_that_times_it():
    item = {
        "id": "wait",
        "short": {"zh": "等候", "en": "Wait"},
        "timer": {"from": "queue_start", "to": "service_start"},
    }
    form = {"items": [item], "events": [{"id": e, "zh": e, "en": e} for e in EVENTS]}
    marks = [{"event": event, "elapsed_ms": 1000 * n} for n, event in enumerate(EVENTS)]
    journey = timeline(form, {"marks": marks})

    named = [s.name.zh if s.name else "" for s in journey.stretches]
    assert named == ["", "", "等候", "", ""]


def test_every_item_of_the_form_has_its_line_in_order():
    form = small_form()
    document = sound_document()
    lines = sheet_lines(form, document, score_audit(form, document))

    assert [line.item_id for line in lines] == [item["id"] for item in form["items"]]
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        is_answered = value_of(line.answer) is not None
        assert (line.state in ("todo", "na")) != is_answered


def test_a_changed_answer_shows_what_it_was_before_the_return():
    form, document = small_form(), sound_document()
    item = next(i for i in form["items"] if i["kind"] == "yes_no" and "sample" not in i)
    before = sound_document({"answers": {item["id"]: {"value": "no"}}})
    after = sound_document({"answers": {item["id"]: {"value": "yes"}}})

    changed = [line for line in sheet_lines(form, after, None, before) if line.before]

    assert [(line.item_id, line.before.zh) for line in changed] == [(item["id"], "否")]
    assert not any(line.before for line in sheet_lines(form, document, None))


def test_what_only_today_rules_out_is_listed_as_not_asked():
    item = {
        "id": "snow",
        "section": "s",
        "zh": "雪",
        "en": "Snow",
        "kind": "yes_no",
        "requirement": "not_applicable",
        "rule": 2,
        "why": {"zh": "只在下雪时才问", "en": "Asked only when it snows"},
    }
    form = {"items": [item], "excluded": [{"id": "other"}], "min_coverage": 80}

    left_out = not_asked(form, sheet_lines(form, {}, None))

    assert [entry["id"] for entry in left_out] == ["other", "snow"]


def test_an_unscored_audit_cannot_be_accepted():
    assert [p.code for p in obstacles(None, 80, OpenPoints())] == ["not-scored"]
    assert [p.code for p in obstacles(None, 80, OpenPoints(2))] == [
        "items-noted",
        "not-scored",
    ]


def test_too_little_coverage_is_told_with_both_numbers():
    form = small_form()
    required = [i for i in form["items"] if i["requirement"] == "required"]
    score = score_audit(form, {"answers": {}})

    (problem, *_rest) = obstacles(score, 80, OpenPoints())

    assert required
    assert problem.code == "coverage"
    assert "0%" in problem.text.zh
    assert "80%" in problem.text.zh
