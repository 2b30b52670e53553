"""When halls practised a drill."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base


class PracticeRow(Base):
    """One day on which a hall practised for one ability."""

    __tablename__ = "practices"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), primary_key=True)
    skill: Mapped[str] = mapped_column(primary_key=True)
    practised_on: Mapped[date] = mapped_column(primary_key=True)
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    noted_at: Mapped[datetime]
