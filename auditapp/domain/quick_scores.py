"""The score of one response, for many at once: what an answer gives is looked up.

``customer_response.score_response`` builds an audit document for each; here the points
of every possible answer are worked out once. A property test holds the two together.
"""

from collections.abc import Callable, Mapping
from typing import Any

from auditapp.domain.customer_response import (
    ResponseScore,
    score_response,
    told_cause,
)
from auditapp.domain.form import is_asked
from auditapp.domain.rounding import FULL_MILLI, MILLI_PER_POINT
from auditapp.domain.scoring import FULL, item_score

Answers = Mapping[str, Any]

MOST_VALUES = 1000
REQUIRED = "required"
_STRANGE = frozenset({"today", "bands_when", "sample"})


class _Lost(dict[Any, int | None]):
    """The points out of 100 that each answer to an item loses; None: not counted."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        super().__init__()
        self.item = item

    def __missing__(self, value: object) -> int | None:
        score = item_score(self.item, {"value": value}, ())
        lost = None if score is None else FULL - int(score)
        if len(self) < MOST_VALUES:
            self[value] = lost
        return lost


def response_scorer(
    script: Mapping[str, Any],
) -> Callable[[Answers], ResponseScore | None]:
    """Return a function that scores sound answers by item id as ``score_response``."""
    items = script["items"]
    if script.get("critical_cap") or any(_STRANGE & item.keys() for item in items):
        return lambda answers: score_response(script, answers)
    counted = [
        _Lost(item)
        for item in items
        if item["requirement"] == REQUIRED and item["weight"] and item["kind"] != "text"
    ]

    def score(answers: Answers) -> ResponseScore | None:
        weight, lost, alerts = 0, {}, []
        for points in counted:
            item = points.item
            given = answers.get(item["id"])
            part = None if given is None else points[given]
            if part is None or not _is_asked(item, answers):
                continue
            weight += item["weight"]
            lost[item["id"]] = item["weight"] * part * MILLI_PER_POINT
            if item.get("critical") and FULL - part < script["pass_mark"]:
                alerts.append(item["id"])
        if not weight:
            return None
        return _shared_out(lost, weight, told_cause(script, answers), tuple(alerts))

    return score


def _is_asked(item: Mapping[str, Any], answers: Answers) -> bool:
    if not item.get("ask_if"):
        return True  # nearly all
    return is_asked(item, {key: {"value": value} for key, value in answers.items()})


def _shared_out(
    lost: Mapping[str, int], weight: int, cause: str | None, alerts: tuple[str, ...]
) -> ResponseScore:
    """Divide by the weight; the largest remainders are rounded up, ties by id."""
    total = FULL_MILLI * weight - sum(lost.values())
    score_milli = (2 * total + weight) // (2 * weight)
    parts = {key: divmod(part, weight) for key, part in lost.items() if part}
    missing = FULL_MILLI - score_milli - sum(whole for whole, _ in parts.values())
    up = set(sorted(parts, key=lambda key: (-parts[key][1], key))[:missing])
    shares = {key: whole + (key in up) for key, (whole, _) in parts.items()}
    kept = {key: part for key, part in shares.items() if part}
    return ResponseScore(score_milli, kept, cause, alerts)
