"""What customers answered, by whatever way, and how it adds up by hall and month."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class ResponseRow(Base):
    """One customer's answers: a callback or a text-message feedback.

    Nobody changes it but the customer, who may add a reason or words to a rating.

    ``score_milli`` and ``lost`` are the published milli-points of this one response:
    score + Σ lost = 100,000, so whatever is made of them adds up.
    """

    __tablename__ = "responses"
    __table_args__ = (
        UniqueConstraint("source", "origin_key"),
        Index("ix_responses_hall_id_month_source", "hall_id", "month", "source"),
    )

    response_id: Mapped[UuidPk]
    source: Mapped[str]  # callback, sms
    origin: Mapped[str]  # call, text, link, import
    origin_key: Mapped[str]  # the same answers delivered twice are taken once
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"))
    month: Mapped[str]  # of the transaction
    happened_on: Mapped[date]  # of the transaction
    received_at: Mapped[datetime]
    business: Mapped[str | None]
    checklist_version: Mapped[str]
    score_milli: Mapped[int]
    lost: Mapped[dict[str, Any]]  # item id: milli-points
    cause: Mapped[str | None]  # of a low answer: front_line, process, support
    answers: Mapped[dict[str, Any]]  # item id: value
    words: Mapped[str | None]  # free text; checked before anybody sees it
    wants_call: Mapped[bool] = mapped_column(default=False)
    customer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("customers.customer_id"), index=True
    )


class TallyRow(Base):
    """The responses of one source for a hall and month, rolled up as they arrive."""

    __tablename__ = "tallies"

    month: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    responses: Mapped[int]
    total_milli: Mapped[int] = mapped_column(BigInteger)  # Σ score
    squares_milli: Mapped[int] = mapped_column(BigInteger)  # Σ score²
    front_line: Mapped[int]  # how many low answers were tagged with this cause
    process: Mapped[int]
    support: Mapped[int]
    lost: Mapped[dict[str, Any]]  # item id: Σ milli-points; total + Σ = 100,000 · n


class ImportRow(Base):
    """One file of responses that somebody brought, and what became of its rows."""

    __tablename__ = "imports"

    import_id: Mapped[UuidPk]
    source: Mapped[str]  # callback, sms
    file_name: Mapped[str]
    file_sha256: Mapped[str] = mapped_column(index=True)
    size_bytes: Mapped[int]
    storage_key: Mapped[str]
    state: Mapped[str]  # uploaded, running, done, failed
    reading: Mapped[dict[str, Any]]  # encoding, delimiter, sheet, columns → fields
    total_rows: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    repeated: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    faults_key: Mapped[str | None]  # the bad rows as a file to correct
    error: Mapped[str | None]
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs.job_id"))
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ColumnMappingRow(Base):
    """Which column means what, remembered for files with the same heading."""

    __tablename__ = "column_mappings"

    source: Mapped[str] = mapped_column(primary_key=True)
    heading_sha256: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[dict[str, Any]]
    remembered_at: Mapped[datetime]
