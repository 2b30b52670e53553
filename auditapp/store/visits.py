"""Assignments of auditors to halls."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class VisitRow(Base):
    """One assignment of one auditor to one hall in one month."""

    __tablename__ = "visits"
    __table_args__ = (
        Index("ix_visits_region_id_state_month", "region_id", "state", "month"),
        Index("ix_visits_hall_id_month", "hall_id", "month"),
        Index("ix_visits_scenario_month", "scenario", "month"),
        Index("ix_visits_month_visit_id", "month", "visit_id"),
        Index("ix_visits_state", "state"),
    )

    visit_id: Mapped[UuidPk]
    month: Mapped[str]  # "2026-11"
    kind: Mapped[str]  # mystery, open_inspection
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"))
    region_id: Mapped[str] = mapped_column(ForeignKey("regions.region_id"))  # as then
    auditor_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    scenario: Mapped[str | None]
    form_digest: Mapped[str] = mapped_column(ForeignKey("forms.digest"))
    brief: Mapped[dict[str, Any]]
    due_on: Mapped[date]
    state: Mapped[str]  # auditapp.domain.visit.VisitState
    assigned_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # first complete arrival
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.person_id"))
    released_at: Mapped[datetime | None]
