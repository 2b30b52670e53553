"""What a hall did best: items met in full, and for how many months in a row."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from auditapp.domain.month import later
from auditapp.domain.score_document import from_document
from auditapp.domain.scoring import FULL
from auditapp.reads.month_audits import MYSTERY, counted
from auditapp.store.audits import ScoreRow
from auditapp.store.visits import VisitRow

MONTHS_LOOKED_AT = 6
MOST_STRENGTHS = 3

Met = Mapping[str, bool]  # item id: whether every visit of a month met it in full


@dataclass(frozen=True, slots=True)
class Strength:
    """An item that every visit of the month met, and since how many months."""

    item: str
    months: int


def list_strengths(
    session: Session, hall_id: str, month: str, sections: Mapping[str, str]
) -> list[Strength]:
    """Return up to three items met in full, the steadiest and heaviest first.

    They come from different sections (``sections`` by item id) where there are enough.
    """
    first = later(month, 1 - MONTHS_LOOKED_AT)
    rows = session.execute(
        counted(
            select(VisitRow.month, ScoreRow.lines),
            and_(VisitRow.kind == MYSTERY, VisitRow.month.between(first, month)),
            [hall_id],
        )
    )
    met: dict[str, dict[str, bool]] = defaultdict(dict)
    weights: dict[str, int] = {}
    for visited, lines in rows:
        for line in _counted_lines(lines):
            met[visited][line.item_id] = met[visited].get(line.item_id, True) and (
                line.score == FULL
            )
            weights[line.item_id] = line.weight
    found = [
        Strength(item, months_in_a_row(met, item, month))
        for item, is_met in met[month].items()
        if is_met
    ]
    found.sort(key=lambda each: (-each.months, -weights[each.item], each.item))
    return spread_out(found, sections)


def months_in_a_row(met: Mapping[str, Met], item: str, month: str) -> int:
    """Count the months up to one in which an item was met; unseen ones end it."""
    count = 0
    while met.get(later(month, -count), {}).get(item):
        count += 1
    return count


def spread_out(found: list[Strength], sections: Mapping[str, str]) -> list[Strength]:
    """Return the first three, one a section as far as that goes."""
    chosen = list[Strength]()
    for each in found:
        if sections.get(each.item) not in {sections.get(c.item) for c in chosen}:
            chosen.append(each)
    rest = [each for each in found if each not in chosen]
    return (chosen + rest)[:MOST_STRENGTHS]


def _counted_lines(lines: Mapping[str, Any] | None) -> list[Any]:
    if not lines:
        return []
    return [line for line in from_document(lines).lines if line.is_counted]
