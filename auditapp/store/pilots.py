"""Trials of work cards, and the halls that they run in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class PilotRow(Base):
    """One version of a card on trial, what was expected of it, and what came of it."""

    __tablename__ = "pilots"

    pilot_id: Mapped[UuidPk]
    card_id: Mapped[UUID] = mapped_column(ForeignKey("work_cards.card_id"), unique=True)
    first_month: Mapped[str]
    last_month: Mapped[str]
    measure: Mapped[str]  # auditapp.domain.pilot.Measure
    expected: Mapped[str]
    is_drawn: Mapped[bool]  # by chance; else the halls were chosen by hand
    state: Mapped[str]  # auditapp.domain.pilot.PilotState
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    begun_at: Mapped[datetime]
    reason: Mapped[str | None]  # why it was ended so
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    ended_at: Mapped[datetime | None]


class PilotHallRow(Base):
    """A hall where it is tried."""

    __tablename__ = "pilot_halls"

    pilot_id: Mapped[UUID] = mapped_column(
        ForeignKey("pilots.pilot_id"), primary_key=True
    )
    hall_id: Mapped[str] = mapped_column(
        ForeignKey("halls.hall_id"), primary_key=True, index=True
    )
