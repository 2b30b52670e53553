"""What the keys of one item owe to each other; every key is sound for itself."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from auditapp.domain.checklist_rules.shapes import shown
from auditapp.domain.checklist_rules.spot import Spot
from auditapp.domain.errors import Problem
from auditapp.domain.vocabulary import Vocabulary

Item = Mapping[str, Any]

SMS_CHARACTERS = {"zh": 70, "en": 160}
# What a message is filled with when it is measured, as long as names get
SMS_FILLING = {
    "zh": {"brand": "澜桥通信", "hall": "绍兴稽云路旗舰厅"},
    "en": {"brand": "Lanqiao Telecom", "hall": "Shaoxing Jiyun Road Flagship"},
}

_LEAST_WEIGHT_OF_CRITICAL = 4
_FULL_MARK = 100
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def check_item(spot: Spot, item: Item, pass_mark: int) -> Iterator[Problem]:
    """Look at one complete item."""
    yield from _check_tags(spot, item)
    yield from _check_weight(spot, item)
    kind_rule = _KIND_RULES.get(item["kind"])
    if kind_rule:
        yield from kind_rule(spot, item, pass_mark)
    yield from _check_bands(spot, item)


def check_clock(spot: Spot, item: Item, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Ask a timed item for two buttons of the clock in the order of the journey."""
    if item["kind"] != "timing_seconds":
        return
    if "timer" not in item:
        yield spot.problem(
            "no-timer",
            "计时题要写timer，说明从哪个按钮到哪个按钮。",
            "a timed item needs a timer: from which button to which.",
        )
        return
    order = list(vocabulary.events)
    start, end = item["timer"]["from"], item["timer"]["to"]
    if order.index(start) >= order.index(end):
        yield spot.at("timer").problem(
            "timer-order",
            f"计时从“{start}”到“{end}”，先后反了，请对调或另选按钮。",
            f"the timer runs from “{start}” to “{end}”, which is the wrong way round; "
            "swap them or choose others.",
        )


def check_message(spot: Spot, item: Item) -> Iterator[Problem]:
    """Ask an item of a text-message checklist for messages that fit one SMS."""
    for language, limit in SMS_CHARACTERS.items():
        key = f"sms_{language}"
        if key not in item:
            yield spot.problem(
                "no-message",
                f"短信题要写{key}，就是发给客户的原文。",
                f"an item sent by text message needs {key}, the very words sent.",
            )
        else:
            yield from message_length(spot.at(key), item[key], language, limit)


def message_length(
    spot: Spot, message: str, language: str, limit: int
) -> Iterator[Problem]:
    """Ask for a message that fits once its places are filled in."""
    filling = SMS_FILLING[language]
    for name in _PLACEHOLDER.findall(message):
        if name not in filling:
            yield spot.problem(
                "unknown-place",
                f"“{{{shown(name)}}}”填不出来，只能用{{brand}}和{{hall}}。",
                f"nothing can be filled in for “{{{shown(name)}}}”; use {{brand}} and "
                "{hall} only.",
            )
    filled = _PLACEHOLDER.sub(lambda m: filling.get(m[1], ""), message)
    if len(filled) > limit:
        yield spot.problem(
            "too-long",
            f"填好名称后有{len(filled)}个字，一条短信最多{limit}个，请缩短。",
            f"it has {len(filled)} characters once names are filled in; one message "
            f"holds {limit}. Shorten it.",
        )


def _check_tags(spot: Spot, item: Item) -> Iterator[Problem]:
    if item["quality"] == "soft" and "group" not in item:
        yield spot.problem(
            "soft-without-group",
            "软质量的题要写group（态度、效率、表现或过程）。",
            "a soft item needs a group: attitude, efficiency, performance or process.",
        )
    if item["quality"] == "hard" and "group" in item:
        yield spot.at("group").problem(
            "hard-with-group",
            "硬质量的题不分group，请删去，或者改为软质量。",
            "a hard item has no group; remove it, or make the item soft.",
        )


