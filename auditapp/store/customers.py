"""Customers and their finished transactions, as the company's system reports them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class CustomerRow(Base):
    """One telephone number: found again by a keyed hash, readable only for dialling.

    After the retention time the number is erased; the hash stays only where it is
    needed to respect a wish not to be asked again.
    """

    __tablename__ = "customers"

    customer_id: Mapped[UuidPk]
    phone_hash: Mapped[str | None] = mapped_column(unique=True)  # HMAC-SHA256, hex
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # AES-256-GCM
    surname: Mapped[str] = mapped_column(default="")  # never the whole name
    stopped_at: Mapped[datetime | None]  # wants no more text messages
    refused_at: Mapped[datetime | None]  # wants no more calls
    last_invited_at: Mapped[datetime | None]
    last_called_at: Mapped[datetime | None]
    erase_on: Mapped[date] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]


class TransactionRow(Base):
    """One finished transaction at a counter."""

    __tablename__ = "transactions"
    __table_args__ = (Index("ix_transactions_hall_id_month", "hall_id", "month"),)

    transaction_id: Mapped[UuidPk]
    source_key: Mapped[str] = mapped_column(unique=True)  # the company's own id
    content_sha256: Mapped[str]  # the same id with other content is a conflict
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.hall_id"))
    month: Mapped[str]
    happened_on: Mapped[date]
    finished_at: Mapped[datetime]
    business: Mapped[str]  # a scenario of the vocabulary, or the company's own word
    customer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("customers.customer_id"), index=True
    )
    language: Mapped[str] = mapped_column(default="zh")  # to write and to speak in
    received_at: Mapped[datetime]
