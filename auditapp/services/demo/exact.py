"""Changing a few answers so that a score is exactly what a story tells."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from auditapp.domain.scoring import AuditScore, item_score, score_audit

MOST_CHANGES = 4
STEPS = (1, 2, 3, 4, 5)
Answers = Mapping[str, Mapping[str, Any]]
Changes = tuple[tuple[str, Any], ...]


def nudged(
    form: Mapping[str, Any],
    today: list[str],
    answers: Answers,
    fixed: frozenset[str],
    target: int,
) -> dict[str, Any] | None:
    """Return answers that score ``target`` points exactly; ``fixed`` items stay.

    None when a few changes are not enough: not every sum of weights has every score.
    """
    score = score_audit(form, {"today": today, "answers": answers})
    counted = {line.item_id: line for line in score.lines if line.is_counted}
    weight = sum(line.weight for line in counted.values())
    missing = (target - (score.raw or Fraction(0))) * weight
    reached: dict[Fraction, Changes] = {Fraction(0): ()}
    for item in _free_items(form, score, answers, fixed):
        now = counted[item["id"]].score or Fraction(0)
        for total, made in list(reached.items()):
            if len(made) == MOST_CHANGES:
                continue
            for value in _values(item):
                then = item_score(item, {"value": value}, today)
                if then is not None and then != now:
                    change = item["weight"] * (then - now)
                    reached.setdefault(total + change, (*made, (item["id"], value)))
        if missing in reached:
            return {**answers, **{k: {"value": v} for k, v in reached[missing]}}
    return None


def _free_items(
    form: Mapping[str, Any], score: AuditScore, answers: Answers, fixed: frozenset[str]
) -> Iterator[Mapping[str, Any]]:
    """Yield counted items that nothing else hangs on."""
    asked_after = {name for item in form["items"] for name in item.get("ask_if", ())}
    counted = {line.item_id for line in score.lines if line.is_counted}
    for item in form["items"]:
        name = item["id"]
        if (
            name in counted - asked_after - fixed
            and not item["critical"]
            and answers[name].keys() == {"value"}
            and not isinstance(answers[name]["value"], list)
        ):
            yield item


def _values(item: Mapping[str, Any]) -> list[Any]:
    match item["kind"]:
        case "yes_no":
            return ["yes", "no"]
        case "scale":
            return list(STEPS)
        case "choice":
            return [each["id"] for each in item["options"] if each["score"] != "skip"]
        case _:
            return []
