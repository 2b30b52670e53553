"""Bundles, forms and photos over the wire, one request at a time."""

import gzip
import json
from hashlib import sha256
from io import BytesIO

import pytest
from sqlalchemy import func, select

from auditapp.gateways.storage import photo_key
from auditapp.store.audits import PhotoRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import JobRow
from factories import (
    make_form,
    make_person,
    make_photo,
    make_visit,
)
from field_phone import Phone


@pytest.fixture
def auditor(session):
    return make_person(session)


@pytest.fixture
def visit(session, auditor):
    return make_visit(session, auditor)


@pytest.fixture
def phone(client, session, auditor):
    return Phone(client, session, auditor)


def stored_bytes(app, photo):
    key = photo_key(sha256(photo).hexdigest())
    return b"".join(app.extensions["storage"].chunks(key))


def test_a_bundle_holds_all_that_a_phone_needs_offline(phone, visit):
    answer = phone.get("/bundle")
    assert answer.status_code == 200
    body = answer.json
    assert body["auditor"] == {"code": phone.person.code}
    assert body["server_time"].endswith("Z")
    [found] = body["visits"]
    assert found["id"] == str(visit.visit_id)
    assert found["hall"]["radius_m"] == 120
    assert found["form"] == f"sha256:{visit.form_digest}"
    assert body["forms"] == [f"sha256:{visit.form_digest}"]


def test_an_unchanged_bundle_is_not_sent_again(phone, session):
    etag = phone.get("/bundle").headers["ETag"]
    again = phone.get("/bundle", **{"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    make_visit(session, phone.person)
    assert phone.get("/bundle", **{"If-None-Match": etag}).status_code == 200


def test_a_bundle_names_only_own_and_open_visits(phone, visit, session):
    make_visit(session)
    make_visit(session, phone.person, state="accepted")
    make_visit(session, phone.person, state="planned")
    ids = [found["id"] for found in phone.get("/bundle").json["visits"]]
    assert ids == [str(visit.visit_id)]


def test_a_bundle_and_a_form_come_compressed(phone, visit):
    for path in ("/bundle", f"/forms/{visit.form_digest}"):
        plain = phone.get(path)
        packed = phone.get(path, **{"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Vary"].startswith("Accept-Encoding")
        unpacked = json.loads(gzip.decompress(packed.data))
        assert unpacked | {"server_time": ""} == plain.json | {"server_time": ""}


def test_a_form_is_its_digest_and_never_changes(phone, visit):
    answer = phone.get(f"/forms/sha256:{visit.form_digest}")
    assert sha256(answer.data).hexdigest() == visit.form_digest
    assert "immutable" in answer.headers["Cache-Control"]
    etag = answer.headers["ETag"]
    again = phone.get(f"/forms/{visit.form_digest}", **{"If-None-Match": etag})
    assert again.status_code == 304


def test_every_form_of_an_own_hall_is_served_and_no_other(phone, visit, session):
    hall = session.get_one(VisitRow, visit.visit_id).hall_id
    earlier = make_form(session, type("Hall", (), {"hall_id": hall}), version="2026.10")
    foreign = make_form(session)
    assert phone.get(f"/forms/{earlier.digest}").status_code == 200
    assert phone.get(f"/forms/{foreign.digest}").status_code == 404
    assert phone.get("/forms/../../etc/passwd").status_code == 404


def test_a_photo_is_stored_once_and_answered_twice(phone, app, session):
    photo = make_photo()
    assert phone.has_photo(photo) == 404
    assert phone.put_photo(photo).status_code == 201
    assert phone.has_photo(photo) == 200
    assert phone.put_photo(photo).status_code == 200
    assert stored_bytes(app, photo) == photo
    assert session.scalar(select(func.count()).select_from(PhotoRow)) == 1
    jobs = session.scalars(select(JobRow)).all()
    assert [job.kind for job in jobs] == ["photo.check"]


def test_nobody_learns_from_a_hash_what_others_hold(phone, client, session):
    photo = make_photo()
    phone.put_photo(photo)
    other = Phone(client, session, make_person(session))
    assert other.has_photo(photo) == 404
    assert other.put_photo(photo).status_code == 201
    assert session.scalar(select(func.count()).select_from(PhotoRow)) == 1


def test_nothing_is_left_behind_in_the_folder_for_what_comes_in(phone, data_dir):
    phone.put_photo(make_photo())
    phone.put_photo(make_photo(), name="0" * 64)
    phone.put_photo(b"GIF89a" + bytes(20))
    assert list((data_dir / "photos" / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1", "image/heic"),
    ],
)
def test_a_photo_may_be_of_four_kinds(phone, head, media_type):
    photo = head + bytes(40)
    assert phone.put_photo(photo, media_type).status_code == 201
    wrong = "image/png" if media_type == "image/jpeg" else "image/jpeg"
    assert phone.put_photo(photo, wrong).status_code == 415


@pytest.mark.parametrize(
    ("photo", "media_type"),
    [
        (b"GIF89a" + bytes(30), "image/gif"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"%PDF-1.7 and more bytes", "image/jpeg"),
        (b"\xff\xd8\xff\xe0" + bytes(30), ""),
        (b"\xff\xd8\xff\xe0" + bytes(30), "application/x-www-form-urlencoded"),
        (b"\xff\xd8\xff\xe0" + bytes(30), "multipart/form-data; boundary=x"),
    ],
)
def test_what_is_no_photo_is_refused_by_its_first_bytes(phone, photo, media_type):
    answer = phone.put_photo(photo, media_type)
    assert answer.status_code == 415
    assert answer.content_type == "application/problem+json"


def test_a_photo_whose_hash_does_not_hold_is_not_stored(phone, session):
    answer = phone.put_photo(make_photo("a"), name="ab" * 32)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "wrong-hash"
    assert session.scalar(select(func.count()).select_from(PhotoRow)) == 0


@pytest.mark.parametrize("name", ["x", "AB" * 32, "../../secret", "0" * 63, "%00" * 64])
def test_photos_and_forms_have_no_other_names_than_hashes(phone, name):
    assert phone.put_photo(make_photo(), name=name).status_code == 404
    assert phone.get(f"/forms/{name}").status_code == 404
    path = f"/api/v1/field/evidence/{name}"
    assert phone.client.head(path, headers=phone.headers).status_code == 404


def test_a_refused_photo_is_read_to_its_end_so_that_its_sender_hears_why(phone):
    body = BytesIO(b"GIF89a" + bytes(3 * 1024 * 1024))
    answer = phone.client.put(
        f"/api/v1/field/evidence/{'0' * 64}",
        headers={"Content-Type": "image/jpeg"},
        input_stream=body,
        environ_overrides={"CONTENT_LENGTH": str(len(body.getvalue()))},
    )
    assert answer.status_code == 401
    assert body.tell() == len(body.getvalue())


def test_a_body_says_how_long_it_is_and_is_not_too_long(phone):
    assert phone.put_photo(make_photo() + bytes(12 * 1024 * 1024)).status_code == 413
    answer = phone.client.put(
        f"/api/v1/field/evidence/{'0' * 64}",
        headers=phone.headers
        | {"Content-Type": "image/jpeg", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 411


@pytest.mark.parametrize("role", ["headquarters", "hall_manager", "region_manager"])
def test_only_people_in_the_field_use_the_wire(client, session, role):
    outsider = Phone(client, session, make_person(session, role))
    assert outsider.get("/bundle").status_code == 403
    assert outsider.put_photo(make_photo()).status_code == 403
    assert client.get("/api/v1/field/bundle").status_code == 401
