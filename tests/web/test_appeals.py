"""From “I do not agree” on a hall's page to somebody else's decision and back."""

import io

import pytest
import time_machine
from PIL import Image

from auditapp.store.audits import AuditRow
from desk_world import NOW, make_audit, make_world, sign_in
from pictures import picture
from statements import counted, statements

ITEM = "ext_open"


@pytest.fixture(autouse=True)
def _ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def address(session):
    audit_id = make_audit(
        session,
        make_world(session),
        state="released",
        answers={ITEM: {"value": "no", "note": "走访员手记"}},
    )
    visit_id = session.get(AuditRow, audit_id).visit_id
    session.rollback()
    return f"/results/{visit_id}"


def lodge(client, address, **data):
    sign_in(client, "hall_bd01")
    facts = {"reason": "那天门开着。", **data}
    return client.post(f"{address}/appeals/{ITEM}", data=facts)


def test_a_hall_appeals_and_reads_the_decision(client, address):
    sign_in(client, "hall_bd01")
    assert address in client.get("/visits").text
    page = client.get(address).text
    assert "11月25日24点前可以申诉" in page
    assert "我不同意" in page
    sent = lodge(client, address, photos=(io.BytesIO(picture(1)), "a.jpg"))
    assert sent.status_code == 303
    assert "待裁定" in client.get(address).text
    sign_in(client, "rm_north")
    assert sent.location in client.get("/appeals").text
    shown = client.get(sent.location).text
    assert "那天门开着。" in shown
    assert "走访员手记" in shown
    photo = shown.split(f'src="{sent.location}/photos/')[1].split('"')[0]
    small = client.get(f"{sent.location}/photos/{photo}")
    assert max(Image.open(io.BytesIO(small.data)).size) <= 320
    decided = client.post(
        f"{sent.location}/decision",
        data={"state": "overturned", "value": "yes", "reason": "照片清楚。"},
    )
    assert decided.status_code == 303
    sign_in(client, "hall_bd01")
    shown = client.get(sent.location).text
    assert "照片清楚。" in shown
    assert "→" in shown


def test_no_page_for_a_hall_or_a_decider_names_the_auditor(client, address):
    sent = lodge(client, address)
    for login, paths in (
        ("hall_bd01", [address, f"{address}/appeals/{ITEM}", "/appeals"]),
        ("rm_north", ["/appeals", "/appeals/rates"]),
    ):
        sign_in(client, login)
        for path in [*paths, sent.location]:
            text = client.get(path).text
            for name in ("C-a10", "a10先生", "Person a10"):
                assert name not in text, (login, path)
            if login == "hall_bd01":
                assert "走访员手记" not in text


def test_what_was_written_stays_when_it_cannot_be_taken(client, address):
    empty = lodge(client, address, reason=" ")
    assert empty.status_code == 422
    bad = lodge(client, address, photos=(io.BytesIO(b"x" * 100), "a.jpg"))
    assert bad.status_code == 422
    assert "那天门开着。" in bad.text
    sent = lodge(client, address)
    assert lodge(client, address).status_code == 409
    sign_in(client, "rm_north")
    refused = client.post(
        f"{sent.location}/decision", data={"state": "overturned", "reason": "因为"}
    )
    assert refused.status_code == 422
    assert "因为" in refused.text


def test_after_the_deadline_nothing_invites_to_appeal(client, address):
    with time_machine.travel("2026-11-25T16:00:00Z", tick=False):
        sign_in(client, "hall_bd01")
        page = client.get(address).text
        assert "申诉期已于11月25日截止" in page
        assert "我不同意" not in page
        assert lodge(client, address).status_code == 409


def test_the_queue_asks_the_database_the_same_however_long_it_is(app, client, session):
    world = make_world(session)
    seen = []
    for auditor in ("a10", "a11"):
        audit_id = make_audit(
            session,
            world,
            auditor=auditor,
            state="released",
            answers={ITEM: {"value": "no"}},
        )
        visit_id = session.get(AuditRow, audit_id).visit_id
        session.rollback()
        assert lodge(client, f"/results/{visit_id}").status_code == 303
        sign_in(client, "rm_north")
        with statements(app) as found:
            page = client.get("/appeals").text
        seen.append((page.count('href="/appeals/'), len(counted(found))))
    assert seen[1][0] == seen[0][0] + 1
    assert seen[1][1] == seen[0][1] <= 8
