"""Who may sign in, their sign-ins and their tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from auditapp.store.base import Base, UuidPk


class PersonRow(Base):
    """One person with a role and a scope."""

    __tablename__ = "people"

    person_id: Mapped[UuidPk]
    login: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True)  # an auditor's only name outside
    region_ids: Mapped[list[str]]
    hall_id: Mapped[str | None] = mapped_column(ForeignKey("halls.hall_id"))
    department_id: Mapped[str | None] = mapped_column(
        ForeignKey("departments.department_id")
    )
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.agency_id"))
    is_read_only: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str | None]
    password_hash: Mapped[str | None]  # None: cannot sign in with a password


class SignInRow(Base):
    """One signed-in browser; deleting the row signs it out everywhere at once."""

    __tablename__ = "sign_ins"

    key_hash: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the cookie's
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    signed_in_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AccessTokenRow(Base):
    """A personal access token for programs."""

    __tablename__ = "access_tokens"

    token_hash: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the token
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInFailureRow(Base):
    """A wrong password; too many of them slow a login down."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_login_failed_at", "login", "failed_at"),
    )

    failure_id: Mapped[UuidPk]
    login: Mapped[str]
    failed_at: Mapped[datetime]
