"""Versions of work cards, and which halls have read them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class WorkCardRow(Base):
    """One version of a scenario's card; all stay.

    The highest number that holds is read by all halls, one on trial by the halls of
    its pilot.
    """

    __tablename__ = "work_cards"
    __table_args__ = (UniqueConstraint("scenario", "number"),)

    card_id: Mapped[UuidPk]
    scenario: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    steps: Mapped[list[dict[str, Any]]]  # words, seconds
    change: Mapped[str]
    state: Mapped[str]  # auditapp.domain.work_card.CardState
    published_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    published_at: Mapped[datetime]


class CardReadingRow(Base):
    """A hall has read a version."""

    __tablename__ = "card_readings"

    card_id: Mapped[UUID] = mapped_column(
        ForeignKey("work_cards.card_id"), primary_key=True
    )
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), primary_key=True)
    read_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    read_at: Mapped[datetime]
