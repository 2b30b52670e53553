"""Halls: what they are, where their traits come from, what is asked there."""

import pytest

from desk_world import make_audit, make_world, sign_in


@pytest.fixture(autouse=True)
def world(session):
    return make_world(session)


def test_each_trait_says_where_it_comes_from(client):
    sign_in(client, "rm_north")

    page = client.get("/halls/BD01").text

    traits = page[page.index('id="traits-heading"') : page.index('id="visits-heading"')]
    assert traits.index("多雨") < traits.index("城市去掉")
    assert "随城市" in traits
    assert "本厅自有" in traits


@pytest.mark.parametrize(
    ("login", "hall", "status"),
    [
        ("rm_north", "BD01", 200),
        ("rm_north", "SX01", 404),
        ("rm_north", "XX99", 404),
        ("hq", "SX01", 200),
        ("hall_bd01", "BD01", 200),
        ("hall_bd01", "BD02", 404),
        ("sup", "BD02", 404),
        ("a10", "BD01", 403),
    ],
)
def test_a_hall_outside_the_scope_does_not_exist(client, login, hall, status):
    sign_in(client, login)

    for address in (f"/halls/{hall}", f"/halls/{hall}/checklist"):
        assert client.get(address).status_code == status


def test_an_agency_sees_the_halls_its_auditors_visit(client, session, world):
    make_audit(session, world, hall_id="BD02")
    sign_in(client, "sup")

    page = client.get("/halls").text

    assert "BD02" in page
    assert "BD01" not in page


def test_the_checklist_of_a_hall_gives_every_reason(client):
    sign_in(client, "hall_bd01")

    page = client.get("/halls/BD01/checklist").text
    complaint = client.get("/halls/BD01/checklist?scenario=complaint").text

    assert "只在现场投诉时才问" in page
    assert "只在现场投诉时才问" not in complaint


@pytest.mark.parametrize("query", ["?region=%00", "?tier=none", "?after=zz"])
def test_odd_filters_find_nothing_and_break_nothing(client, query):
    sign_in(client, "hq")

    assert client.get(f"/halls{query}").status_code == 200
