"""An audit's score as JSON of whole numbers, and back without losing a digit.

A ratio is ``[numerator, denominator]``: JSON has no fractions, and floats would turn
“adds up exactly” into “adds up nearly”.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from auditapp.domain.scoring import AuditScore, Line


def as_document(score: AuditScore) -> dict[str, Any]:
    """Return the score as it is stored; ``from_document`` reads it back equal."""
    return {
        "schema": 1,
        "lines": [_line_document(line) for line in score.lines],
        "raw": _ratio(score.raw),
        "score": _ratio(score.score),
        "cap_loss": _ratio(score.cap_loss),
        "coverage": _ratio(score.coverage),
        "is_complete": score.is_complete,
        "critical_failures": list(score.critical_failures),
        "critical_unanswered": list(score.critical_unanswered),
    }


def from_document(document: Mapping[str, Any]) -> AuditScore:
    """Return the score that ``as_document`` wrote."""
    return AuditScore(
        lines=tuple(_line(line) for line in document["lines"]),
        raw=_maybe_fraction(document["raw"]),
        score=_maybe_fraction(document["score"]),
        cap_loss=Fraction(*document["cap_loss"]),
        coverage=Fraction(*document["coverage"]),
        is_complete=document["is_complete"],
        critical_failures=tuple(document["critical_failures"]),
        critical_unanswered=tuple(document["critical_unanswered"]),
    )


def _line_document(line: Line) -> dict[str, Any]:
    document = {
        "id": line.item_id,
        "requirement": line.requirement,
        "rule": line.rule,
        "weight": line.weight,
        "score": _ratio(line.score),
        "lost": _ratio(line.lost),
        "is_failed": line.is_failed,
        "not_counted": line.not_counted,
        "cause": line.cause,
    }
    return document | {"owner": line.owner} if line.owner else document


def _line(document: Mapping[str, Any]) -> Line:
    return Line(
        item_id=document["id"],
        requirement=document["requirement"],
        rule=document["rule"],
        weight=document["weight"],
        score=_maybe_fraction(document["score"]),
        lost=_fraction(*document["lost"]),
        is_failed=document["is_failed"],
        not_counted=document["not_counted"],
        cause=document["cause"],
        owner=document.get("owner"),
    )


def _ratio(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]


def _maybe_fraction(ratio: list[int] | None) -> Fraction | None:
    return None if ratio is None else _fraction(*ratio)


@lru_cache(maxsize=10_000)  # a month's audits repeat a few ratios a million times
def _fraction(numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator)
