"""Passwords and tries, on the database."""

import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from auditapp.domain.errors import NotFoundError, TooManyTriesError
from auditapp.services import accounts
from auditapp.store.people import PersonRow, SignInRow
from desk_world import NOW, make_world


@pytest.fixture
def world(session):
    return make_world(session)


def test_a_password_is_stored_as_argon2id_with_19_mib_and_two_passes():
    stored = accounts.hash_password("demo")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert accounts.check_password("demo", stored)
    assert not accounts.check_password("Demo", stored)


def test_somebody_without_a_password_cannot_sign_in_with_any():
    assert not accounts.check_password("", None)
    assert not accounts.check_password("demo", None)


def test_an_unknown_login_costs_a_hash_like_a_known_one(session, world):
    def cost(login):
        began = time.process_time()
        assert accounts.find_person_by_password(session, login, "wrong") is None
        return time.process_time() - began

    assert "hq" in world.people
    cost("nobody")  # makes the hash that nobody has
    known = min(cost("hq") for _ in range(3))
    unknown = min(cost("nobody") for _ in range(3))

    assert unknown > known / 2


def test_a_person_who_left_cannot_sign_in(session, world):
    session.get(PersonRow, world.people["hq"]).is_active = False

    assert accounts.find_person_by_password(session, "hq", "demo") is None


def test_each_try_counts_before_its_password_is_checked(session):
    for _ in range(accounts.MOST_FAILURES):
        accounts.count_try(session, "hq", NOW)
        session.flush()

    with pytest.raises(TooManyTriesError) as refused:
        accounts.count_try(session, "hq", NOW + timedelta(minutes=5))
    accounts.count_try(session, "admin", NOW)

    assert refused.value.wait == timedelta(minutes=10)


def test_every_sign_in_has_a_key_of_its_own_that_is_not_stored(session, world):
    keys = {accounts.sign_in(session, world.people["hq"], NOW) for _ in range(3)}
    session.flush()

    stored = {row.key_hash for row in session.scalars(select(SignInRow))}
    assert len(keys) == len(stored) == 3
    assert not keys & stored


def test_nobody_unknown_signs_in(session):
    with pytest.raises(NotFoundError):
        accounts.sign_in(session, UUID(int=0), NOW)
