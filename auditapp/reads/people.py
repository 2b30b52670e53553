"""Who stands behind a cookie or a token."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import NotFoundError
from auditapp.domain.text import Text
from auditapp.store.notifications import NotificationRow
from auditapp.store.people import AccessTokenRow, PersonRow, SignInRow


@dataclass(frozen=True, slots=True)
class Account:
    """What a person sees of the own account."""

    tokens: list["AccessToken"]
    browsers: int  # signed in at this moment


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token that can still be used, without the token itself."""

    token_hash: str
    name: str
    created_at: datetime


def find_actor_by_sign_in(
    session: Session, key: str, *, now: datetime
) -> tuple[Actor | None, int]:
    """Return whose browser holds this sign-in key, while valid, and their unread news.

    In one select: every page asks for both.
    """
    unread = (
        select(func.count())
        .where(
            NotificationRow.person_id == PersonRow.person_id,
            NotificationRow.read_at.is_(None),
        )
        .correlate(PersonRow)
        .scalar_subquery()
    )
    row = session.execute(
        select(PersonRow, unread)
        .join(SignInRow, SignInRow.person_id == PersonRow.person_id)
        .where(
            SignInRow.key_hash == key_hash(key),
            SignInRow.expires_at > now,
            PersonRow.is_active,
        )
    ).one_or_none()
    return (actor_of(row[0]), row[1]) if row else (None, 0)


def find_actor_by_token(session: Session, token: str) -> Actor | None:
    """Return the person who made this access token, unless it was revoked."""
    return _find(
        session,
        select(PersonRow)
        .join(AccessTokenRow, AccessTokenRow.person_id == PersonRow.person_id)
        .where(
            AccessTokenRow.token_hash == key_hash(token),
            AccessTokenRow.revoked_at.is_(None),
        ),
    )


def get_person_id(session: Session, login: str) -> UUID:
    """Return who may sign in with this name.

    Raises:
        NotFoundError: Nobody, or nobody active.
    """
    person_id = session.scalar(
        select(PersonRow.person_id).where(PersonRow.login == login, PersonRow.is_active)
    )
    if person_id is None:
        raise NotFoundError
    return person_id


def get_actor(session: Session, login: str) -> Actor:
    """Return an active person by login.

    Raises:
        NotFoundError: There is no such person.
    """
    wanted = select(PersonRow).where(PersonRow.login == login, PersonRow.is_active)
    actor = _find(session, wanted)
    if actor is None:
        raise NotFoundError
    return actor


def key_hash(key: str) -> str:
    """Return what is stored of a random key: a plain hash, for it has 256 bits."""
    return sha256(key.encode()).hexdigest()


def actor_of(person: PersonRow) -> Actor:
    """Return the person as rules see them."""
    return Actor(
        person_id=person.person_id,
        login=person.login,
        role=Role(person.role),
        code=person.code,
        region_ids=frozenset(person.region_ids),
        hall_id=person.hall_id,
        department_id=person.department_id,
        agency_id=person.agency_id,
        is_read_only=person.is_read_only,
        locale=person.locale,
        name=Text(person.name_zh, person.name_en),
    )


def _find(session: Session, statement: Select[PersonRow]) -> Actor | None:
    person = session.scalar(statement.where(PersonRow.is_active))
    return actor_of(person) if person else None


def get_account(session: Session, person_id: UUID, *, now: datetime) -> Account:
    """Return a person's tokens, newest first, and how many browsers are signed in."""
    tokens = session.scalars(
        select(AccessTokenRow)
        .where(
            AccessTokenRow.person_id == person_id, AccessTokenRow.revoked_at.is_(None)
        )
        .order_by(AccessTokenRow.created_at.desc())
    )
    browsers = session.scalar(
        select(func.count())
        .select_from(SignInRow)
        .where(SignInRow.person_id == person_id, SignInRow.expires_at > now)
    )
    return Account(
        tokens=[AccessToken(t.token_hash, t.name, t.created_at) for t in tokens],
        browsers=browsers or 0,
    )


def list_demo_people(session: Session) -> list[Actor]:
    """Return one or more people of every role, to be tried out in a demonstration."""
    people = session.scalars(
        select(PersonRow)
        .where(PersonRow.is_active, PersonRow.password_hash.is_not(None))
        .order_by(PersonRow.login)
    )
    return [actor_of(person) for person in people]
