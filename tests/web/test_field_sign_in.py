"""A phone with the session cookie proves each change with its CSRF token."""

from datetime import UTC, datetime

import pytest

from auditapp.services.accounts import sign_in
from factories import make_document, make_person, make_photo, make_visit
from field_phone import Phone


@pytest.fixture
def cookie_phone(app, client, session):
    """Return a phone that is signed in by cookie and knows no CSRF token yet."""
    app.config["WTF_CSRF_ENABLED"] = True
    person = make_person(session)
    key = sign_in(session, person.person_id, datetime.now(UTC))
    session.commit()
    with client.session_transaction() as cookie:
        cookie["key"] = key
    phone = Phone(client, session, person)
    phone.headers = {}
    return phone


def test_a_change_by_cookie_needs_the_token_of_the_bundle(cookie_phone, session):
    phone, photo = cookie_phone, make_photo()
    refused = phone.put_photo(photo)
    assert (refused.status_code, refused.json["type"]) == (400, "/problems/csrf")
    token = phone.get("/bundle").headers["X-CSRFToken"]
    assert phone.put_photo(photo, **{"X-CSRFToken": token}).status_code == 201
    phone.headers = {"X-CSRFToken": token}
    visit = make_visit(session, phone.person)
    assert phone.put(make_document(visit)).json["state"] == "complete"


def test_an_unchanged_bundle_brings_the_token_too(cookie_phone):
    etag = cookie_phone.get("/bundle").headers["ETag"]
    again = cookie_phone.get("/bundle", **{"If-None-Match": etag})
    assert (again.status_code, "X-CSRFToken" in again.headers) == (304, True)


def test_an_expired_sign_in_is_a_401_and_not_a_csrf_fault(cookie_phone, client):
    token = cookie_phone.get("/bundle").headers["X-CSRFToken"]
    with client.session_transaction() as cookie:
        cookie["key"] = "expired"
    answer = cookie_phone.put_photo(make_photo(), **{"X-CSRFToken": token})
    assert answer.status_code == 401


def test_a_token_needs_no_csrf_token(app, client, session):
    app.config["WTF_CSRF_ENABLED"] = True
    phone = Phone(client, session, make_person(session))
    assert phone.put_photo(make_photo()).status_code == 201
    assert "X-CSRFToken" not in phone.get("/bundle").headers
