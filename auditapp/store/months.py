"""A month's life, its scores while it is open, and the ledgers that stay for ever."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base


class PolicyVersionRow(Base):
    """One published version of how sources merge into a month; never changed."""

    __tablename__ = "policy_versions"

    version: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]  # SHA-256 of the canonical document
    document: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON
    effective_month: Mapped[str]  # months from this one on use it
    published_at: Mapped[datetime]
    # None where an operator published it
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("drafts.draft_id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))


class MonthRow(Base):
    """One month: open, collecting, closed, and collecting again after a reopening."""

    __tablename__ = "months"

    month: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]  # auditapp.domain.month_life.MonthState
    ledger_number: Mapped[int] = mapped_column(default=0)  # 0: never closed
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    reason: Mapped[str | None]  # why it was reopened
    # what the last full run estimated for the whole network: canonical JSON, zlib
    model: Mapped[bytes | None] = mapped_column(LargeBinary)
    scored_at: Mapped[datetime | None]  # of that run


class MonthScoreRow(Base):
    """A hall's month as it stands now; replaced whenever evidence arrives."""

    __tablename__ = "month_scores"
    __table_args__ = (
        Index("ix_month_scores_hall_id_month", "hall_id", "month"),
        Index("ix_month_scores_month_region_id", "month", "region_id"),
    )

    month: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), primary_key=True)
    region_id: Mapped[str]  # as in that month
    tier: Mapped[str]  # as in that month
    status: Mapped[str]  # full, partial, insufficient
    weight_pct: Mapped[int]  # policy weight of the sources present
    official_milli: Mapped[int | None]
    half_milli: Mapped[int | None]  # 1.645 standard errors of sampling
    grade: Mapped[str | None]  # None: not graded
    is_ranked: Mapped[bool]
    flags: Mapped[list[str]]  # why not ranked, one visit only, begging …
    adjusted_milli: Mapped[int | None]
    low_milli: Mapped[int | None]
    high_milli: Mapped[int | None]
    band: Mapped[int | None]  # among the country's ranked halls; 1 is best
    visits: Mapped[int]
    visit_milli: Mapped[int | None]
    inspections: Mapped[int]
    inspection_milli: Mapped[int | None]
    callbacks: Mapped[int]
    callback_milli: Mapped[int | None]
    feedbacks: Mapped[int]
    feedback_milli: Mapped[int | None]
    gap_milli: Mapped[int | None]  # visit minus customers
    details: Mapped[dict[str, Any]]  # bridge, reliabilities, peers, change
    state: Mapped[bytes | None] = mapped_column(LargeBinary)  # estimation's x and P
    computed_at: Mapped[datetime]


class LedgerRow(Base):
    """A month as it was closed: its header, chained to the month before."""

    __tablename__ = "ledgers"

    month: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # 1, then corrections
    digest: Mapped[str]
    previous_digest: Mapped[str]  # of the ledger closed before; "" for the first
    header: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON
    # the network model behind the adjusted scores: canonical JSON, zlib
    model: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str | None]  # of the correction
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))


class LedgerLineRow(Base):
    """One hall's month in a ledger, down to every input and every point lost."""

    __tablename__ = "ledger_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["month", "number"],
            ["ledgers.month", "ledgers.number"],
        ),
        Index("ix_ledger_lines_hall_id_month", "hall_id", "month"),
    )

    month: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    official_digest: Mapped[str]  # of the document but for adjusted and peers
    document: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON, zlib


class RevisitRow(Base):
    """A hall whose visit and customers differ so much that it is visited again."""

    __tablename__ = "revisits"

    month: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), primary_key=True)
    gap_milli: Mapped[int]
    asked_at: Mapped[datetime]
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.visit_id"))
    closed_at: Mapped[datetime | None]
