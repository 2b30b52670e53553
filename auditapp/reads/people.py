"""Who stands behind a cookie or a token."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.store.people import AccessTokenRow, PersonRow, SignInRow


def find_actor_by_sign_in(session: Session, key: str, *, now: datetime) -> Actor | None:
    """Return the person whose browser holds this sign-in key, while it is valid."""
    return _find(
        session,
        select(PersonRow)
        .join(SignInRow, SignInRow.person_id == PersonRow.person_id)
        .where(SignInRow.key_hash == key_hash(key), SignInRow.expires_at > now),
    )


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
    )


def _find(session: Session, statement: Select[PersonRow]) -> Actor | None:
    person = session.scalar(statement.where(PersonRow.is_active))
    return actor_of(person) if person else None
