"""Proposals about items: made from the evidence, decided by a person."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.cell_rules import with_tier, with_trait
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError, Problem
from auditapp.domain.item_signs import (
    ASK_AGAIN_MONTHS,
    JUDGES_DISAGREE,
    LIGHT_WEIGHT,
    MAKE_OPTIONAL,
    MAKE_REQUIRED,
    NOT_OBSERVABLE,
    RAISE_WEIGHT,
)
from auditapp.domain.month import later, month_of
from auditapp.domain.text import Text
from auditapp.domain.tier_matrix import item_of, with_item
from auditapp.services.drafts import NewDraft, Save, begin_draft, get_draft, save_draft
from auditapp.services.events import record_event
from auditapp.services.standard_versions import CHECKLIST
from auditapp.store.standards import ProposalRow

TIER = "tier."
OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
LONGEST_REASON = 500


class DecidedError(ConflictError):
    """The proposal was decided meanwhile."""

    code = "proposal-decided"
    text = Text(
        "这条建议已经有人处理过。", "Somebody has decided this proposal already."
    )


class Accepted(NamedTuple):
    """The draft that was begun, and the item whose words a person has to write."""

    draft_id: UUID
    item_to_write: str


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
) -> Accepted:
    """Begin a draft that does what is proposed; nothing else changes.

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
    to_write = row.item_id if row.kind == JUDGES_DISAGREE else ""
    return Accepted(draft_id, to_write)


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


def parts_of(place: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the tiers that a proposal is about, and the trait within them if any."""
    tiers = [each.removeprefix(TIER) for each in place if each.startswith(TIER)]
    return tiers, [each for each in place if not each.startswith(TIER)]


def _changed(
    item: dict[str, Any], kind: str, place: Sequence[str], tiers: Sequence[str]
) -> dict[str, Any]:
    """Return the item as proposed; weights move by one."""
    changed = deepcopy(item)
    if kind in (MAKE_OPTIONAL, MAKE_REQUIRED, NOT_OBSERVABLE):
        word = "required" if kind == MAKE_REQUIRED else "optional"
        where, traits = parts_of(place)
        if traits:
            return with_trait(changed, traits[0], dict.fromkeys(where, word), tiers)
        for tier in where or tiers:
            changed = with_tier(changed, tier, word, tiers)
        return changed
    if kind == JUDGES_DISAGREE:  # its words are for a person to find
        return changed
    by = 1 if kind == RAISE_WEIGHT else -1
    return {**changed, "weight": max(changed.get("weight", LIGHT_WEIGHT) + by, 1)}


_NO_REASON = Text(
    "请写一句理由，以后的人会看到。",
    "Give a reason in a sentence; others will read it.",
)
