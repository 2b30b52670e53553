"""Where a visit and the customers of the same hall and month contradict each other.

A visit sees a quarter of an hour. When it finds nothing wrong with what several
customers of the same month complain of, neither is wrong for certain: it is a reason
to ask, never a loss of points. Source: docs/decisions/0016.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditapp.domain.text import Text

LEAST_VOICES = 3  # fewer customers may be chance
LEAST_PCT = 8  # of all who answered
PASSED_MILLI = 90_000  # nothing of weight was missing


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a visit praises (``dimension``, ``key``) against answers of customers.

    ``answers`` names, by item, the values that say the contrary; "<=2" is a bound.
    """

    kind: str
    dimension: str
    key: str
    answers: Mapping[str, tuple[str, ...]]
    says: Text


KINDS = (
    Contradiction(
        "wait",
        "stage",
        "wait",
        {"sms_reason": ("wait",), "cb_wait": ("1", "2")},
        Text(
            "走访等候合格，客户却说等太久", "The visit waited well, customers did not"
        ),
    ),
    Contradiction(
        "attitude",
        "group",
        "attitude",
        {"sms_reason": ("attitude",), "cb_attitude": ("1", "2")},
        Text(
            "走访态度合格，客户却说态度不好",
            "The visit was received well, customers complain of attitude",
        ),
    ),
    Contradiction(
        "unclear",
        "stage",
        "offer",
        {"sms_reason": ("unclear",), "cb_clear": ("vague", "differ")},
        Text(
            "走访讲清了，客户却说没讲清",
            "The visit was told the terms, customers were not",
        ),
    ),
    Contradiction(
        "unsolved",
        "stage",
        "act",
        {"sms_reason": ("unsolved",), "cb_solved": ("partly", "no")},
        Text("走访办得成，客户却没办成", "The visit got it done, customers did not"),
    ),
    Contradiction(
        "place",
        "rater",
        "tangibles",
        {"sms_reason": ("place",), "cb_where": ("facility",)},
        Text(
            "走访环境合格，客户却说环境差",
            "The visit found the place in order, customers did not",
        ),
    ),
)
BY_KIND = {each.kind: each for each in KINDS}


def complaints_in(answers: Mapping[str, Any]) -> list[str]:
    """Return the kinds of trouble that one customer's answers name, each once."""
    said = {item: str(value) for item, value in answers.items()}
    return [
        each.kind
        for each in KINDS
        if any(said.get(item) in values for item, values in each.answers.items())
    ]


def contradictions(
    figures: Mapping[str, Mapping[str, int]], voices: Mapping[str, int], answered: int
) -> list[dict[str, Any]]:
    """Return what a hall's visit and customers say against each other.

    ``voices`` counts customers by kind of trouble, ``answered`` all who answered.
    """
    found = []
    for each in KINDS:
        count = voices.get(each.kind, 0)
        passed = figures.get(each.dimension, {}).get(each.key, 0)
        if passed < PASSED_MILLI or count < LEAST_VOICES:
            continue
        if 100 * count >= LEAST_PCT * answered:
            found.append(
                {
                    "kind": each.kind,
                    "passed_milli": passed,
                    "voices": count,
                    "answered": answered,
                }
            )
    return found
