"""Covering parts of photos: nobody sees them any more, and a hall only what is open."""

import io
import json

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select

from auditapp.jobs.runner import Runner
from auditapp.services.review_turns import begin_turn, pass_on
from auditapp.store.audits import AuditRow, EvidenceRow
from auditapp.store.redactions import RedactionRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import EventRow, ReportRow
from desk_world import NOW, make_world, person, sign_in
from pictures import make_audit_with

ITEM = "ext_open"
SECRET, AROUND = (250, 10, 10), (20, 180, 40)  # a face, and the hall behind it
COVER = {"left": "250", "top": "250", "width": "500", "height": "500"}


@pytest.fixture(autouse=True)
def _ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def audit(app, session, world):
    """Return a released mystery visit whose photo shows a red square in the middle."""
    return release(app, session, world, [face()])


def release(app, session, world, photos):
    audit_id, names = make_audit_with(
        app,
        session,
        world,
        photos,
        state="released",
        answers={ITEM: {"value": "no"}},
    )
    for row in session.scalars(select(EvidenceRow)):
        row.item_id = ITEM
    session.commit()
    Runner(app).run_due()
    visit_id = session.get_one(AuditRow, audit_id).visit_id
    session.rollback()
    return audit_id, visit_id, names


def face(shade=0):
    image = Image.new("RGB", (1600, 1200), (20, 180, 40 + shade))
    image.paste(SECRET, (440, 340, 1160, 860))
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0132] = "2026:11:17 10:14:00"
    image.save(file, "JPEG", quality=95, exif=exif.tobytes())
    return file.getvalue()


def save(client, audit_id, name, number=0, shown="yes", **changes):
    data = {"number": number, "shown": shown, **COVER, **changes}
    return client.post(f"/audits/{audit_id}/photos/{name}", data=data)


def reds(content):
    """Return how many pixels of a picture are still of the face."""
    pixels = Image.open(io.BytesIO(content)).convert("RGB").get_flattened_data()
    return sum(1 for red, green, _blue in pixels if red > 150 and green < 90)


def test_what_a_reviewer_covers_is_gone_for_everybody(client, audit):
    audit_id, _visit, (name,) = audit
    sign_in(client, "rm_north")
    small = f"/photos/{audit_id}/{name}/320"
    before = client.get(small)
    assert reds(before.data) > 1000
    assert save(client, audit_id, name).status_code == 303
    for login in ("rm_north", "hq", "sup", "a10"):
        sign_in(client, login)
        for size in (320, 1280):
            shown = client.get(f"/photos/{audit_id}/{name}/{size}")
            assert shown.status_code == 200
            assert reds(shown.data) == 0
    assert client.get(small, headers={"If-None-Match": before.headers["ETag"]}).data
    assert f"{small}?v=1" in client_page(client, "rm_north", f"/audits/{audit_id}")


def client_page(client, login, address):
    sign_in(client, login)
    return client.get(address).text


def test_a_hall_sees_nothing_before_a_reviewer_shows_it_and_then_the_covered(
    client, audit
):
    audit_id, visit_id, (name,) = audit
    address = f"/results/{visit_id}/photos/1/1280"
    sign_in(client, "hall_bd01")
    assert client.get(address).status_code == 404
    sign_in(client, "rm_north")
    save(client, audit_id, name)
    sign_in(client, "hall_bd01")
    assert address in client.get(f"/results/{visit_id}").text
    shown = client.get(address)
    assert reds(shown.data) == 0
    assert client.get(f"/photos/{audit_id}/{name}/320").status_code == 404
    assert client.get(f"/results/{visit_id}/photos/2/320").status_code == 404
    assert client.get(f"/results/{visit_id}/photos/0/320").status_code == 404
    assert client.get(f"/results/{visit_id}/photos/1/99").status_code == 404
    sign_in(client, "rm_north")
    save(client, audit_id, name, number=1, shown="no")
    sign_in(client, "hall_bd01")
    assert client.get(address).status_code == 404


