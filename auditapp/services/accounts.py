"""Passwords, sign-ins and personal access tokens."""

import secrets
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.errors import (
    InvalidError,
    NotFoundError,
    Problem,
    TooManyTriesError,
)
from auditapp.domain.text import Text
from auditapp.reads.people import key_hash
from auditapp.services.events import record_event
from auditapp.store.people import (
    AccessTokenRow,
    PersonRow,
    SignInFailureRow,
    SignInRow,
)

# Source: OWASP Password Storage Cheat Sheet, Argon2id with 19 MiB and two passes
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
MOST_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
# Source: NIST SP 800-63B-4, a password that stands alone
SHORTEST_PASSWORD = 15
TOO_SHORT = Problem(
    "/password",
    "too-short",
    Text(
        f"密码至少{SHORTEST_PASSWORD}个字符；几个不相干的词连起来就好记。",
        f"A password has at least {SHORTEST_PASSWORD} characters; a few unrelated"
        " words are easy to remember.",
    ),
)
ON_THE_ROAD = frozenset({Role.AUDITOR, Role.INSPECTOR})
SIGN_IN_ON_THE_ROAD = timedelta(days=30)
SIGN_IN_AT_A_DESK = timedelta(hours=12)


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _HASHER.hash(password)


def check_password(password: str, password_hash: str | None) -> bool:
    """Say whether the password is right, in the same time whoever it is for."""
    try:
        _HASHER.verify(password_hash or _hash_of_nobody(), password)
    except VerifyMismatchError:
        return False
    return password_hash is not None


def count_try(session: Session, login: str, now: datetime) -> None:
    """Count a try to sign in *before* its password is checked.

    Counting first leaves no gap for many tries at once; ``sign_in`` forgets it again.

    Raises:
        TooManyTriesError: Five tries failed within a quarter of an hour; it says when
            the next one is possible. An unknown login behaves just the same.
    """
    window = select(SignInFailureRow.failed_at).where(
        SignInFailureRow.login == login,
        SignInFailureRow.failed_at > now - FAILURE_WINDOW,
    )
    failed_at = list(session.scalars(window.order_by(SignInFailureRow.failed_at)))
    if len(failed_at) >= MOST_FAILURES:
        raise TooManyTriesError(failed_at[-MOST_FAILURES] + FAILURE_WINDOW - now)
    session.add(SignInFailureRow(login=login, failed_at=now))


def find_person_by_password(session: Session, login: str, password: str) -> UUID | None:
    """Return the person whose login and password these are; None for any mistake."""
    person = session.scalar(
        select(PersonRow).where(PersonRow.login == login, PersonRow.is_active)
    )
    is_right = check_password(password, person.password_hash if person else None)
    return person.person_id if person and is_right else None


def sign_in(session: Session, person_id: UUID, now: datetime) -> str:
    """Start a sign-in and return the key that the browser will hold.

    Raises:
        NotFoundError: There is no such person.
    """
    person = session.get(PersonRow, person_id)
    if person is None:
        raise NotFoundError
    session.execute(
        delete(SignInFailureRow).where(SignInFailureRow.login == person.login)
    )
    session.execute(
        delete(SignInRow).where(
            SignInRow.person_id == person_id, SignInRow.expires_at <= now
        )
    )
    is_on_the_road = Role(person.role) in ON_THE_ROAD
    key = secrets.token_urlsafe(32)
    session.add(
        SignInRow(
            key_hash=key_hash(key),
            person_id=person_id,
            signed_in_at=now,
            expires_at=now
            + (SIGN_IN_ON_THE_ROAD if is_on_the_road else SIGN_IN_AT_A_DESK),
        )
    )
    record_event(session, "person.signed_in", person_id, now=now, actor_id=person_id)
    return key


def sign_out(session: Session, key: str) -> None:
    """End the sign-in of one browser; ending it twice is fine."""
    session.execute(delete(SignInRow).where(SignInRow.key_hash == key_hash(key)))


def sign_out_everywhere(session: Session, person_id: UUID, now: datetime) -> None:
    """End every sign-in of a person, as after a lost phone."""
    session.execute(delete(SignInRow).where(SignInRow.person_id == person_id))
    record_event(
        session, "person.signed_out_everywhere", person_id, now=now, actor_id=person_id
    )


def set_password(session: Session, login: str, password: str, now: datetime) -> None:
    """Give a person a password; whoever was signed in as them is signed out.

    Raises:
        NotFoundError: Nobody has this login.
        InvalidError: The password is too short to be one.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidError([TOO_SHORT])
    person = session.scalar(select(PersonRow).where(PersonRow.login == login))
    if person is None:
        raise NotFoundError
    person.password_hash = hash_password(password)
    sign_out_everywhere(session, person.person_id, now)
    record_event(session, "person.password_set", person.person_id, now=now)


def choose_locale(session: Session, person_id: UUID, locale: str) -> None:
    """Remember the language that a person works in."""
    session.execute(
        update(PersonRow).where(PersonRow.person_id == person_id).values(locale=locale)
    )


def create_token(session: Session, person_id: UUID, name: str, now: datetime) -> str:
    """Make an access token for a program and return it; it cannot be shown again."""
    token = f"audit_{secrets.token_urlsafe(32)}"
    session.add(
        AccessTokenRow(
            token_hash=key_hash(token), person_id=person_id, name=name, created_at=now
        )
    )
    record_event(
        session, "token.created", person_id, now=now, actor_id=person_id, token=name
    )
    return token


def revoke_token(
    session: Session, person_id: UUID, token_hash: str, now: datetime
) -> None:
    """End one of a person's own access tokens for good.

    Raises:
        NotFoundError: The person has no such token.
    """
    token = session.get(AccessTokenRow, token_hash)
    if token is None or token.person_id != person_id:
        raise NotFoundError
    if token.revoked_at is None:
        token.revoked_at = now
        record_event(
            session,
            "token.revoked",
            person_id,
            now=now,
            actor_id=person_id,
            token=token.name,
        )


@cache
def _hash_of_nobody() -> str:
    """Return a hash that no password has, so that unknown logins take as long."""
    return _HASHER.hash(secrets.token_urlsafe(32))
