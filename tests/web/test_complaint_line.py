"""The pages of a complaint's line: filed, spoken about, and what was learned."""

from datetime import timedelta

import pytest
import time_machine

from auditapp.store.calls import ComplaintRow
from auditapp.store.organisation import DepartmentRow
from desk_world import NOW, make_world, sign_in


@pytest.fixture(autouse=True)
def _ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def address(session):
    make_world(session)
    session.add(DepartmentRow(department_id="it", name_zh="信息部", name_en="IT"))
    row = ComplaintRow(
        source="sms",
        hall_id="BD01",
        category="service",
        owner="hall",
        words="再不退就打12315",
        promise_at=NOW + timedelta(days=3),
        may_contact=True,
        state="open",
        created_at=NOW - timedelta(days=4),
    )
    session.add(row)
    session.commit()
    return f"/complaints/{row.complaint_id}"


def test_what_is_late_is_red_until_the_customer_was_spoken_to(client, address):
    sign_in(client, "hall_bd01")
    assert "未按时联系" in client.get("/complaints").text
    empty = client.post(f"{address}/progress", data={"step": "contacted"})
    assert empty.status_code == 422
    spoken = {"step": "contacted", "words": "已通电话，约了周五"}
    assert client.post(f"{address}/progress", data=spoken).status_code == 303
    assert "未按时联系" not in client.get("/complaints").text
    assert "已通电话，约了周五" in client.get(address).text


def test_filing_a_threat_tells_headquarters(client, address):
    sign_in(client, "hq")
    assert "严重投诉" not in client.get("/").text
    filed = {"category": "charging", "owner": "it"}
    assert client.post(f"{address}/kind", data=filed).status_code == 303
    page = client.get(address).text
    assert "已升级到总部：要找主管部门或媒体。" in page
    assert "信息部" in page
    assert "1条严重投诉" in client.get("/").text


def test_what_was_learned_is_written_once_it_is_closed(client, address):
    sign_in(client, "hall_bd01")
    lesson = {"words": "先招呼再办事"}
    assert client.post(f"{address}/lesson", data=lesson).status_code == 409
    client.post(f"{address}/reply", data={"reply": "已道歉", "cause": "front_line"})
    assert client.post(f"{address}/lesson", data=lesson).status_code == 303
    assert "先招呼再办事" in client.get(address).text
