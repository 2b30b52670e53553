"""How well audits foretell later callbacks, by the version in force and by a draft."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.what_if import HallChange
from auditapp.estimation.validity import validity
from auditapp.store.responses import TallyRow

LEAST_MONTHS = 2


def validity_of(
    session: Session, months: Sequence[str], changes: Sequence[HallChange]
) -> dict[str, Any] | None:
    """Return the figures as JSON; None where there is too little to compare."""
    if len(months) < LEAST_MONTHS:
        return None
    ordered = sorted(months)
    first, second = ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :]
    before, after = _means(changes, first)
    callbacks = _callbacks(session, second)
    halls = {
        each.hall_id: f"{each.region_id} {each.tier}"
        for each in changes
        if each.hall_id in before and each.hall_id in callbacks
    }
    kinds = {kind: code for code, kind in enumerate(sorted(set(halls.values())))}
    found = validity(
        np.array([before[hall] for hall in halls]),
        np.array([after[hall] for hall in halls]),
        np.array([callbacks[hall] for hall in halls]),
        np.array([kinds[kind] for kind in halls.values()], dtype=np.int64),
    )
    return {**asdict(found), "first": first, "second": second} if found else None


def _means(
    changes: Sequence[HallChange], months: Sequence[str]
) -> tuple[dict[str, float], dict[str, float]]:
    points: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for each in changes:
        one, other = each.audits_before_milli, each.audits_after_milli
        if each.month in months and one is not None and other is not None:
            points[each.hall_id].append((one, other))
    before, after = (
        {
            hall: float(np.mean([pair[side] for pair in held]))
            for hall, held in points.items()
        }
        for side in (0, 1)
    )
    return before, after


def _callbacks(session: Session, months: Sequence[str]) -> dict[str, float]:
    rows = session.execute(
        select(
            TallyRow.hall_id,
            func.sum(TallyRow.total_milli),
            func.sum(TallyRow.responses),
        )
        .where(
            TallyRow.month.in_(months),
            TallyRow.source == "callback",
            TallyRow.responses > 0,
        )
        .group_by(TallyRow.hall_id)
    )
    return {hall: float(total) / float(count) for hall, total, count in rows}
