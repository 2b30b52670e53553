"""Where a hall is good and what it lost in a month, as figures that can be added up.

Shares are the part of what was asked that was met, in milli-points of 100; points lost
are those of the official score, so they are the same as on the hall's own page.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from auditapp.domain.month_ledger import AuditInput, LedgerParts, group_lines
from auditapp.domain.rounding import FULL_MILLI, to_milli
from auditapp.domain.scoring import Line

Figures = dict[str, dict[str, int]]  # dimension: {key: milli-points}

# what a visit that nobody expected saw; abilities are also tried openly, by drills
SEEN = ("quality", "group", "rater", "stage")
TRIED = "skill"
LOST = ("cause", "owner")
ITEM, FAILED = "item", "failed"
MYSTERY, INSPECTION = "mystery", "open_inspection"


def profile_of(document: Mapping[str, Any], parts: LedgerParts) -> Figures:
    """Return a hall's figures from its ledger document and what that was made of."""
    visits = list(parts.audits.get(MYSTERY, ()))
    # an inspection counts for some months, but was made in one
    inspections = [
        audit
        for audit in parts.audits.get(INSPECTION, ())
        if audit.facts["month"] == document["month"]
    ]
    figures: Figures = {name: _shares(visits, name) for name in SEEN}
    figures[TRIED] = _shares([*visits, *inspections], TRIED)
    figures |= {name: group_lines(document, name) for name in LOST}
    lines = [line for audit in (*visits, *inspections) for line in _counted(audit)]
    figures[ITEM] = _item_scores(lines)
    figures[FAILED] = {line.item_id: FULL_MILLI for line in lines if line.is_failed}
    return {name: keys for name, keys in figures.items() if keys}


def _counted(audit: AuditInput) -> list[Line]:
    return [line for line in audit.score.lines if line.is_counted]


def _shares(audits: Iterable[AuditInput], tag: str) -> dict[str, int]:
    """Return Σ weight × score ÷ Σ weight by a tag's words."""
    earned: dict[str, Fraction] = defaultdict(Fraction)
    asked: dict[str, int] = defaultdict(int)
    for audit in audits:
        for line in _counted(audit):
            word = audit.tags[line.item_id].get(tag)
            if word and line.score is not None:
                earned[word] += line.weight * line.score
                asked[word] += line.weight
    return {word: to_milli(earned[word] / asked[word]) for word in asked if asked[word]}


def _item_scores(lines: Iterable[Line]) -> dict[str, int]:
    scores: dict[str, list[Fraction]] = defaultdict(list)
    for line in lines:
        if line.score is not None:
            scores[line.item_id].append(line.score)
    return {
        item: to_milli(sum(seen, Fraction(0)) / len(seen))
        for item, seen in scores.items()
    }
