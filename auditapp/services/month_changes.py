"""What changed since earlier months, told from chance, as ledgers keep it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from auditapp.domain.month import later
from auditapp.domain.rounding import MILLI_PER_POINT
from auditapp.estimation.change import (
    CHANGE_MONTHS,
    Changes,
    Standing,
    find_changes,
)
from auditapp.reads.month_standings import Stood, read_standings
from auditapp.services.month_rows import HallScore

LAGS = {"last": 1, "six": CHANGE_MONTHS}

Earlier = Mapping[str, Mapping[str, Stood]]  # by lag and hall
ListedFrom = dict[str, float | None]  # by lag: the least |z| listed, None lists nobody


def read_earlier(
    session: Session, month: str, hall_ids: Collection[str] | None = None
) -> Earlier:
    """Return where halls stood exactly one and six months before."""
    return {
        lag: read_standings(session, later(month, -back), hall_ids)
        for lag, back in LAGS.items()
    }


def earlier_in(documents: Sequence[Mapping[str, Any]]) -> Earlier:
    """Return what a ledger's documents say of where their halls stood."""
    return {
        lag: {
            document["hall"]: Stood(**change[lag]["before"])
            for document in documents
            if (change := document["adjusted"].get("change")) and change[lag]
        }
        for lag in LAGS
    }


def fill_changes(
    month: str,
    scores: Sequence[HallScore],
    earlier: Earlier,
    listed_from: Mapping[str, float | None] | None = None,
) -> ListedFrom:
    """Write into the adjusted documents what changed; return who is listed.

    A hall with nothing to compare gets no ``change``. Who is listed is found among
    these halls, which must be the whole country, unless the month's own run is given.
    """
    found: ListedFrom = {}
    for lag, stood in earlier.items():
        known = [s for s in scores if s.adjusted and s.hall.hall_id in stood]
        before = [stood[score.hall.hall_id] for score in known]
        now = [_stood(score.adjusted or {}) for score in known]
        changes = find_changes(_standing(now), _standing(before))
        found[lag] = (
            changes.listed_from() if listed_from is None else listed_from.get(lag)
        )
        then = later(month, -LAGS[lag])
        for score, numbers in zip(
            known, _numbers(now, before, changes, found[lag]), strict=True
        ):
            adjusted = score.adjusted or {}
            change = adjusted.setdefault("change", dict.fromkeys(LAGS))
            change[lag] = {"month": then} | numbers
    return found


def _stood(adjusted: Mapping[str, Any]) -> Stood:
    return Stood(*(adjusted[name] for name in Stood._fields))


def _standing(stood: Sequence[Stood]) -> Standing:
    points = np.array(stood, dtype=np.float64).reshape(-1, 3) / MILLI_PER_POINT
    return Standing(*points.T)


def _numbers(
    now: Sequence[Stood],
    before: Sequence[Stood],
    changes: Changes,
    listed_from: float | None,
) -> list[dict[str, Any]]:
    z, is_alarm = changes.z.tolist(), changes.is_alarm.tolist()
    return [
        {
            "before": before[index]._asdict(),
            "milli": now[index].milli - before[index].milli,
            "peer_milli": now[index].peer_milli - before[index].peer_milli,
            "z_milli": round(z[index] * MILLI_PER_POINT),
            "is_alarm": is_alarm[index],
            "is_listed": listed_from is not None and abs(z[index]) >= listed_from,
        }
        for index in range(len(now))
    ]
