"""Learning from past months: how items fared, whether customers care, what to propose.

Read and computed first, written afterwards; running it again replaces what it wrote.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from auditapp.domain.item_signs import ItemHealth
from auditapp.domain.month import later, month_of
from auditapp.domain.scoring import FULL
from auditapp.estimation.relevance import ItemEffect
from auditapp.reads.month_evidence import Codes, read_evidence
from auditapp.reads.month_inputs import list_month_halls
from auditapp.reads.organisation import list_hall_places
from auditapp.services.checklists import get_version_in_force
from auditapp.services.item_counts import Key, count_items
from auditapp.services.item_proposals import keep_proposals
from auditapp.services.proposed import by_effect, by_judges, by_record, figures_of
from auditapp.services.standard_effects import (
    EffectKey,
    effects_by_place,
    ground_of,
    read_service,
    read_traits,
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
    effects: Mapping[EffectKey, ItemEffect]
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
    counts = count_items(session, months, halls, facilities)
    tiers = sorted({hall.tier for hall in halls})
    ground = ground_of(
        read_evidence(session, halls, months, Codes(tiers=list(tiers))),
        counts.sightings,
        read_service(session, months, halls),
        tiers,
        read_traits(session, months[-1], halls),
    )
    effects = effects_by_place(ground, [items[name] for name in facilities])
    sizes = _sizes(session, months[-1])
    active = sum(hall.is_active for hall in halls)
    proposals = (
        *by_effect(effects, sizes, items),
        *by_record(items, counts.records, active),
        *by_judges(items, counts.judged, active),
    )
    return Learned(checklist_id, tuple(months), counts.records, effects, proposals)


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


def _sizes(session: Session, month: str) -> Counter[tuple[str, str]]:
    """Count the active halls of every tier ("" for the trait), and trait within it."""
    sizes: Counter[tuple[str, str]] = Counter()
    for place in list_hall_places(session, month):
        sizes.update((place.tier, trait) for trait in ("", *place.traits))
    return sizes


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
    key: EffectKey,
    effect: ItemEffect,
    through: str,
    now: datetime,
) -> dict[str, Any]:
    item, tier, trait = key
    return {
        "checklist_id": checklist_id,
        "item_id": item,
        "tier": tier,
        "trait": trait,
        "through_month": through,
        "word": effect.word,
        **figures_of(effect),
        "halls": effect.halls,
        "passed_pct": round(FULL * effect.share),
        "details": {"guard": effect.guard, "is_required": effect.is_required},
        "computed_at": now,
    }
