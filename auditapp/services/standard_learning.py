"""Learning from past months: how items fared, whether customers care, what to propose.

Read and computed first, written afterwards; running it again replaces what it wrote.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from auditapp.domain.cell_rules import base_of
from auditapp.domain.item_signs import ItemHealth, is_protected
from auditapp.domain.month import later, month_of
from auditapp.domain.scoring import FULL
from auditapp.estimation.evidence import Evidence, Floats
from auditapp.estimation.presence import Sightings, estimate_presence
from auditapp.estimation.relevance import Facilities, ItemEffect, find_effects
from auditapp.estimation.satisfaction import hall_satisfaction
from auditapp.estimation.states import SERVICE, HallStates
from auditapp.reads.item_lines import list_overturned, stream_lines
from auditapp.reads.month_evidence import Codes, read_evidence, read_states
from auditapp.reads.month_inputs import MonthHall, list_month_halls
from auditapp.services.checklists import get_version_in_force
from auditapp.services.item_proposals import (
    Key,
    by_effect,
    by_record,
    figures_of,
    keep_proposals,
)
from auditapp.services.standard_versions import CHECKLIST, version_document
from auditapp.store.contention import table_of
from auditapp.store.months import MonthScoreRow
from auditapp.store.standards import ItemMonthRow, RelevanceRow

MONTHS = 12
SOURCE = "mystery"
ITEM_MONTHS, RELEVANCE = table_of(ItemMonthRow), table_of(RelevanceRow)


@dataclass(frozen=True, slots=True)
class Learned:
    """What past months say of a checklist; ``months`` oldest first."""

    checklist_id: str
    months: tuple[str, ...]
    records: Mapping[Key, ItemHealth]
    effects: Mapping[tuple[str, str], ItemEffect]  # item, tier
    proposals: tuple[dict[str, Any], ...]


def learn(session: Session, *, now: datetime) -> Learned | None:
    """Return what the last months say; None when no past month has scores."""
    months = _months(session, now)
    if not months:
        return None
    version = get_version_in_force(session, SOURCE, month_of(now)).checklist
    checklist_id = version.checklist_id
    document = version_document(session, CHECKLIST, checklist_id, version.version)
    items = {i["id"]: i for section in document["sections"] for i in section["items"]}
    halls = list_month_halls(session, months[-1])
    facilities = [
        name
        for name, item in items.items()
        if item["quality"] == "hard"
        and item.get("kind", document["defaults"].get("kind")) == "yes_no"
    ]
    records, sightings = _walk(session, months, halls, facilities)
    tiers = sorted({hall.tier for hall in halls})
    evidence = read_evidence(session, halls, months, Codes(tiers=list(tiers)))
    found = find_effects(
        hall_satisfaction(evidence),
        _service(session, months, halls),
        _facilities(evidence, sightings, [items[name] for name in facilities], tiers),
        evidence.tier,
    )
    effects = {(facilities[e.item], tiers[e.tier]): e for e in found}
    sizes = Counter(hall.tier for hall in halls if hall.is_active)
    proposals = (
        *by_effect(effects, sizes, items),
        *by_record(items, records, sum(sizes.values())),
    )
    return Learned(checklist_id, tuple(months), records, effects, proposals)


def has_learned(session: Session) -> bool:
    """Tell whether anything was ever learned."""
    return session.scalar(select(ItemMonthRow.item_id).limit(1)) is not None


def keep_learned(session: Session, learned: Learned, *, now: datetime) -> None:
    """Write it all in place of what was learned before; decided proposals stay."""
    own = learned.checklist_id
    session.execute(
        delete(ItemMonthRow).where(
            ItemMonthRow.checklist_id == own, ItemMonthRow.month.in_(learned.months)
        )
    )
    session.execute(delete(RelevanceRow).where(RelevanceRow.checklist_id == own))
    if learned.records:
        session.execute(
            insert(ITEM_MONTHS),
            [_record_row(own, key, each) for key, each in learned.records.items()],
        )
    if learned.effects:
        through = learned.months[-1]
        session.execute(
            insert(RELEVANCE),
            [
                _effect_row(own, key, each, through, now)
                for key, each in learned.effects.items()
            ],
        )
    keep_proposals(session, own, learned.proposals, through=learned.months[-1], now=now)


def _months(session: Session, now: datetime) -> list[str]:
    first = later(month_of(now), -MONTHS)
    return sorted(
        session.scalars(
            select(MonthScoreRow.month)
            .where(MonthScoreRow.month >= first, MonthScoreRow.month < month_of(now))
            .distinct()
        )
    )


def _walk(
    session: Session,
    months: Sequence[str],
    halls: Sequence[MonthHall],
    facilities: Sequence[str],
) -> tuple[dict[Key, ItemHealth], Sightings]:
    """Go through every counted visit once, for the records and for the sightings."""
    tier = {hall.hall_id: hall.tier for hall in halls}
    hall_at = {hall.hall_id: index for index, hall in enumerate(halls)}
    item_at = {name: index for index, name in enumerate(facilities)}
    month_at = {month: index for index, month in enumerate(months)}
    shape = len(halls), len(facilities), len(months)
    yes, no = np.zeros(shape), np.zeros(shape)
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    for visit in stream_lines(session, months):
        if visit.hall_id not in tier:
            continue
        for line in visit.lines:
            what = _outcome(line)
            key = visit.month, line["id"], tier[visit.hall_id]
            counts[key][what] += 1
            if line["id"] in item_at and what in ("passed", "failed"):
                cell = (
                    hall_at[visit.hall_id],
                    item_at[line["id"]],
                    month_at[visit.month],
                )
                (yes if what == "passed" else no)[cell] += 1
    for hall_id, month, item in list_overturned(session, months):
        if hall_id in tier:
            counts[month, item, tier[hall_id]]["overturned"] += 1
    return {key: _record(each) for key, each in counts.items()}, Sightings(yes, no)


def _outcome(line: Mapping[str, Any]) -> str:
    if line["score"] is not None:
        return "failed" if line["is_failed"] or line["score"][0] == 0 else "passed"
    reason = line["not_counted"]
    return "not_observed" if reason in ("not-observed", "unanswered") else "left_out"


def _record(counts: Counter[str]) -> ItemHealth:
    passed, failed, unseen = (
        counts["passed"],
        counts["failed"],
        counts["not_observed"],
    )
    return ItemHealth(
        passed + failed + unseen, passed, failed, unseen, counts["overturned"]
    )


def _service(
    session: Session, months: Sequence[str], halls: Sequence[MonthHall]
) -> Floats:
    """Return each hall's shrunken deviation in service, the mean of the months."""
    total = np.zeros(len(halls))
    for month in months:
        stored = read_states(session, month)
        states = HallStates.unpack([stored.get(hall.hall_id) for hall in halls])
        total += states.mean[:, SERVICE]
    return total / len(months)


