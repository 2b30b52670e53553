"""What pages about many halls need of a month, prepared after its scores.

Everything here can be made again from scores, responses and ledgers; nothing else reads
what a job has not written yet.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base

EVERYWHERE = ""  # as a region: all of them together


class HallProfileRow(Base):
    """A hall's month on one row: where it is good, what it lost, what contradicts."""

    __tablename__ = "hall_profiles"
    __table_args__ = (Index("ix_hall_profiles_hall_id_month", "hall_id", "month"),)

    month: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), primary_key=True)
    region_id: Mapped[str]  # as in that month
    tier: Mapped[str]  # as in that month
    traits: Mapped[list[str]]  # as in that month, sorted
    official_milli: Mapped[int | None]
    adjusted_milli: Mapped[int | None]
    low_milli: Mapped[int | None]
    high_milli: Mapped[int | None]
    band: Mapped[int | None]
    is_begging: Mapped[bool]  # customers were asked for good marks
    staging_milli: Mapped[int | None]  # docs/decisions/0016; None: too little evidence
    staging_half_milli: Mapped[int | None]
    alerts: Mapped[list[dict[str, Any]]]  # auditapp.domain.contradiction
    alert_count: Mapped[int]
    figures: Mapped[dict[str, Any]]  # dimension: {key: milli-points}
    scored_at: Mapped[datetime]  # of the score that it was made from


class ProfileSumRow(Base):
    """The figures of many halls added up: of a region, tier and month, by trait.

    Each is there once more for ``EVERYWHERE``, the country: readers have to choose.
    ``trait`` is "" for all halls. Means and their errors come from the three sums.
    """

    __tablename__ = "profile_sums"

    month: Mapped[str] = mapped_column(primary_key=True)
    trait: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    region_id: Mapped[str] = mapped_column(primary_key=True)
    tier: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    halls: Mapped[int]
    total_milli: Mapped[int] = mapped_column(BigInteger)
    squares_milli: Mapped[int] = mapped_column(BigInteger)  # Σ milli²
