"""Putting right, as hall, department and region meet it on their pages."""

import io

import pytest
import time_machine
from PIL import Image

from action_world import (
    CRITICAL,
    FOUND,
    OF_THE_HALL,
    SUPPORTED,
    action_of,
    check_hall,
    make_action_world,
)
from desk_world import sign_in
from pictures import picture
from statements import counted, statements


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(FOUND, tick=False):
        yield


@pytest.fixture
def world(session):
    world = make_action_world(session)
    check_hall(session, world, [CRITICAL, OF_THE_HALL, SUPPORTED], state="released")
    return world


def address(session, item_id):
    action_id = action_of(session, item_id).action_id
    session.rollback()
    return f"/actions/{action_id}"


def send_proof(client, where):
    files = {
        "before": (io.BytesIO(picture(1)), "1.jpg"),
        "photos": (io.BytesIO(picture(2)), "2.jpg"),
    }
    data = {"words": "改好了", **files}
    return client.post(f"{where}/proof", data=data, follow_redirects=True)


@pytest.mark.usefixtures("world")
def test_a_hall_proves_that_an_item_is_put_right(client, session):
    where = address(session, OF_THE_HALL)
    sign_in(client, "hall_bd01")
    assert where in client.get("/actions").text
    page = client.get(where).text
    assert "请做到：" in page
    assert "暗访" not in page
    empty = client.post(f"{where}/proof", data={"words": "改好了"})
    assert empty.status_code == 422
    assert "请附整改后的照片" in empty.text
    assert "改好了" in empty.text  # what was written stays
    sent = send_proof(client, where).text
    assert "已交证明" in sent
    assert "整改前" in sent
    photo = sent.split(f'src="{where}/photos/')[1].split('"')[0]
    small = client.get(f"{where}/photos/{photo}")
    assert max(Image.open(io.BytesIO(small.data)).size) <= 320
    sign_in(client, "rm_east")
    assert client.get(where).status_code == 404
    assert client.get(f"{where}/photos/{photo}").status_code == 404


@pytest.mark.usefixtures("world")
def test_the_region_looks_at_proof(client, session):
    where = address(session, OF_THE_HALL)
    sign_in(client, "hall_bd01")
    send_proof(client, where)
    assert client.post(f"{where}/approve", data={}).status_code == 403
    sign_in(client, "rm_north")
    assert where in client.get("/actions?which=proof").text
    unsaid = client.post(f"{where}/push_back", data={"words": " "})
    assert unsaid.status_code == 422
    client.post(f"{where}/push_back", data={"words": "角度不对"})
    assert client.post(f"{where}/approve", data={"words": ""}).status_code == 409
    sign_in(client, "hall_bd01")
    assert "角度不对" in client.get(where).text


@pytest.mark.usefixtures("world")
def test_the_page_says_why_support_does_not_go_to_a_hall(client, session):
    where = address(session, SUPPORTED)
    sign_in(client, "rm_north")
    wanted = {
        "cause": "support",
        "owner": "hall",
        "reason": "离得近",
        "task": "自己去修",
        "due_on": "",
    }
    refused = client.post(f"{where}/hand_over", data=wanted)
    assert refused.status_code == 409
    assert "只能交给责任部门" in refused.text
    assert "自己去修" in refused.text
    late = client.post(
        f"{where}/hand_over", data=wanted | {"owner": "it", "due_on": "x"}
    )
    assert late.status_code == 422
    right = wanted | {"owner": "it", "due_on": "2026-11-30"}
    done = client.post(f"{where}/hand_over", data=right, follow_redirects=True)
    assert "已转交" in done.text
    assert "11月30日" in done.text
    sign_in(client, "dep_it")
    assert "自己去修" in client.get(where).text
    sign_in(client, "dep_facilities")
    assert client.get(where).status_code == 404


@pytest.mark.usefixtures("world")
def test_a_critical_one_is_contained_first(client, session):
    where = address(session, CRITICAL)
    sign_in(client, "hall_bd01")
    assert "11月21日前先控制" in client.get(where).text.replace(" ", "")
    done = client.post(
        f"{where}/contain", data={"words": "已开门"}, follow_redirects=True
    )
    assert "原因还要消除" in done.text
    assert "先控制</h2>" not in done.text
    assert client.post(f"{where}/nothing", data={}).status_code == 404


@pytest.mark.usefixtures("world")
def test_the_list_is_a_table_that_no_spreadsheet_runs(client):
    sign_in(client, "rm_north")
    table = client.get("/actions/list.csv").text
    assert len(table.splitlines()) == 4
    assert "BD01" in table


def test_the_list_asks_as_often_for_many_actions_as_for_few(
    app, client, session, world
):
    sign_in(client, "rm_north")
    seen = []
    for failed in ([], ["ent_greet_manner", "ext_signage"]):
        if failed:
            check_hall(session, world, failed, hall_id="BD02")
        with statements(app) as found:
            page = client.get("/actions").text
        seen.append((page.count('href="/actions/'), len(counted(found))))
    assert seen[1][0] > seen[0][0]
    assert seen[1][1] == seen[0][1] <= 7
