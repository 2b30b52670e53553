"""Which of the visits of one scenario headquarters holds for the best, and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class BestCaseRow(Base):
    """One choice; the latest of a scenario holds, the earlier ones stay."""

    __tablename__ = "best_cases"
    __table_args__ = (
        Index("ix_best_cases_scenario_chosen_at", "scenario", "chosen_at"),
    )

    choice_id: Mapped[UuidPk]
    scenario: Mapped[str]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.visit_id"))
    reason: Mapped[str]
    chosen_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    chosen_at: Mapped[datetime]