def test_nothing_that_a_hall_is_sent_tells_who_came_or_when(client, audit):
    audit_id, visit_id, (name,) = audit
    sign_in(client, "rm_north")
    save(client, audit_id, name)
    sign_in(client, "hall_bd01")
    page = client.get(f"/results/{visit_id}").text
    photo = client.get(f"/results/{visit_id}/photos/1/320")
    told = page + "".join(f"{key}: {value}\n" for key, value in photo.headers)
    secrets = {str(audit_id), audit_id.hex, name, name[:16], "C-a10", "a10先生"}
    for secret in (*secrets, "11月17日"):
        assert secret not in told
    assert not {"ETag", "Last-Modified"} & set(photo.headers.keys())
    assert "no-store" in photo.headers["Cache-Control"]
    assert not Image.open(io.BytesIO(photo.data)).getexif()
    assert b"2026" not in photo.data


def test_another_hall_has_none_of_it(client, audit):
    audit_id, visit_id, (name,) = audit
    sign_in(client, "rm_north")
    save(client, audit_id, name)
    for login in ("rm_east", "sup_other", "a11"):
        sign_in(client, login)
        assert client.get(f"/photos/{audit_id}/{name}/320").status_code == 404
        gone = client.get(f"/results/{visit_id}/photos/1/320")
        assert gone.status_code in (403, 404)


def test_who_looks_at_the_original_is_written_down(client, session, audit):
    audit_id, _visit, (name,) = audit
    sign_in(client, "rm_north")
    save(client, audit_id, name)
    whole = client.post(f"/audits/{audit_id}/photos/{name}/original")
    assert reds(whole.data) > 1000
    assert "no-store" in whole.headers["Cache-Control"]
    sign_in(client, "hq")
    assert client.get(f"/api/v1/evidence/{name}").status_code == 200
    seen = session.scalars(
        select(EventRow).where(EventRow.name == "photo.original_seen")
    ).all()
    assert [row.subject for row in seen] == [str(audit_id)] * 2
    assert len({row.actor_id for row in seen}) == 2


def test_only_reviewers_in_scope_cover_or_see_the_original(client, session, audit):
    audit_id, _visit, (name,) = audit
    for login in ("rm_east", "sup", "a10", "hall_bd01", "cb1", "hq_view", "admin"):
        sign_in(client, login)
        assert save(client, audit_id, name).status_code in (403, 404)
        for deed in ("original", "restore"):
            answer = client.post(
                f"/audits/{audit_id}/photos/{name}/{deed}",
                data={"number": 0, "wanted": 0},
            )
            assert answer.status_code in (403, 404)
    assert session.scalar(select(RedactionRow)) is None


def test_the_agency_covers_during_its_own_look_and_decides_nothing(
    app, client, session, world
):
    audit_id, (name,) = make_audit_with(app, session, world, [face()])
    Runner(app).run_due()
    begin_turn(session, audit_id)
    session.commit()
    sign_in(client, "sup")
    address = f"/audits/{audit_id}/photos/{name}"
    page = client.get(address).text
    assert 'name="shown"' not in page
    assert save(client, audit_id, name).status_code == 303
    (row,) = session.scalars(select(RedactionRow)).all()
    assert not row.is_shown
    assert f'action="{address}/restore"' not in client.get(address).text
    for deed in ("original", "restore"):
        data = {"number": 1, "wanted": 0}
        assert client.post(f"{address}/{deed}", data=data).status_code == 403
    session.rollback()

    revision = session.get_one(AuditRow, audit_id).revision
    pass_on(session, person(session, "sup"), audit_id, revision, NOW)
    session.commit()

    assert save(client, audit_id, name, number=1).status_code == 403