def _check_weight(spot: Spot, item: Item) -> Iterator[Problem]:
    if item.get("critical", False) and item["weight"] < _LEAST_WEIGHT_OF_CRITICAL:
        yield spot.at("weight").problem(
            "light-critical",
            f"关键题的权重至少是{_LEAST_WEIGHT_OF_CRITICAL}，现在是{item['weight']}；"
            "加重它，或者去掉critical。",
            f"a critical item weighs {_LEAST_WEIGHT_OF_CRITICAL} or 5, not "
            f"{item['weight']}; raise the weight or drop “critical”.",
        )
    if item["kind"] == "text" and item["weight"]:
        yield spot.at("weight").problem(
            "scored-text",
            "文字题打不了分，权重要写0。",
            "words cannot be scored; the weight must be 0.",
        )


def _check_scale(spot: Spot, item: Item, pass_mark: int) -> Iterator[Problem]:
    del pass_mark
    for key in ("anchors_zh", "anchors_en"):
        if key not in item:
            yield spot.problem(
                "no-anchors",
                f"量表题要写{key}，说明1、3、5三档各是什么样。",
                f"a scale needs {key}, saying what steps 1, 3 and 5 look like.",
            )


def _check_choice(spot: Spot, item: Item, pass_mark: int) -> Iterator[Problem]:
    options: Sequence[Item] = item.get("options", ())
    ids = [option["id"] for option in options]
    if len(set(ids)) < max(2, len(ids)):
        yield spot.at("options").problem(
            "bad-options",
            "选择题至少要有两个选项，编号不能重复。",
            "a choice needs two options or more, each with an id of its own.",
        )
    scores = [option["score"] for option in options if option["score"] != "skip"]
    if not item["weight"] or not scores:
        return
    if max(scores) != _FULL_MARK or min(scores) >= pass_mark:
        yield spot.at("options").problem(
            "bad-option-scores",
            f"计分的选择题要有一个{_FULL_MARK}分的选项和一个低于{pass_mark}分的选项。",
            f"a scored choice needs an option worth {_FULL_MARK} and one under "
            f"{pass_mark}.",
        )


def _check_number(spot: Spot, item: Item, pass_mark: int) -> Iterator[Problem]:
    del pass_mark
    if item["weight"] and "bands" not in item:
        yield spot.problem(
            "no-bands",
            "计分的数字题要写bands，说明多少得多少分。",
            "a scored number needs bands that say how much earns how many points.",
        )
    if item.get("min", 0) > item.get("max", float("inf")):
        yield spot.at("min").problem(
            "empty-range",
            "min比max大，没有数可填。",
            "min is above max, so no number fits.",
        )


def _check_timing(spot: Spot, item: Item, pass_mark: int) -> Iterator[Problem]:
    del pass_mark
    if "bands" not in item:
        yield spot.problem(
            "no-bands",
            "计时题要写bands，说明多少秒内得多少分。",
            "a timed item needs bands that say how many seconds earn how many points.",
        )


_KIND_RULES: Mapping[str, Callable[[Spot, Item, int], Iterator[Problem]]] = {
    "scale": _check_scale,
    "choice": _check_choice,
    "number": _check_number,
    "timing_seconds": _check_timing,
}


def _check_bands(spot: Spot, item: Item) -> Iterator[Problem]:
    every = [(spot.at("bands"), item["bands"])] if "bands" in item else []
    every += [
        (spot.at("bands_when", index, "bands"), line["bands"])
        for index, line in enumerate(item.get("bands_when", ()))
    ]
    for place, bands in every:
        limits = [band["up_to"] for band in bands]
        scores = [band["score"] for band in bands]
        if limits != sorted(set(limits)):
            yield place.problem(
                "bands-not-rising",
                "各档的up_to要从小到大，不能重复。",
                "the limits (up_to) must rise from band to band.",
            )
        if item["kind"] == "timing_seconds" and scores != sorted(scores, reverse=True):
            yield place.problem(
                "slower-scores-more",
                "用时更长的一档，得分不能更高。",
                "a longer time must not score more than a shorter one.",
            )
