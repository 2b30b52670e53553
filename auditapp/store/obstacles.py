"""Rules and systems that stand in the way, who says the same, and what was answered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class ObstacleRow(Base):
    """One report; the last answer stands here, all of them in their own table."""

    __tablename__ = "obstacles"
    __table_args__ = (Index("ix_obstacles_state_owner", "state", "owner"),)

    obstacle_id: Mapped[UuidPk]
    kind: Mapped[str]  # auditapp.domain.obstacle.ObstacleKind
    subject: Mapped[str]  # which rule or system
    words: Mapped[str]
    cost: Mapped[str]
    owner: Mapped[str | None] = mapped_column(ForeignKey("departments.department_id"))
    photo_sha256: Mapped[str | None] = mapped_column(ForeignKey("photos.sha256"))
    role: Mapped[str]  # of who reported; auditors' reports are shown later
    month: Mapped[str]  # in which it was reported
    hall_id: Mapped[str | None] = mapped_column(ForeignKey("halls.hall_id"))
    reported_by: Mapped[UUID] = mapped_column(
        ForeignKey("people.person_id"), index=True
    )
    reported_at: Mapped[datetime]
    state: Mapped[str]  # auditapp.domain.obstacle.ObstacleState
    answered_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    read_at: Mapped[datetime | None]  # when who reported read the answer


class ObstacleVoteRow(Base):
    """A hall that the obstacle hinders too; each is counted once."""

    __tablename__ = "obstacle_votes"

    obstacle_id: Mapped[UUID] = mapped_column(
        ForeignKey("obstacles.obstacle_id"), primary_key=True
    )
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), primary_key=True)
    voted_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    voted_at: Mapped[datetime]


class ObstacleAnswerRow(Base):
    """One answer; it stays when the obstacle opens again."""

    __tablename__ = "obstacle_answers"

    answer_id: Mapped[UuidPk]
    obstacle_id: Mapped[UUID] = mapped_column(
        ForeignKey("obstacles.obstacle_id"), index=True
    )
    state: Mapped[str]
    words: Mapped[str]
    due_on: Mapped[date | None]
    halls: Mapped[int]  # that were counted when it was given
    answered_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    answered_at: Mapped[datetime]
