"""Signing in and out, and the own account."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from auditapp.store.people import AccessTokenRow, SignInRow
from desk_world import make_world, sign_in


@pytest.fixture(autouse=True)
def world(session):
    return make_world(session)


def test_the_right_password_leads_to_the_own_first_page(client):
    desk = sign_in(client, "rm_north")
    client.post("/sign-out")
    phone = sign_in(client, "a10")

    assert (desk.status_code, desk.location) == (303, "/")
    assert phone.location == "/field/"


@pytest.mark.parametrize("login", ["rm_north", "nobody"])
def test_a_wrong_password_says_the_same_for_any_login(client, login):
    response = sign_in(client, login, "wrong")

    assert response.status_code == 422
    assert "账号或密码不对。" in response.text


def test_the_sixth_try_has_to_wait_even_with_the_right_password(client):
    for _ in range(5):
        sign_in(client, "rm_north", "wrong")

    response = sign_in(client, "rm_north")

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) <= 900
    assert "请过15分钟再试" in response.text


def test_after_a_quarter_of_an_hour_one_may_try_again(client):
    for _ in range(5):
        sign_in(client, "rm_north", "wrong")

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        response = sign_in(client, "rm_north")

    assert response.status_code == 303


def test_a_right_password_forgets_the_wrong_ones(client):
    for _ in range(4):
        sign_in(client, "rm_north", "wrong")
    sign_in(client, "rm_north")
    client.post("/sign-out")
    for _ in range(4):
        sign_in(client, "rm_north", "wrong")

    assert sign_in(client, "rm_north").status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(client, elsewhere):
    response = client.post(
        "/sign-in", data={"login": "hq", "password": "demo", "next": elsewhere}
    )

    assert response.location == "/"


def test_signing_in_leads_on_to_the_page_that_was_wanted(client):
    asked = client.get("/visits?month=2026-11")
    response = client.post(
        "/sign-in",
        data={"login": "hq", "password": "demo", "next": "/visits?month=2026-11"},
    )

    assert asked.status_code == 303
    assert response.location == "/visits?month=2026-11"


def test_a_session_from_before_signing_in_is_worthless_after_it(client):
    with client.session_transaction() as before:
        before["key"] = before["planted"] = "known to somebody else"

    sign_in(client, "hq")

    with client.session_transaction() as after:
        assert "planted" not in after
        assert after["key"] != "known to somebody else"


@pytest.mark.parametrize(("login", "hours"), [("hq", 12), ("a10", 30 * 24)])
def test_a_sign_in_ends_by_itself(client, session, login, hours):
    sign_in(client, login)

    row = session.scalar(select(SignInRow))
    assert row.expires_at - row.signed_in_at == timedelta(hours=hours)
    with time_machine.travel(row.expires_at + timedelta(seconds=1)):
        assert client.get("/profile").status_code == 303


def test_signing_out_ends_the_sign_in_on_the_server(client, session):
    sign_in(client, "hq")
    cookie = client.get_cookie("session")

    client.post("/sign-out")
    client.set_cookie("session", cookie.value)

    assert session.scalar(select(SignInRow)) is None
    assert client.get("/profile").status_code == 303


def test_a_link_cannot_sign_anybody_out(client):
    sign_in(client, "hq")

    client.get("/sign-out")

    assert client.get("/profile").status_code == 200


def test_signing_out_everywhere_ends_every_browser(app, client):
    other = app.test_client()
    sign_in(client, "hq_view")
    sign_in(other, "hq_view")

    client.post("/profile/sign-out-everywhere")

    assert other.get("/profile").status_code == 303


def test_a_token_is_shown_once_and_works(client, session, app):
    sign_in(client, "hq")
    made = client.post("/profile/tokens", data={"name": "statistics"})
    token = re.search(r"audit_[\w-]{40,}", made.text).group()
    headers = {"Authorization": f"Bearer {token}"}
    program = app.test_client()

    assert token not in client.get("/profile").text
    assert program.get("/profile", headers=headers).status_code == 200
    token_hash = session.scalar(select(AccessTokenRow.token_hash))
    assert token_hash != token


def test_a_revoked_token_opens_nothing(client, session, app):
    sign_in(client, "hq")
    made = client.post("/profile/tokens", data={"name": "statistics"})
    token = re.search(r"audit_[\w-]{40,}", made.text).group()
    token_hash = session.scalar(select(AccessTokenRow.token_hash))

    client.post(f"/profile/tokens/{token_hash}/revoke")

    program, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    assert program.get("/profile", headers=headers).status_code == 303


def test_nobody_revokes_somebody_elses_token(client, session):
    sign_in(client, "hq")
    client.post("/profile/tokens", data={"name": "statistics"})
    client.post("/sign-out")
    sign_in(client, "rm_north")
    token_hash = session.scalar(select(AccessTokenRow.token_hash))

    response = client.post(f"/profile/tokens/{token_hash}/revoke")

    assert response.status_code == 404
    session.rollback()
    assert session.scalar(select(AccessTokenRow.revoked_at)) is None


def test_a_token_needs_a_name(client):
    sign_in(client, "hq")

    response = client.post("/profile/tokens", data={"name": " "})

    assert response.status_code == 422
    assert "写明用途" in response.text


def test_unreadable_logins_are_refused_without_a_fault(client):
    assert sign_in(client, "a\x00b").status_code == 422
    assert sign_in(client, "😀" * 50, "\x00").status_code == 422


def test_only_a_demonstration_lists_its_people(client):
    assert "hall_bd01" not in client.get("/sign-in").text


def test_a_form_without_our_token_changes_nothing(app, client):
    app.config["WTF_CSRF_ENABLED"] = True

    response = sign_in(client, "hq")

    assert response.status_code == 400
    assert "什么都没有改动" in response.text
