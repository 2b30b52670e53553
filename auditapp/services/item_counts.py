"""What past visits found of every item, counted in one walk over their lines."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from auditapp.domain.item_signs import ItemHealth
from auditapp.estimation.judges import Counted
from auditapp.estimation.presence import Sightings
from auditapp.reads.item_lines import VisitLines, list_overturned, stream_lines
from auditapp.reads.month_inputs import MonthHall

Key = tuple[str, str, str]  # month, item, tier
PASSED, FAILED, NOT_OBSERVED = "passed", "failed", "not_observed"
OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Records by month, item and tier; sightings of facilities; items by auditor."""

    records: Mapping[Key, ItemHealth]
    sightings: Sightings
    judged: Mapping[str, Counted]


def count_items(
    session: Session,
    months: Sequence[str],
    halls: Sequence[MonthHall],
    facilities: Sequence[str],
) -> ItemCounts:
    """Go through every counted visit of some months once; nothing is kept of it."""
    walk = _Walk(months, halls, facilities)
    for visit in stream_lines(session, months):
        walk.count(visit)
    for hall_id, month, item in list_overturned(session, months):
        walk.count_overturned(hall_id, month, item)
    records = {key: _record(each) for key, each in walk.counts.items()}
    judged = {
        item: {key: (each[0], each[1]) for key, each in cells.items()}
        for item, cells in walk.judged.items()
    }
    return ItemCounts(records, Sightings(walk.yes, walk.no), judged)


class _Walk:
    """The counters of one walk."""

    def __init__(
        self,
        months: Sequence[str],
        halls: Sequence[MonthHall],
        facilities: Sequence[str],
    ) -> None:
        self.hall_at = {hall.hall_id: place for place, hall in enumerate(halls)}
        self.halls = halls
        self.item_at = {name: place for place, name in enumerate(facilities)}
        self.month_at = {month: place for place, month in enumerate(months)}
        shape = len(halls), len(facilities), len(months)
        self.yes, self.no = np.zeros(shape), np.zeros(shape)
        self.counts: dict[Key, Counter[str]] = defaultdict(Counter)
        self.judged: dict[str, dict[tuple[str, str], list[int]]] = defaultdict(
            lambda: defaultdict(lambda: [0, 0])
        )

    def count(self, visit: VisitLines) -> None:
        """Count one visit's lines; a hall that is not asked about is left out."""
        place = self.hall_at.get(visit.hall_id)
        if place is None:
            return
        hall, month = self.halls[place], self.month_at[visit.month]
        judge = visit.auditor, f"{hall.region_id} {hall.tier}"
        for line in visit.lines:
            what, item = _outcome(line), line["id"]
            self.counts[visit.month, item, hall.tier][what] += 1
            if what not in (PASSED, FAILED):
                continue
            seen = self.judged[item][judge]
            seen[0] += 1
            seen[1] += what == PASSED
            if item in self.item_at:
                sightings = self.yes if what == PASSED else self.no
                sightings[place, self.item_at[item], month] += 1

    def count_overturned(self, hall_id: str, month: str, item: str) -> None:
        """Count an answer that was decided otherwise."""
        place = self.hall_at.get(hall_id)
        if place is not None:
            self.counts[month, item, self.halls[place].tier][OVERTURNED] += 1


def _outcome(line: Mapping[str, Any]) -> str:
    if line["score"] is not None:
        return FAILED if line["is_failed"] or line["score"][0] == 0 else PASSED
    reason = line["not_counted"]
    return NOT_OBSERVED if reason in ("not-observed", "unanswered") else "left_out"


def _record(counts: Counter[str]) -> ItemHealth:
    passed, failed = counts[PASSED], counts[FAILED]
    unseen = counts[NOT_OBSERVED]
    return ItemHealth(
        passed + failed + unseen, passed, failed, unseen, counts[OVERTURNED]
    )
