"""What was learned about items, for the pages of headquarters."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.item_signs import ItemHealth
from auditapp.store.standards import ItemMonthRow, ProposalRow, RelevanceRow


@dataclass(frozen=True, slots=True)
class EffectLine:
    """What having an item does for customers of a tier; milli-points.

    ``trait`` narrows the tier to the halls that have it; "" for all of them.
    """

    item_id: str
    tier: str
    trait: str
    word: str
    effect_milli: int
    low_milli: int
    high_milli: int
    halls: int
    passed_pct: int
    guard: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """Something to decide."""

    proposal_id: UUID
    item_id: str
    kind: str
    place: tuple[str, ...]
    halls: int
    evidence: dict[str, Any]


def list_effects(session: Session, checklist_id: str) -> list[EffectLine]:
    """Return every effect that was estimated, by item and tier."""
    rows = session.scalars(
        select(RelevanceRow)
        .where(RelevanceRow.checklist_id == checklist_id)
        .order_by(RelevanceRow.item_id, RelevanceRow.tier, RelevanceRow.trait)
    )
    return [
        EffectLine(
            row.item_id,
            row.tier,
            row.trait,
            row.word,
            row.effect_milli or 0,
            row.low_milli or 0,
            row.high_milli or 0,
            row.halls,
            row.passed_pct or 0,
            row.details.get("guard", ""),
        )
        for row in rows
    ]


def list_proposals(session: Session, checklist_id: str) -> list[ProposalLine]:
    """Return the open proposals of a checklist."""
    rows = session.scalars(
        select(ProposalRow)
        .where(ProposalRow.checklist_id == checklist_id, ProposalRow.state == "open")
        .order_by(ProposalRow.kind, ProposalRow.item_id)
    )
    return [
        ProposalLine(
            row.proposal_id,
            row.item_id,
            row.kind,
            tuple(row.place),
            row.halls,
            row.evidence,
        )
        for row in rows
    ]


def item_health(session: Session, checklist_id: str) -> dict[str, ItemHealth]:
    """Return how every item fared over the months that were learned from."""
    columns = ("asked", "passed", "failed", "not_observed", "overturned")
    rows = session.execute(
        select(
            ItemMonthRow.item_id,
            *(func.sum(getattr(ItemMonthRow, name)) for name in columns),
        )
        .where(ItemMonthRow.checklist_id == checklist_id)
        .group_by(ItemMonthRow.item_id)
    )
    return {item: ItemHealth(*map(int, sums)) for item, *sums in rows}


def item_history(
    session: Session, checklist_id: str, item_id: str
) -> list[tuple[str, str, ItemHealth]]:
    """Return month, tier and record of one item, the latest month first."""
    rows = session.scalars(
        select(ItemMonthRow)
        .where(
            ItemMonthRow.checklist_id == checklist_id, ItemMonthRow.item_id == item_id
        )
        .order_by(ItemMonthRow.month.desc(), ItemMonthRow.tier)
    )
    return [
        (
            row.month,
            row.tier,
            ItemHealth(
                row.asked, row.passed, row.failed, row.not_observed, row.overturned
            ),
        )
        for row in rows
    ]
