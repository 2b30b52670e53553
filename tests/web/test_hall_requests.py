"""From “this does not suit us” on a hall's page to headquarters' answer and back."""

import pytest

from desk_world import make_world, sign_in

PAGE = "/standards/telecom_hall_mystery/requests"


@pytest.fixture(autouse=True)
def world(session):
    return make_world(session)


def test_a_hall_asks_and_reads_the_answer_on_its_first_page(client):
    sign_in(client, "hall_bd01")
    assert "/requests/new/int_clean" in client.get("/halls/BD01/checklist").text
    sent = client.post("/requests/new/int_clean", data={"reason": "景区人多，擦不过来"})
    assert sent.status_code == 303
    assert "等总部答复" in client.get("/requests").text
    sign_in(client, "hq")
    assert "景区人多，擦不过来" in client.get(PAGE).text
    answer = client.get(PAGE).text.split(f'action="{PAGE}/')[1].split('"')[0]
    short = client.post(f"{PAGE}/{answer}", data={"answer": " "})
    assert short.status_code == 422
    assert "请写一句答复" in short.text
    reply = client.post(f"{PAGE}/{answer}", data={"answer": "十二月起改为可选。"})
    assert reply.status_code == 303
    item = client.get("/standards/telecom_hall_mystery/items/int_clean").text
    assert "景区人多，擦不过来" in item
    sign_in(client, "hall_bd01")
    assert "总部答复了你们的1条意见" in client.get("/").text
    assert "十二月起改为可选。" in client.get("/requests").text


def test_what_was_written_stays_when_it_cannot_be_kept(client):
    sign_in(client, "hall_bd01")
    client.post("/requests/new/int_clean", data={"reason": "厅小"})
    again = client.post("/requests/new/int_clean", data={"reason": "真的厅小"})
    assert again.status_code == 409
    assert "真的厅小" in again.text
    assert "正在等总部答复" in again.text
    empty = client.post("/requests/new/int_clean", data={})
    assert empty.status_code == 422
    assert "请写一两句为什么" in empty.text
    assert client.get("/requests/new/nothing").status_code == 404


def test_others_find_no_link_to_object_on_a_halls_checklist(client):
    sign_in(client, "rm_north")
    assert "/requests/new" not in client.get("/halls/BD01/checklist").text
