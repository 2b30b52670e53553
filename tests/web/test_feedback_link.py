"""The personal link: a page without script, used once, small, and secret."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from auditapp.factory import ROOT
from auditapp.store.calls import ComplaintRow
from auditapp.store.customers import CustomerRow
from auditapp.store.messages import InvitationRow
from auditapp.store.responses import ResponseRow
from desk_world import make_world
from feedback_world import Feedback, publish_messages

LARGEST_PAGE_BYTES = 15_000


@pytest.fixture
def feedback(app, session):
    make_world(session)
    publish_messages(session)
    return Feedback(app)


@pytest.fixture
def link(app, feedback, session):
    """Return the address of an invitation that was sent just now."""
    now = datetime.now(UTC)
    noon = now.replace(hour=4, minute=0) - timedelta(days=1)
    feedback.finish(at=noon)
    feedback.send(noon + timedelta(minutes=6))
    session.execute(update(InvitationRow).values(expires_at=now + timedelta(hours=1)))
    session.commit()
    invitation = session.scalars(select(InvitationRow)).one()
    return f"/f/{app.extensions['personal_links'].token_of(invitation.invitation_id)}"


def response_of(session):
    session.rollback()
    return session.scalars(select(ResponseRow)).one()


def test_a_good_mark_takes_one_tap_and_uses_the_link_up(client, session, link):
    page = client.get(link)
    assert "BD01标准厅" in page.text
    assert "套餐变更" in page.text
    assert "<script" not in page.text
    done = client.post(link, data={"rating": "9"})
    assert (done.status_code, done.location) == (303, "/f/thanks?lang=zh")

    response = response_of(session)
    assert (response.origin, response.score_milli) == ("link", 92_000)
    assert client.post(link, data={"rating": "1"}).status_code == 404
    assert response_of(session).score_milli == 92_000


def test_a_low_mark_is_kept_at_once_and_asked_about(client, session, link):
    again = client.post(f"{link}?lang=en", data={"rating": "3"})
    assert response_of(session).answers == {"sms_rating": 3}
    assert again.location == f"{link}?lang=en"
    assert "You gave 3 of 10" in client.get(again.location).text
    long = client.post(link, data={"reason": "wait", "words": "长" * 501})
    assert long.status_code == 422
    assert "长" * 501 in long.text
    words = "<script>alert(1)</script>打13800001234"
    client.post(link, data={"reason": "wait", "words": words, "call": "on"})

    response = response_of(session)
    assert response.answers == {"sms_rating": 3, "sms_reason": "wait"}
    assert response.words == "<script>alert(1)</script>打138****1234"
    assert response.cause == "process"
    assert session.scalars(select(ComplaintRow)).one().words == response.words
    assert client.get(link).status_code == 404


def test_who_wants_no_more_is_asked_no_more(client, session, link):
    done = client.post(link, data={"stop": "1"})
    assert done.location == "/f/thanks?lang=zh&stopped=1"
    session.rollback()
    assert session.scalars(select(CustomerRow)).one().stopped_at is not None
    assert client.get(link).status_code == 404


def test_used_expired_and_unknown_links_get_the_same_page(client, session, link):
    unknown = client.get("/f/" + "A" * 24)
    session.execute(
        update(InvitationRow).values(expires_at=datetime.now(UTC) - timedelta(hours=1))
    )
    session.commit()
    expired = client.get(link)

    assert unknown.status_code == expired.status_code == 404
    assert unknown.text == expired.text
    assert client.post(link, data={"rating": "9"}).text == expired.text
    assert client.get("/f/" + "x" * 3000).text == expired.text


def test_strange_answers_are_told_and_nothing_is_taken(client, session, link):
    for data in ({}, {"rating": "11"}, {"rating": "９"}, {"rating": "9\0"}):
        page = client.post(link, data=data)
        assert (page.status_code, "请选1到10" in page.text) == (422, True)
    client.post(link, data={"rating": "2"})
    client.post(link, data={"reason": "'; DROP TABLE", "words": "\0\u202e", "x": "y"})
    assert response_of(session).answers == {"sms_rating": 2}


def test_the_page_is_small_and_keeps_its_address_to_itself(client, link, capsys):
    page = client.get(link)
    sheets = [ROOT / f"static/css/{name}.css" for name in ("tokens", "customer")]
    assert page.text.count('rel="stylesheet"') == len(sheets)
    size = len(page.data) + sum(sheet.stat().st_size for sheet in sheets)
    assert size < LARGEST_PAGE_BYTES

    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    token = link.removeprefix("/f/")
    assert token not in capsys.readouterr().out
    session_cookies = [name for name, _value in page.headers if name == "Set-Cookie"]
    assert not session_cookies
