"""Headquarters changes tiers and traits of several halls at once."""

import pytest

from desk_world import make_world, sign_in

ADDRESS = "/halls/places"


@pytest.fixture(autouse=True)
def world(session):
    return make_world(session)


def change(client, **fields):
    page = client.get(ADDRESS).text
    month = page.split('id="from-month"')[1].split('value="')[1][:7]
    data = {
        "halls": ["BD01", "BD02"],
        "tier": "township",
        "month": month,
        "reason": "改为乡镇厅",
        **fields,
    }
    return client.post(ADDRESS, data=data)


def test_chosen_halls_change_from_a_coming_month(client):
    sign_in(client, "hq")
    answer = change(client)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "2家厅从" in page
    assert page.count("乡镇厅") >= 3
    history = client.get(f"{ADDRESS}?hall=BD01").text
    assert "改为乡镇厅" in history
    assert "此前" in history


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"halls": []}, 422, "请先勾选营业厅"),
        ({"reason": ""}, 422, "请写一句理由"),
        ({"month": "2020-01"}, 409, "已经开始"),
        ({"halls": ["XX99"]}, 404, "没有找到"),
        ({"tier": "huge"}, 422, "没有这个等级或特征"),
    ],
)
def test_what_is_missing_is_said(client, fields, status, says):
    sign_in(client, "hq")
    answer = change(client, **fields)
    assert answer.status_code == status
    assert says in answer.text


def test_the_list_is_narrowed_down(client):
    sign_in(client, "hq")
    page = client.get(f"{ADDRESS}?region=north").text
    assert "北" in page
    assert client.get(f"{ADDRESS}?where_tier=nothing").text.count('name="halls"') == 0


@pytest.mark.parametrize("login", ["rm_north", "hall_bd01", "a10", "sup"])
def test_nobody_else_changes_halls(client, login):
    sign_in(client, login)
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS).status_code == 403


@pytest.mark.parametrize("login", ["admin", "hq_view"])
def test_who_only_reads_has_no_form(client, login):
    sign_in(client, login)
    assert "修改勾选的厅" not in client.get(ADDRESS).text
    assert client.post(ADDRESS).status_code == 403
