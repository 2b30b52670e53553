"""Proposals about items: made from the evidence, decided by a person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.cell_rules import with_tier
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError, Problem
from auditapp.domain.item_signs import (
    ASK_AGAIN_MONTHS,
    LIGHT_WEIGHT,
    MAKE_OPTIONAL,
    MAKE_REQUIRED,
    NOT_OBSERVABLE,
    RAISE_WEIGHT,
    ItemHealth,
    signs_of,
)
from auditapp.domain.month import later, month_of
from auditapp.domain.text import Text
from auditapp.domain.tier_matrix import item_of, with_item
from auditapp.estimation.relevance import MATTERS, ItemEffect
from auditapp.services.drafts import NewDraft, Save, begin_draft, get_draft, save_draft
from auditapp.services.events import record_event
from auditapp.services.standard_versions import CHECKLIST
from auditapp.store.standards import ProposalRow

OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
LONGEST_REASON = 500

Key = tuple[str, str, str]  # month, item, tier


class DecidedError(ConflictError):
    """The proposal was decided meanwhile."""

    code = "proposal-decided"
    text = Text(
        "这条建议已经有人处理过。", "Somebody has decided this proposal already."
    )


def by_effect(
    effects: Mapping[tuple[str, str], ItemEffect],
    sizes: Mapping[str, int],
    items: Mapping[str, Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return what effects on customers suggest, tier by tier."""
    return [
        {
            "item_id": item,
            "kind": kind,
            "place": [f"tier.{tier}"],
            "halls": sizes[tier],
            "evidence": {"halls": effect.halls, **figures_of(effect)},
        }
        for (item, tier), effect in effects.items()
        if (kind := _kind(effect, items[item]))
    ]


def _kind(effect: ItemEffect, item: Mapping[str, Any]) -> str:
    """Return what an effect suggests; "" for nothing."""
    is_light = item.get("weight", LIGHT_WEIGHT) <= LIGHT_WEIGHT
    if effect.word == MATTERS and effect.is_required and is_light:
        return RAISE_WEIGHT
    return effect.suggestion


def by_record(
    items: Mapping[str, Mapping[str, Any]],
    records: Mapping[Key, ItemHealth],
    halls: int,
) -> list[dict[str, Any]]:
    """Return what the items' own records suggest."""
    totals: dict[str, ItemHealth] = defaultdict(ItemHealth)
    for (_month, item, _tier), record in records.items():
        totals[item] = totals[item].plus(record)
    return [
        {
            "item_id": item,
            "kind": sign,
            "place": [],
            "halls": halls,
            "evidence": {
                "asked": record.asked,
                "passed": record.passed,
                "not_observed": record.not_observed,
            },
        }
        for item, record in totals.items()
        if item in items
        for sign in signs_of({"weight": 2, **items[item]}, record)
    ]


def keep_proposals(
    session: Session,
    checklist_id: str,
    proposals: Sequence[Mapping[str, Any]],
    *,
    through: str,
    now: datetime,
) -> None:
    """Replace the open ones; what was decided does not come back before its time."""
    rows = session.scalars(
        select(ProposalRow).where(ProposalRow.checklist_id == checklist_id)
    ).all()
    month = month_of(now)
    waits = {
        _name(row.item_id, row.kind, row.place)
        for row in rows
        if row.state != OPEN and (row.ask_again_month or month) > month
    }
    known = {_name(r.item_id, r.kind, r.place): r for r in rows if r.state == OPEN}
    for each in proposals:
        name = _name(each["item_id"], each["kind"], each["place"])
        row = known.pop(name, None)
        if row is not None:
            row.halls, row.evidence = each["halls"], each["evidence"]
            row.through_month = through
        elif name not in waits:
            session.add(
                ProposalRow(
                    checklist_id=checklist_id,
                    state=OPEN,
                    through_month=through,
                    proposed_at=now,
                    **each,
                )
            )
    for row in known.values():
        session.delete(row)
    session.flush()


def _name(item_id: str, kind: str, place: Sequence[str]) -> tuple[str, str, str]:
    return item_id, kind, " ".join(place)


def accept_proposal(
    session: Session, actor: Actor, proposal_id: UUID, title: str, *, now: datetime
) -> UUID:
    """Begin a draft that does what is proposed, and return it; nothing else changes.

    Raises:
        NotFoundError: There is no such proposal.
        DecidedError: It was decided meanwhile.
    """
    row = _open_one(session, proposal_id)
    wanted = NewDraft(CHECKLIST, row.checklist_id, title=title)
    draft_id = begin_draft(session, actor, wanted, now=now)
    draft = get_draft(session, draft_id)
    found = item_of(draft.document, row.item_id)
    if found is not None:
        tiers = tuple(draft.vocabulary["tiers"])
        item = _changed(dict(found[0]), row.kind, row.place, tiers)
        save = Save(with_item(draft.document, item), draft.revision, title)
        save_draft(session, actor, draft_id, save, now=now)
    row.state, row.draft_id = ACCEPTED, draft_id
    _decide(session, row, actor, title, now)
    return draft_id


def decline_proposal(
    session: Session, actor: Actor, proposal_id: UUID, reason: str, *, now: datetime
) -> None:
    """Decline a proposal; it may come again in half a year.

    Raises:
        NotFoundError: There is no such proposal.
        DecidedError: It was decided meanwhile.
        InvalidError: There is no reason.
    """
    if not reason.strip():
        raise InvalidError([Problem("/reason", "no-reason", _NO_REASON)])
    row = _open_one(session, proposal_id)
    row.state = DECLINED
    _decide(session, row, actor, reason, now)


def _decide(
    session: Session, row: ProposalRow, actor: Actor, reason: str, now: datetime
) -> None:
    row.decided_by, row.decided_at = actor.person_id, now
    row.reason = reason.strip()[:LONGEST_REASON]
    row.ask_again_month = later(month_of(now), ASK_AGAIN_MONTHS)
    session.flush()
    record_event(
        session,
        f"proposal.{row.state}",
        row.proposal_id,
        now=now,
        actor_id=actor.person_id,
        item=row.item_id,
        kind=row.kind,
        place=row.place,
        reason=row.reason,
    )


def _open_one(session: Session, proposal_id: UUID) -> ProposalRow:
    row = session.get(ProposalRow, proposal_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    if row.state != OPEN:
        raise DecidedError
    return row


def _changed(
    item: dict[str, Any], kind: str, place: Sequence[str], tiers: Sequence[str]
) -> dict[str, Any]:
    """Return the item as proposed; weights move by one."""
    changed = deepcopy(item)
    if kind in (MAKE_OPTIONAL, MAKE_REQUIRED, NOT_OBSERVABLE):
        word = "required" if kind == MAKE_REQUIRED else "optional"
        where = [each.removeprefix("tier.") for each in place] or list(tiers)
        for tier in where:
            changed = with_tier(changed, tier, word, tiers)
        return changed
    by = 1 if kind == RAISE_WEIGHT else -1
    return {**changed, "weight": max(changed.get("weight", LIGHT_WEIGHT) + by, 1)}


def figures_of(effect: ItemEffect) -> dict[str, int]:
    """Return effect and interval in milli-points of satisfaction."""
    return {
        "effect_milli": round(effect.effect * 1000),
        "low_milli": round(effect.low * 1000),
        "high_milli": round(effect.high * 1000),
    }


_NO_REASON = Text(
    "请写一句理由，以后的人会看到。",
    "Give a reason in a sentence; others will read it.",
)
