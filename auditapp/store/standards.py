"""The standard in the making: drafts, what they would have done, what speaks for them.

Published versions are in ``checklists`` and ``months``; nothing here changes one.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class DraftRow(Base):
    """A version that is being written, of a checklist or of the policy."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_subject_state", "subject", "state"),)

    draft_id: Mapped[UuidPk]
    kind: Mapped[str]  # checklist, policy
    subject: Mapped[str]  # the checklist's id, or the policy's
    title: Mapped[str]  # what it is about, in its author's words
    state: Mapped[str]  # auditapp.domain.draft_life.DraftState
    based_on: Mapped[str]  # the version it began as
    revision: Mapped[int]  # counts saves from 1
    document: Mapped[bytes] = mapped_column(LargeBinary)  # JSON, keys in order
    vocabulary: Mapped[bytes | None] = mapped_column(LargeBinary)  # JSON; checklists
    effective_month: Mapped[str]  # "2026-12": from then on, once published
    created_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    submitted_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    published_version: Mapped[str | None]


class DraftRevisionRow(Base):
    """One save of a draft: the whole document, so that two people's saves can merge."""

    __tablename__ = "draft_revisions"

    draft_id: Mapped[UUID] = mapped_column(
        ForeignKey("drafts.draft_id"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)  # as in the draft, zlib
    # [{"item", "key", "before", "after"}] as domain.document_merge names them
    changes: Mapped[list[dict[str, Any]]]
    reason: Mapped[str]
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    changed_at: Mapped[datetime]


class WhatIfRow(Base):
    """One replay of past months under a draft; never changes anything else."""

    __tablename__ = "what_ifs"

    what_if_id: Mapped[UuidPk]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("drafts.draft_id"), index=True)
    revision: Mapped[int]  # of the draft
    months: Mapped[list[str]]
    job_id: Mapped[UUID | None]
    state: Mapped[str]  # running, done, failed
    summary: Mapped[dict[str, Any]]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class WhatIfHallRow(Base):
    """What a replay makes of one hall's month; None: no score."""

    __tablename__ = "what_if_halls"

    what_if_id: Mapped[UUID] = mapped_column(
        ForeignKey("what_ifs.what_if_id"), primary_key=True
    )
    month: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), primary_key=True)
    region_id: Mapped[str]
    tier: Mapped[str]
    traits: Mapped[list[str]]
    before_milli: Mapped[int | None]
    after_milli: Mapped[int | None]
    half_milli: Mapped[int | None]  # 1.645 standard errors of the score before
    grade_before: Mapped[str | None]
    grade_after: Mapped[str | None]
    band_before: Mapped[int | None]
    band_after: Mapped[int | None]
    unknown_items: Mapped[int]  # required now, never asked then: not guessed
    audits_before_milli: Mapped[int | None]  # mean of its mystery visits alone
    audits_after_milli: Mapped[int | None]


class ItemMonthRow(Base):
    """How one item fared in one month and tier; counts of audits."""

    __tablename__ = "item_months"

    month: Mapped[str] = mapped_column(primary_key=True)
    checklist_id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    tier: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[int]
    passed: Mapped[int]
    failed: Mapped[int]
    not_observed: Mapped[int]
    overturned: Mapped[int]


class RelevanceRow(Base):
    """Whether customers of a tier's halls care about an item; replaced by each run."""

    __tablename__ = "relevance"

    checklist_id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    tier: Mapped[str] = mapped_column(primary_key=True)
    trait: Mapped[str] = mapped_column(primary_key=True)  # "": the whole tier
    through_month: Mapped[str]
    word: Mapped[str]  # matters, may_matter, no_sign, cannot_tell
    effect_milli: Mapped[int | None]  # of satisfaction, 100,000 at most
    low_milli: Mapped[int | None]
    high_milli: Mapped[int | None]
    halls: Mapped[int]
    passed_pct: Mapped[int | None]
    details: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]


class ProposalRow(Base):
    """Something the evidence suggests to change; a person decides."""

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_checklist_id_state", "checklist_id", "state"),
    )

    proposal_id: Mapped[UuidPk]
    checklist_id: Mapped[str]
    item_id: Mapped[str]
    kind: Mapped[str]  # make_optional, make_required, raise_weight, too_easy …
    place: Mapped[list[str]]  # condition words: ["tier.small"]
    halls: Mapped[int]
    evidence: Mapped[dict[str, Any]]
    state: Mapped[str]  # open, accepted, declined
    through_month: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    ask_again_month: Mapped[str | None]  # a declined one may come again from then
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("drafts.draft_id"))


class HallRequestRow(Base):
    """A hall says that an item does not suit it; a vote, never a change."""

    __tablename__ = "hall_requests"
    __table_args__ = (
        Index("ix_hall_requests_checklist_id_item_id", "checklist_id", "item_id"),
    )

    request_id: Mapped[UuidPk]
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"))
    checklist_id: Mapped[str]
    item_id: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]  # open, answered
    answer: Mapped[str | None]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    requested_at: Mapped[datetime]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    answered_at: Mapped[datetime | None]
