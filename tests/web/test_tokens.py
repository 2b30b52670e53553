"""Access tokens: made on the command line, remembered briefly, revoked for good."""

import pytest
from sqlalchemy import select

from auditapp.domain.actor import Actor, Role
from auditapp.store.people import AccessTokenRow
from auditapp.web import token_memory
from auditapp.web.token_memory import REMEMBERED_SECONDS, TokenMemory
from factories import NOW, make_person, make_token

BUNDLE = "/api/v1/field/bundle"


def create(app, login):
    return app.test_cli_runner().invoke(args=["token", "create", login])


def test_a_token_is_printed_and_nothing_else(app, client, session):
    person = make_person(session)
    printed = create(app, person.login).output
    token = printed.strip()
    assert printed == f"{token}\n"
    answer = client.get(BUNDLE, headers={"Authorization": f"Bearer {token}"})
    assert answer.json["auditor"]["code"] == person.code
    stored = session.scalar(select(AccessTokenRow.token_hash))
    assert token not in stored


def test_nobody_gets_no_token(app, session):
    person = make_person(session, is_active=False)
    for login in ("nobody", person.login):
        said = create(app, login)
        assert said.exit_code == 1
        assert login in said.output


@pytest.mark.parametrize("token", ["", "x", "Bearer", "é", "x" * 5_000])
def test_an_unknown_token_opens_nothing(client, token):
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(BUNDLE, headers=headers).status_code == 401


def test_a_revoked_token_opens_nothing_after_a_few_seconds(
    client, session, monkeypatch
):
    clock = [1_000.0]
    monkeypatch.setattr(token_memory.time, "monotonic", lambda: clock[0])
    token = make_token(session, make_person(session))
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(BUNDLE, headers=headers).status_code == 200
    session.scalars(select(AccessTokenRow)).one().revoked_at = NOW
    session.commit()
    clock[0] += REMEMBERED_SECONDS
    assert client.get(BUNDLE, headers=headers).status_code == 401


def test_the_memory_asks_once_and_forgets_who_is_gone():
    asked = []
    actor = Actor(person_id=None, login="a", role=Role.AUDITOR)

    def look_up(name):
        asked.append(name)
        return actor if name == "known" else None

    memory = TokenMemory()
    for _ in range(3):
        assert memory.find("known", look_up) is actor
        assert memory.find("unknown", look_up) is None
    assert asked == ["known", "unknown", "unknown", "unknown"]


def test_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(token_memory, "MOST_TOKENS", 3)
    actor = Actor(person_id=None, login="a", role=Role.AUDITOR)
    memory = TokenMemory()
    for number in range(10):
        memory.find(str(number), lambda _token: actor)
    assert len(memory._known) <= 3  # noqa: SLF001
