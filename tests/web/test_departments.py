"""A department's own page: what was lost to it, and what it puts right."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from action_world import check_hall, make_action_world
from auditapp.domain.month_life import MonthState
from auditapp.reads.departments import get_department_month
from auditapp.reads.see import SeeFilter
from auditapp.reads.see_halls import list_work
from auditapp.services.months import score_month
from auditapp.services.profiles import profile_month
from auditapp.store.actions import ActionRow
from auditapp.store.months import MonthRow
from auditapp.store.profiles import HallProfileRow
from closed_months import publish_all
from desk_world import person, sign_in
from month_world import LATER, MONTH, take

PAGE = f"/departments/facilities/{MONTH}"


@pytest.fixture
def client(app, session):
    """Return a client of a company where a hall lost points to two departments."""
    world = make_action_world(session)
    publish_all(session)
    check_hall(session, world, ["ext_open"])
    for hall in ("BD01", "SX01"):
        take(session, "sms", [80] * 12, hall_id=hall)
    score_month(session, MONTH, now=LATER)
    profile_month(session, MONTH)
    row = session.get(HallProfileRow, (MONTH, "BD01"))
    row.figures = {**row.figures, "owner": {"facilities": 4200}}
    session.commit()
    return app.test_client()


def read(client, login, address):
    sign_in(client, login)
    client.get("/language/en")
    return client.get(address)


def close(session):
    session.get(MonthRow, MONTH).state = MonthState.CLOSED.value
    session.commit()


def test_headquarters_sees_the_halls_that_lost_most(client):
    page = read(client, "hq", PAGE).text
    assert 'id="halls"' in page
    assert "4.20" in page
    assert "BD01" in page


def test_a_department_learns_of_halls_when_the_month_is_closed(client, session):
    before = read(client, "dep_facilities", PAGE).text
    assert "Halls are named when the month is closed." in before
    assert "BD01" not in before
    assert "BD01" not in client.get(f"{PAGE}/halls.csv").text
    close(session)
    after = client.get(PAGE).text
    assert "4.20" in after
    assert "BD01" in client.get(f"{PAGE}/halls.csv").text


def test_another_department_and_a_region_find_nothing(client):
    assert read(client, "rm_north", PAGE).status_code == 403
    assert read(client, "dep_it", PAGE).status_code == 404
    assert client.get("/departments/nobody/2026-11").status_code == 404


def test_a_department_finds_its_page_from_its_actions(client):
    page = read(client, "dep_facilities", "/actions").text
    assert f'href="{PAGE}"' in page
    assert "What was lost to us" in page


@pytest.mark.parametrize("part", ["months", "items", "halls"])
def test_every_list_is_a_file(client, part):
    answer = read(client, "hq", f"{PAGE}/{part}.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"


def test_a_list_that_is_not_there_is_not_found(client):
    assert read(client, "hq", f"{PAGE}/auditors.csv").status_code == 404


@pytest.mark.usefixtures("client")
def test_analysis_counts_as_late_what_the_department_s_own_page_does(session):
    for number, state in enumerate(("open", "proof_sent", "approved")):
        action = session.scalars(select(ActionRow)).first()
        session.add(
            ActionRow(
                hall_id="BD02",
                item_id=f"item{number}",
                item=action.item,
                audit_id=action.audit_id,
                kind=action.kind,
                month=action.month,
                failed_at=action.failed_at,
                severity="major",
                cause="support",
                owner="facilities",
                state=state,
                given_at=action.failed_at,
                due_at=action.failed_at,
            )
        )
        session.commit()
    hq = person(session, "hq")
    now = LATER + timedelta(days=30)
    work = list_work(session, hq, SeeFilter(MONTH), now)["facilities"]
    own = get_department_month(session, hq, "facilities", MONTH, now).work
    assert (work.late, work.actions) == (own.late, own.open)
    assert own.late < own.open
