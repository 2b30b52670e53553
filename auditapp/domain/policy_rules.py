"""What a month's policy must be before anybody is measured by it."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from auditapp.domain.checklist_rules.keys import version
from auditapp.domain.checklist_rules.shapes import (
    Check,
    list_of,
    one_of,
    record,
    text,
    whole,
)
from auditapp.domain.checklist_rules.spot import Spot
from auditapp.domain.errors import Problem
from auditapp.domain.policy import ANCHORED, PEER_KINDS, SHARE_OUT, SOURCES
from auditapp.domain.text import Text

Document = Mapping[str, Any]

POLICY_ID = "monthly_score"
HIGHEST_SHARE_PCT = 99  # a month of visits alone is what this product replaces
_TAKES = {
    "mystery": "mean",
    "open_inspection": "latest",
    "callback": "mean",
    "sms": "mean",
}
_REQUIRED = (
    "schema", "id", "version", "sources", "peers", "missing", "need_sources",
    "need_weight", "level", "grades", "rules",
)  # fmt: skip
_RULES: dict[str, Check] = {
    "open_critical_blocks": text,
    "revisit_if_gap": whole(1, 100),
    "begging_gap": whole(1, 100),
    "closed_visit_score": whole(0, 100),
}
_ACTIONS: dict[str, Check] = {
    "contain": whole(1, 30),
    "cause": whole(1, 90),
    "major": whole(1, 180),
    "minor": whole(1, 365),
}
_REVIEW: dict[str, Check] = {"first": whole(1, 30), "second": whole(1, 30)}


def check_policy(document: object) -> list[Problem]:
    """Return everything wrong with a policy's document, whatever it is."""
    spot = Spot("", Text("月度计分规则", "The policy"))
    problems = list(record(_keys(), _REQUIRED)(spot, document))
    if problems or not isinstance(document, Mapping):
        return problems
    return [
        *_check_weights(spot.at("sources"), document["sources"]),
        *_check_grades(spot.at("grades"), document),
        *_check_twice(spot.at("peers"), document["peers"]),
    ]


def _keys() -> dict[str, Check]:
    return {
        "schema": whole(1, 1),
        "id": one_of([POLICY_ID]),
        "version": version,
        "sources": record({name: _source(name) for name in SOURCES}, SOURCES),
        "peers": list_of(one_of(PEER_KINDS)),
        "missing": one_of([SHARE_OUT, ANCHORED]),
        "need_sources": whole(1, len(SOURCES)),
        "need_weight": whole(0, 100),
        "level": whole(50, 99),
        "grades": list_of(
            record({"at_least": whole(0, 100), "id": text}, ("at_least", "id"))
        ),
        "rules": record(_RULES, tuple(_RULES)),
        "actions": record(_ACTIONS, tuple(_ACTIONS)),
        "review": record(_REVIEW, tuple(_REVIEW)),
    }


def _source(name: str) -> Check:
    keys: dict[str, Check] = {
        "weight": whole(0, 1000),
        "take": one_of([_TAKES[name]]),
        "usual_spread": whole(1, 50),
        "min_n": whole(1, 1000),
    }
    required = tuple(keys)
    if name == "mystery":
        keys["max_weight"] = whole(0, 100)
        required = (*required, "max_weight")
    if name == "open_inspection":
        keys["valid_months"] = whole(1, 12)
        required = (*required, "valid_months")
    return record(keys, required)


def _check_weights(spot: Spot, sources: Document) -> Iterator[Problem]:
    total = sum(source["weight"] for source in sources.values())
    if total == 0:
        yield spot.problem(
            "no-weight",
            "四个来源的权重不能全是0，至少给一个来源权重。",
            "the four sources cannot all weigh 0; give at least one a weight.",
        )
        return
    mystery = sources["mystery"]
    most_pct = min(mystery["max_weight"], HIGHEST_SHARE_PCT)
    if mystery["weight"] * 100 > most_pct * total:
        share = _percent(mystery["weight"], total)
        yield spot.at("mystery", "weight").problem(
            "mystery-too-heavy",
            f"暗访占{share}%，超过上限{most_pct}%：一次走访代表不了一个月，"
            "请减小暗访的权重，或给其他来源加权。",
            f"mystery visits would weigh {share}%, more than the limit of {most_pct}%: "
            "one visit is not a month. Lower their weight or raise the others'.",
        )


def _percent(part: int, total: int) -> str:
    tenths = part * 1000 // total
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0")


def _check_grades(spot: Spot, document: Document) -> Iterator[Problem]:
    grades = document["grades"]
    cuts = [grade["at_least"] for grade in grades]
    if any(one <= next_one for one, next_one in itertools.pairwise(cuts)):
        yield spot.problem(
            "grades-not-falling",
            "等级的起始分要从高到低写，不能相同。",
            "grades must be written from the highest score down, each lower than the "
            "one before.",
        )
    if cuts[-1] != 0:
        yield spot.at(len(cuts) - 1, "at_least").problem(
            "grades-leave-a-gap",
            "最后一个等级要从0分起，否则低分没有等级。",
            "the last grade must start at 0, or low scores have none.",
        )
    names = [grade["id"] for grade in grades]
    yield from _check_twice(spot, names)
    blocked = document["rules"]["open_critical_blocks"]
    if blocked not in names[:-1]:
        yield (
            Spot("/rules", spot.owner)
            .at("open_critical_blocks")
            .problem(
                "blocks-no-grade",
                f"要写一个有更低等级可退的等级：{'、'.join(names[:-1])}。",
                f"name a grade that has a lower one: {', '.join(names[:-1])}.",
            )
        )


def _check_twice(spot: Spot, names: list[str]) -> Iterator[Problem]:
    twice = sorted({name for name in names if names.count(name) > 1})
    for name in twice:
        yield spot.problem(
            "named-twice",
            f"“{name}”写了两遍，只留一个。",
            f"“{name}” is written twice; keep one.",
        )
