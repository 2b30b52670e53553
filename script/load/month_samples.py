"""Real scores of made-up answers: what a country's month is filled with."""

import random
from collections.abc import Iterator
from typing import Any

from auditapp.domain.applicability import Place
from auditapp.domain.breakdown import lost_by_quality
from auditapp.domain.customer_response import score_response, script_of
from auditapp.domain.form import build_form
from auditapp.domain.rounding import to_milli
from auditapp.domain.score_document import as_document
from auditapp.domain.scoring import score_audit
from auditapp.gateways.checklist_files import load_checklist, load_vocabulary

TIERS = ("flagship", "standard", "small", "township")
KINDS = {
    "mystery": "telecom_hall_mystery",
    "open_inspection": "telecom_hall_open_inspection",
}
SAMPLES = 60
MET_SHARE, ASKED_WHY = 0.85, 7
REASONS = ("attitude", "wait", "unsolved", "unclear", "system", "place")


def forms() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield kind, tier and form."""
    vocabulary = load_vocabulary()
    for kind, checklist_id in KINDS.items():
        checklist = load_checklist(checklist_id)
        for tier in TIERS:
            place = Place(tier, frozenset({"rainy"}), None)
            yield kind, tier, build_form(checklist, vocabulary, "H000000", place)


def scored_audits() -> Iterator[dict[str, Any]]:
    """Yield real scores of random answers, some for each form."""
    chance = random.Random(1)
    for kind, tier, form in forms():
        for k in range(SAMPLES):
            score = None
            while score is None or not score.is_complete or score.score is None:
                answers = {i["id"]: _answer(i, chance) for i in form["items"]}
                score = score_audit(form, {"answers": answers})
            lost = lost_by_quality(form, score)
            yield {
                "kind": kind,
                "tier": tier,
                "k": k,
                "milli": to_milli(score.score),
                "numerator": score.score.numerator,
                "denominator": score.score.denominator,
                "hard": to_milli(lost["hard"]),
                "soft": to_milli(lost["soft"]),
                "cap": to_milli(score.cap_loss),
                "coverage": int(score.coverage * 100),
                "lines": as_document(score),
            }


def answered_forms(
    kind: str,
) -> dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Return forms of a kind with random answers, some for each tier."""
    chance, found = random.Random(3), {}
    for of_kind, tier, form in forms():
        if of_kind == kind:
            found[tier] = [
                (
                    form,
                    {"answers": {i["id"]: _answer(i, chance) for i in form["items"]}},
                )
                for _sample in range(SAMPLES)
            ]
    return found


def _answer(item: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    if "sample" in item:
        return {"value": [_value(item, chance) for _ in range(item["sample"])]}
    return {"value": _value(item, chance)}


def _value(item: dict[str, Any], chance: random.Random) -> Any:  # noqa: ANN401
    match item["kind"]:
        case "yes_no":
            is_met = item["critical"] or chance.random() < MET_SHARE
            return "yes" if is_met else "no"
        case "scale":
            return chance.choice((3, 4, 4, 5, 5))
        case "choice":
            scored = [o for o in item["options"] if o["score"] != "skip"]
            best = max(scored, key=lambda option: option["score"])
            return (best if item["critical"] else chance.choice((best, *scored)))["id"]
        case "number":
            return item.get("min", 1)
        case "timing_seconds":
            return chance.randint(5, 900)
        case _:
            return "很好"


def scored_replies() -> Iterator[dict[str, Any]]:
    """Yield real scores of text replies."""
    script = script_of(load_checklist("sms_feedback"), load_vocabulary())
    chance = random.Random(2)
    for k in range(SAMPLES):
        rating = min(max(round(chance.gauss(8.8, 1.8)), 1), 10)
        answers: dict[str, Any] = {"sms_rating": rating}
        if rating <= ASKED_WHY:
            answers["sms_reason"] = chance.choice(REASONS)
        score = score_response(script, answers)
        if score is None:
            raise AssertionError(answers)
        yield {
            "k": k,
            "milli": score.score_milli,
            "lost": score.lost,
            "cause": score.cause,
            "answers": answers,
        }
