"""A comment that says the contrary of its answer is a hint to read it."""

import pytest

from auditapp.domain.comment_signals import comment_signals

YES_NO = {"id": "yn", "kind": "yes_no"}
SCALE = {"id": "sc", "kind": "scale"}
CHOICE = {
    "id": "ch",
    "kind": "choice",
    "options": [{"id": "all", "score": 100}, {"id": "some", "score": 50}],
}


def kinds(item, value, note):
    audit = {"answers": {item["id"]: {"value": value, "note": note}}}
    return [signal.kind for signal in comment_signals({"items": [item]}, audit)]


@pytest.mark.parametrize(
    ("item", "value", "note"),
    [
        (YES_NO, "yes", "没有人招呼我"),
        (YES_NO, "yes", "地上有点脏"),
        (SCALE, 5, "She did not look up once"),
        (CHOICE, "all", "缺一张价目表"),
    ],
)
def test_the_best_answer_with_a_complaint_beside_it_is_pointed_out(item, value, note):
    assert kinds(item, value, note) == ["comment_complains"]


@pytest.mark.parametrize(
    "note", ["很干净，热情", "没有问题", "Very friendly, no problem"]
)
def test_the_worst_answer_with_praise_beside_it_is_pointed_out(note):
    assert kinds(YES_NO, "no", note) == ["comment_praises"]


@pytest.mark.parametrize(
    ("item", "value", "note"),
    [
        (YES_NO, "yes", "没有问题，很好"),
        (YES_NO, "yes", "服务不错"),
        (YES_NO, "yes", "叫号正常，没有等太久"),
        (YES_NO, "no", "柜台上贴着‘十分满意’的二维码"),
        (YES_NO, "yes", "Not bad at all, clean"),
        (YES_NO, "no", "没有人招呼我"),
        (YES_NO, "no", "地面干净，但是没有人招呼"),
        (SCALE, 3, "没有人招呼我"),
        (CHOICE, "some", "缺一张价目表"),
        (YES_NO, "could_not_observe", "没有看到"),
        (YES_NO, "yes", ""),
        (YES_NO, "yes", None),
        (YES_NO, ["yes"], 7),
    ],
)
def test_what_agrees_or_says_neither_is_left_alone(item, value, note):
    assert kinds(item, value, note) == []


def test_the_comment_is_quoted_in_short():
    audit = {"answers": {"yn": {"value": "yes", "note": "没" + "很" * 500}}}

    (signal,) = comment_signals({"items": [YES_NO]}, audit)

    assert len(signal.facts["comment"]) == 60
