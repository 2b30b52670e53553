"""From a form that works on a phone to the answer, and a file of all of it."""

import io

import pytest
import time_machine
from PIL import Image

from auditapp.store.organisation import DepartmentRow
from desk_world import NOW, make_world, sign_in
from pictures import picture
from statements import counted, statements

WAY = {
    "kind": "system",
    "subject": "实名系统",
    "words": "拍照三次才过",
    "cost": "每位多等四分钟",
    "owner": "it",
}


@pytest.fixture(autouse=True)
def _ten_in_the_morning(session):
    make_world(session)
    session.add(DepartmentRow(department_id="it", name_zh="信息部", name_en="IT"))
    session.commit()
    with time_machine.travel(NOW, tick=False):
        yield


def report(client, login="hall_bd01", **data):
    sign_in(client, login)
    return client.post("/obstacles/new", data={**WAY, **data})


def test_a_hall_reports_with_a_photo_and_reads_the_answer(client):
    sent = report(client, photo=(io.BytesIO(picture(1)), "a.jpg"))
    assert sent.status_code == 303
    small = client.get(f"{sent.location}/photo/320")
    assert max(Image.open(io.BytesIO(small.data)).size) <= 320
    sign_in(client, "hq")
    assert "拍照三次才过" in client.get("/obstacles").text
    refused = client.post(f"{sent.location}/answer", data={"words": "会改"})
    assert refused.status_code == 422
    assert "会改" in refused.text
    facts = {"state": "accepted", "words": "下月换新接口。", "due_on": "2026-12-20"}
    client.post(f"{sent.location}/answer", data=facts)
    sign_in(client, "hall_bd01")
    assert "1条障碍已有答复" in client.get("/").text
    assert "下月换新接口。" in client.get(sent.location).text
    client.post(f"{sent.location}/read")
    assert "1条障碍已有答复" not in client.get("/").text


def test_what_was_written_stays_when_something_is_missing(client):
    refused = report(client, cost=" ")
    assert refused.status_code == 422
    assert "拍照三次才过" in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert report(client, photo=(io.BytesIO(b"x" * 99), "a.jpg")).status_code == 422


def test_the_photo_of_an_auditor_is_for_headquarters_alone(client):
    sent = report(client, "a10", photo=(io.BytesIO(picture(1)), "a.jpg"))
    with time_machine.travel("2026-12-02T02:00:00Z", tick=False):
        for login, status in (("hq", 200), ("rm_north", 404), ("hall_bd01", 404)):
            sign_in(client, login)
            shown = client.get(sent.location).text
            assert ("走访员" in shown) is (login == "hq")
            assert "C-a10" not in shown
            assert client.get(f"{sent.location}/photo/320").status_code == status


def test_the_file_holds_what_the_list_shows(client):
    report(client, subject="=1+1")
    report(client, kind="rule", subject="本人到场")
    text = client.get("/obstacles/obstacles.csv?kind=system").text
    assert "拍照三次才过" in text
    assert "本人到场" not in text
    assert "\n=1+1" not in text


def test_the_list_asks_the_database_the_same_however_long_it_is(app, client):
    report(client)
    with statements(app) as few:
        client.get("/obstacles")
    for number in range(5):
        report(client, subject=f"系统{number}")
    with statements(app) as many:
        client.get("/obstacles")
    assert counted(few) == counted(many)
