"""Headquarters changes many halls by a table, after seeing what it changes."""

from io import BytesIO

import pytest

from auditapp.gateways.place_sheets import read_table
from auditapp.reads.organisation import get_hall_place
from auditapp.web.import_payload import unpacked_json
from desk_world import make_world, sign_in

ADDRESS = "/halls/places/file"


@pytest.fixture(autouse=True)
def world(session):
    return make_world(session)


def bring(client, text, name="halls.csv"):
    content = text if isinstance(text, bytes) else text.encode("gb18030")
    return client.post(ADDRESS, data={"file": (BytesIO(content), name)})


def part(page, name):
    return page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]


def test_a_table_is_looked_at_and_then_changes_the_halls_from_its_month(
    client, session
):
    sign_in(client, "hq")
    page = bring(client, "厅编号,等级,旅游区\nBD01,乡镇厅,是\nBD02,,\n")
    assert page.status_code == 200
    assert "→ 乡镇厅" in page.text
    assert "表格里有1家厅不变" in page.text
    month = part(page.text, "month")
    carried = [["BD01", "township", {"tourist": True}]]
    assert unpacked_json(part(page.text, "payload")) == carried
    data = {"payload": part(page.text, "payload"), "month": month, "reason": "改造"}
    assert client.post(f"{ADDRESS}/apply", data=data).status_code == 303
    session.rollback()
    place = get_hall_place(session, "BD01", month)
    assert place.tier == "township"
    assert "tourist" in place.traits


def test_the_workbook_comes_back_as_it_went_and_changes_nothing(client):
    sign_in(client, "hq")
    content = client.get("/halls/places/halls.xlsx").data
    rows = read_table(content, 1000)
    assert rows[0][1][:4] == ["厅编号", "名称", "大区", "等级"]
    page = bring(client, content, "halls.xlsx")
    assert page.status_code == 200
    assert "没有变化" in page.text


def test_what_is_wrong_is_told_with_its_row_and_nothing_is_offered(client):
    sign_in(client, "hq")
    page = bring(client, "厅编号,等级\nXX99,small\n")
    assert page.status_code == 422
    assert "第2行" in page.text
    assert "XX99" in page.text
    assert 'name="payload"' not in page.text
    assert bring(client, b"").status_code == 422
    assert bring(client, b"PK\x03\x04broken").status_code == 422
    assert client.post(ADDRESS, data={}).status_code == 422


def test_traits_that_exclude_each_other_hinder_it(client):
    sign_in(client, "hq")
    page = bring(client, "厅编号,rainy,arid\nBD01,是,是\n")
    assert page.status_code == 422
    assert "不能同时是" in page.text


def test_a_reason_is_needed_and_a_tampered_page_is_refused(client):
    sign_in(client, "hq")
    page = bring(client, "厅编号,等级\nBD01,township\n").text
    month, payload = part(page, "month"), part(page, "payload")
    no_reason = client.post(
        f"{ADDRESS}/apply", data={"payload": payload, "month": month}
    )
    assert no_reason.status_code == 422
    assert "请写一句理由" in no_reason.text
    torn = client.post(f"{ADDRESS}/apply", data={"payload": payload[:-9]})
    assert torn.status_code == 422
    begun = client.post(
        f"{ADDRESS}/apply",
        data={"payload": payload, "month": "2020-01", "reason": "x"},
    )
    assert begun.status_code == 409