def _facilities(
    evidence: Evidence,
    sightings: Sightings,
    items: Sequence[Mapping[str, Any]],
    tiers: Sequence[str],
) -> Facilities:
    presence = estimate_presence(sightings, evidence.tier)
    asked = np.array(
        [[base_of(item, tiers)[tier] for item in items] for tier in tiers], dtype=object
    ).reshape(len(tiers), len(items))
    return Facilities(
        presence.chance,
        sightings.is_seen,
        np.asarray(asked == "required"),
        np.asarray(asked == "optional"),
        np.array([is_protected(item) for item in items], dtype=bool),
    )


def _record_row(checklist_id: str, key: Key, record: ItemHealth) -> dict[str, Any]:
    month, item, tier = key
    return {
        "month": month,
        "checklist_id": checklist_id,
        "item_id": item,
        "tier": tier,
        "asked": record.asked,
        "passed": record.passed,
        "failed": record.failed,
        "not_observed": record.not_observed,
        "overturned": record.overturned,
    }


def _effect_row(
    checklist_id: str,
    key: tuple[str, str],
    effect: ItemEffect,
    through: str,
    now: datetime,
) -> dict[str, Any]:
    item, tier = key
    return {
        "checklist_id": checklist_id,
        "item_id": item,
        "tier": tier,
        "through_month": through,
        "word": effect.word,
        **figures_of(effect),
        "halls": effect.halls,
        "passed_pct": round(FULL * effect.share),
        "details": {"guard": effect.guard, "is_required": effect.is_required},
        "computed_at": now,
    }