def test_an_earlier_decision_comes_back_and_none_is_lost(client, session, audit):
    audit_id, _visit, (name,) = audit
    sign_in(client, "rm_north")
    save(client, audit_id, name)
    save(client, audit_id, name, number=1, shown="no", left="0", width="100")
    address = f"/audits/{audit_id}/photos/{name}"
    page = client.get(address).text
    assert page.count("现在有效") == 1
    back = client.post(f"{address}/restore", data={"number": 2, "wanted": 1})
    assert back.status_code == 303
    rows = session.scalars(select(RedactionRow).order_by(RedactionRow.number)).all()
    assert [row.covers[0]["left"] for row in rows] == [250, 0, 250]
    assert [row.is_shown for row in rows] == [True, False, True]
    client.post(f"{address}/restore", data={"number": 3, "wanted": 0})
    assert reds(client.get(f"/photos/{audit_id}/{name}/320").data) > 1000
    gone = client.post(f"{address}/restore", data={"number": 4, "wanted": 9})
    assert gone.status_code == 404


def test_two_reviewers_at_once_do_not_undo_each_other(client, session, audit):
    audit_id, _visit, (name,) = audit
    sign_in(client, "rm_north")
    save(client, audit_id, name)
    late = save(client, audit_id, name, left="0")
    assert late.status_code == 409
    assert 'value="0"' in late.text  # what was drawn is still there
    assert len(session.scalars(select(RedactionRow)).all()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"left": "600"},
        {"width": "0"},
        {"top": "-5"},
        {"height": "x"},
        {"left": "٣"},
        {"width": "99999999999"},
        {"left": "", "top": "1"},
    ],
)
def test_a_rectangle_lies_within_the_photo(client, session, audit, wrong):
    audit_id, _visit, (name,) = audit
    sign_in(client, "rm_north")
    assert save(client, audit_id, name, **wrong).status_code == 422
    assert session.scalar(select(RedactionRow)) is None


def test_a_printed_report_is_made_again_and_shows_what_is_covered(
    app, client, session, audit
):
    audit_id, _visit, (name,) = audit
    sign_in(client, "rm_north")
    client.post(f"/audits/{audit_id}/reports", data={"locale": "zh_CN"})
    printed = []
    app.extensions["printer"] = lambda _html, _css, photos: (
        printed.append(photos) or b"%PDF-"
    )
    Runner(app).run_due()
    old = session.scalars(select(ReportRow)).one().report_id
    session.rollback()
    assert reds(printed[0][name]) > 1000
    save(client, audit_id, name)
    assert client.get(f"/reports/{old}").status_code == 404
    client.post(f"/audits/{audit_id}/reports", data={"locale": "zh_CN"})
    Runner(app).run_due()
    assert reds(printed[1][name]) == 0


def test_a_kept_back_photo_of_an_inspection_is_neither_shown_nor_printed_for_its_hall(
    client, session, audit
):
    audit_id, visit_id, (name,) = audit
    session.get_one(VisitRow, visit_id).kind = "open_inspection"
    session.commit()
    sign_in(client, "hall_bd01")
    address = f"/photos/{audit_id}/{name}/320"
    assert client.get(address).status_code == 200
    sign_in(client, "rm_north")
    save(client, audit_id, name, shown="no")
    assert client.get(address).status_code == 200
    sign_in(client, "hall_bd01")
    assert client.get(address).status_code == 404


def test_the_next_photo_follows_and_each_has_its_place(app, client, session, world):
    audit_id, _visit, names = release(app, session, world, [face(), face(90)])
    sign_in(client, "rm_north")
    kept = save(client, audit_id, names[0], next="1")
    assert kept.location.endswith(names[1])
    page = client.get(kept.location).text
    assert "第2张，共2张" in page
    assert save(client, audit_id, names[1], next="1").location.endswith(names[1])
    session.expire_all()
    events = session.scalars(select(EventRow).where(EventRow.name == "photo.redacted"))
    assert {event.details["sha256"] for event in events} == set(names)
    assert json.dumps([row.covers for row in session.scalars(select(RedactionRow))])


def test_what_is_no_photo_of_the_audit_cannot_be_covered(client, audit):
    audit_id, _visit, _names = audit
    sign_in(client, "hq")
    for name in ("0" * 64, "x", "%00"):
        assert client.get(f"/audits/{audit_id}/photos/{name}").status_code == 404
