"""A customer's answers turned into points, once, as published milli-points.

The script of a call and the messages of a feedback are checklists; their form is the
same for every hall. What is made of many responses adds up because each one does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditapp.domain.applicability import Place
from auditapp.domain.checklist import Checklist
from auditapp.domain.form import build_form
from auditapp.domain.rounding import FULL_MILLI, MILLI_PER_POINT, apportion, to_milli
from auditapp.domain.scoring import score_audit
from auditapp.domain.vocabulary import Vocabulary

NO_HALL = ""


@dataclass(frozen=True, slots=True)
class ResponseScore:
    """What one response earned and lost: ``score_milli`` + Σ ``lost`` = 100,000.

    ``cause`` is where the customer saw the trouble of a low answer, None for content
    customers and for those who did not say; ``alerts`` are failed critical questions.
    """

    score_milli: int
    lost: dict[str, int]
    cause: str | None
    alerts: tuple[str, ...]


def script_of(checklist: Checklist, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the form of a checklist that customers answer; no hall changes it."""
    tier = next(iter(vocabulary.tiers))
    return build_form(checklist, vocabulary, NO_HALL, Place(tier, frozenset(), None))


def score_response(
    script: Mapping[str, Any], answers: Mapping[str, Any]
) -> ResponseScore | None:
    """Score answers by item id (plain values); None when nothing that counts is said.

    A call that ended early counts with what was answered, however little.
    """
    document = {"answers": {key: {"value": value} for key, value in answers.items()}}
    score = score_audit(script, document)
    if score.score is None:
        return None
    score_milli = to_milli(score.score)
    exact = {
        line.item_id: line.lost * MILLI_PER_POINT
        for line in score.lines
        if line.is_counted and line.lost
    }
    lost = apportion(exact, FULL_MILLI - score_milli)
    return ResponseScore(
        score_milli=score_milli,
        lost={key: part for key, part in lost.items() if part},
        cause=told_cause(script, answers),
        alerts=score.critical_failures,
    )


def told_cause(script: Mapping[str, Any], answers: Mapping[str, Any]) -> str | None:
    """Return the cause of the first chosen reason that carries one."""
    for item in script["items"]:
        chosen = answers.get(item["id"])
        for option in item.get("options", ()):
            if option["id"] == chosen and option.get("cause"):
                return str(option["cause"])
    return None
