"""The first page of every role."""

import pytest

from auditapp.web.reviews import default_due_on
from desk_world import PEOPLE, make_audit, make_world, sign_in


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("login", sorted(PEOPLE))
def test_everybody_has_a_first_page_that_leads_somewhere(client, login):
    sign_in(client, login)

    page = client.get("/", follow_redirects=True)

    assert page.status_code == 200
    assert page.text.count("<h1") == 1


def test_the_oldest_audit_comes_first(client, session, world):
    make_audit(session, world, hall_id="BD01")
    make_audit(session, world, hall_id="BD02", days_ago=3)
    sign_in(client, "rm_north")

    page = client.get("/").text

    assert page.index("BD02标准厅") < page.index("BD01标准厅")


def test_what_is_with_an_auditor_is_told_with_its_deadline(client, session, world):
    audit = make_audit(session, world)
    sign_in(client, "rm_north")
    client.post(
        f"/audits/{audit}/questions", data={"item": "ext_open", "question": "？"}
    )
    due_on = default_due_on()
    client.post(
        f"/audits/{audit}/return",
        data={"revision": "7", "due_on": due_on.isoformat()},
    )

    page = client.get("/").text

    assert "没有待审核的" in page
    assert f"1项，期限{due_on.month}月{due_on.day}日" in page


def test_an_empty_desk_says_when_it_will_not_be(client, world):  # noqa: ARG001
    sign_in(client, "rm_north")

    assert "没有待审核的" in client.get("/").text
