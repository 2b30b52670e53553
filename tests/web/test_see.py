"""Analysis: regions and the country at a look, down to the halls behind a mark."""

import pytest

from auditapp.services.months import score_month
from auditapp.services.profiles import profile_month
from closed_months import publish_all
from desk_world import make_world, sign_in
from month_world import LATER, MONTH, make_accepted, take

LOST = {"ext_open": {"value": "no"}}


@pytest.fixture
def client(app, session):
    """Return a client of a company with a month that is compared."""
    world = make_world(session)
    publish_all(session)
    make_accepted(session, world, answers=LOST)
    make_accepted(session, world, hall_id="SX01")
    for hall in ("BD01", "BD02", "SX01"):
        take(session, "sms", [80] * 12, hall_id=hall)
    take(session, "sms", [30] * 3, answers={"sms_rating": 5, "sms_reason": "wait"})
    score_month(session, MONTH, now=LATER)
    profile_month(session, MONTH)
    session.commit()
    return app.test_client()


def read(client, login, address):
    sign_in(client, login)
    client.get("/language/en")
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text


def test_the_first_address_leads_to_the_latest_month(client):
    sign_in(client, "hq")
    assert client.get("/see").location == f"/see/{MONTH}"


@pytest.mark.parametrize("span", [1, 3, 12])
def test_headquarters_sees_regions_profiles_causes_and_contradictions(client, span):
    page = read(client, "hq", f"/see/{MONTH}?span={span}")
    for section in ("heat", "trend", "causes", "stage", "rater", "skill", "alerts"):
        assert f'id="{section}"' in page, section
    assert "The visit waited well, customers did not" in page
    assert f"/see/{MONTH}/halls?region=north&amp;tier=standard" in page


def test_a_regional_manager_sees_the_own_region_beside_its_peers(client):
    page = read(client, "rm_north", f"/see/{MONTH}")
    assert "halls elsewhere of the same tiers" in page
    assert "region=north" in page
    assert "region=east" not in page
    other = read(client, "rm_north", f"/see/{MONTH}?region=east")
    assert "No hall fits this choice" in other


def test_halls_of_another_region_are_in_no_list_and_no_file(client):
    assert "SX01" not in read(client, "rm_north", f"/see/{MONTH}/halls")
    assert "SX01" not in read(client, "rm_north", f"/see/{MONTH}/halls.csv")
    assert "SX01" not in read(client, "rm_north", f"/see/{MONTH}/halls?region=east")
    assert "SX01" in read(client, "rm_east", f"/see/{MONTH}/halls")


def test_a_mark_leads_to_items_halls_and_from_there_to_audits(client):
    page = read(client, "hq", f"/see/{MONTH}/items?dimension=stage&key=approach")
    assert f"/see/{MONTH}/halls?item=ext_open" in page
    halls = read(client, "hq", f"/see/{MONTH}/halls?item=ext_open")
    assert f"/halls/BD01/months/{MONTH}" in halls
    assert "/halls/SX01" not in halls


def test_halls_are_chosen_by_what_contradicts_itself(client):
    for kind in ("any", "wait"):
        page = read(client, "hq", f"/see/{MONTH}/halls?alert={kind}&sort=alerts")
        assert "3 of 15 customers" in page
        assert "/halls/SX01" not in page
    assert "No hall fits" in read(client, "hq", f"/see/{MONTH}/halls?alert=begging")


@pytest.mark.parametrize(
    "chart",
    ["heat", "trend", "bands", "causes", "departments", "stage", "rater", "skill"],
)
def test_every_chart_is_a_file_as_well(client, chart):
    text = read(client, "hq", f"/see/{MONTH}/{chart}.csv")
    assert text.startswith("\ufeff")
    assert len(text.splitlines()) > (0 if chart == "departments" else 1)


def test_an_unknown_chart_dimension_or_month_is_not_found(client):
    sign_in(client, "hq")
    for address in (
        f"/see/{MONTH}/secrets.csv",
        f"/see/{MONTH}/items?dimension=hall_id&key=x",
        "/see/2026-13",
    ):
        assert client.get(address).status_code == 404


def test_a_month_that_nobody_compared_says_so(client):
    assert "Nothing to compare yet" in read(client, "hq", "/see/2020-01")


def test_a_damaged_link_shows_the_beginning(client):
    page = read(client, "hq", f"/see/{MONTH}/halls?after=x~y&sort=no&span=7&band=x")
    assert "BD01" in page
