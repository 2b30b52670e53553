"""The list of visits: scope, filters, pages, export."""

import csv
import io
import re

import pytest

from auditapp.reads.people import actor_of
from auditapp.reads.visits import VisitFilter, list_visits
from auditapp.store.organisation import HallRow
from auditapp.store.people import PersonRow
from auditapp.web.exports import as_cell
from desk_world import make_audit, make_world, sign_in


@pytest.fixture
def world(session):
    return make_world(session)


def seen(client, login, query=""):
    sign_in(client, login)
    page = client.get(f"/visits{query}").text
    client.post("/sign-out")
    return set(re.findall(r'href="/halls/(\w+)"', page[page.index("<main") :]))


def test_everybody_sees_only_the_own_scope(client, session, world):
    make_audit(session, world, hall_id="BD01")
    make_audit(session, world, hall_id="BD02")
    make_audit(session, world, hall_id="SX01")

    assert seen(client, "hq") == {"BD01", "BD02", "SX01"}
    assert seen(client, "rm_north") == {"BD01", "BD02"}
    assert seen(client, "rm_east") == {"SX01"}
    assert seen(client, "sup") == {"BD01", "BD02", "SX01"}
    assert seen(client, "sup_other") == set()


def test_a_hall_manager_sees_released_visits_and_never_who_came(client, session, world):
    make_audit(session, world, hall_id="BD01", state="released")
    make_audit(session, world, hall_id="BD01", days_ago=1)
    make_audit(session, world, hall_id="BD02", state="released")
    sign_in(client, "hall_bd01")

    answers = [client.get(a) for a in ("/", "/visits", "/halls/BD01", "/visits.csv")]

    assert {answer.status_code for answer in answers} == {200}
    assert "共1条" in answers[1].text
    for page in (answer.text for answer in answers):
        assert "C-a10" not in page
        assert "BD02" not in page
        assert "/audits/" not in page


@pytest.mark.parametrize("login", ["a10", "cb1"])
@pytest.mark.usefixtures("world")
def test_others_have_no_list(client, login):
    sign_in(client, login)

    assert client.get("/visits").status_code == 403


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?state=released", 1),
        ("?state=in_review", 2),
        ("?month=2026-11", 3),
        ("?month=2026-10", 0),
        ("?region=east", 1),
        ("?hall=BD01", 1),
        ("?month=none&state=none&sort=none&after=none", 3),
        ("?hall=%00&region=%00", 3),
    ],
)
def test_a_list_is_filtered_by_its_address(client, session, world, query, count):
    make_audit(session, world, hall_id="BD01")
    make_audit(session, world, hall_id="BD02", state="released")
    make_audit(session, world, hall_id="SX01")
    sign_in(client, "hq")

    page = client.get(f"/visits{query}").text

    assert f"{count}次走访" in page


@pytest.mark.parametrize("sort", ["month", "hall", "score", "best"])
def test_pages_hold_every_visit_exactly_once(session, world, sort):
    for hall in ("BD01", "BD02", "SX01", "BD01", "BD02"):
        answers = {"ext_open": {"value": "no"}} if hall == "BD02" else None
        make_audit(session, world, hall_id=hall, answers=answers)
    actor = actor_of(session.get(PersonRow, world.people["hq"]))
    found, after = [], None

    for _ in range(3):
        page = list_visits(session, actor, VisitFilter(sort=sort), after, size=2)
        found += page.lines
        after = page.after

    assert after is None
    assert page.total == 5
    assert len({line.visit_id for line in found}) == len(found) == 5
    scores = [line.score_milli for line in found]
    if sort in ("score", "best"):
        assert scores == sorted(scores, reverse=sort == "best")


def test_a_link_to_the_next_page_leads_on_from_there(client, session, world):
    for hall in ("BD01", "BD02"):
        make_audit(session, world, hall_id=hall)
    actor = actor_of(session.get(PersonRow, world.people["hq"]))
    first = list_visits(session, actor, VisitFilter(sort="hall"), size=1)
    sign_in(client, "hq")

    after = f"{first.after.value}~{first.after.visit_id}"
    page = client.get(f"/visits?sort=hall&after={after}").text

    assert "BD02标准厅" in page
    assert "BD01标准厅" not in page


def test_the_export_is_the_whole_filtered_list(client, session, world):
    make_audit(session, world, hall_id="BD01")
    make_audit(session, world, hall_id="SX01")
    sign_in(client, "hq")

    response = client.get("/visits.csv?region=east")

    assert response.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert [row[1] for row in rows] == ["营业厅", "SX01"]
    assert rows[1][8] == "100.0"


def test_a_name_that_is_a_formula_stays_text_in_the_export(client, session, world):
    session.get(HallRow, "SX01").name_zh = "=HYPERLINK(1)"
    make_audit(session, world, hall_id="SX01")
    sign_in(client, "hq")

    assert "'=HYPERLINK(1)" in client.get("/visits.csv").text
    assert "'=HYPERLINK(1)" in client.get("/halls.csv").text


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@x", "\tx", "\rx", " =1", "ok\n=1", "＝1", "＠x"]
)
def test_whatever_a_spreadsheet_would_calculate_is_marked(text):
    assert as_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["绍兴厅", "a=b", "", 3, -3])
def test_plain_cells_stay_as_they_are(value):
    assert as_cell(value) == value


@pytest.mark.usefixtures("world")
def test_an_empty_list_says_when_it_will_not_be(client):
    sign_in(client, "hq")

    assert "还没有安排走访" in client.get("/visits").text
    assert "没有符合的走访" in client.get("/visits?month=2020-01").text
