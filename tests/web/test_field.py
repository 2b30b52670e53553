"""The wire of the phone: one request at a time."""

import gzip
import json
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from auditapp.domain.visit import AuditState
from auditapp.gateways.storage import photo_key
from auditapp.store.audits import AuditRevisionRow, AuditRow, PhotoRow, ReturnedItemRow
from auditapp.store.visits import VisitRow
from auditapp.store.work import EventRow, JobRow
from factories import (
    evidence_of,
    make_document,
    make_form,
    make_hall,
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


def test_an_unchanged_bundle_is_not_sent_again(phone, visit, session):
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


def test_nothing_is_left_behind_in_the_folder_for_what_comes_in(phone, tmp_path):
    phone.put_photo(make_photo())
    phone.put_photo(make_photo(), name="0" * 64)
    phone.put_photo(b"GIF89a" + bytes(20))
    assert list((tmp_path / "photos" / "incoming").iterdir()) == []


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
def test_a_photo_has_no_other_name_than_a_hash(phone, name):
    assert phone.put_photo(make_photo(), name=name).status_code == 404


def test_a_body_says_how_long_it_is_and_is_not_too_long(phone):
    assert phone.put_photo(make_photo() + bytes(12 * 1024 * 1024)).status_code == 413
    answer = phone.client.put(
        f"/api/v1/field/evidence/{'0' * 64}",
        headers=phone.headers
        | {"Content-Type": "image/jpeg", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 411


def test_a_whole_audit_gets_a_receipt_and_goes_to_review(phone, visit, app, session):
    photos = [make_photo(n) for n in range(2)]
    for photo in photos:
        phone.put_photo(photo)
    document = make_document(visit, photos)
    answer = phone.put(document)
    assert answer.status_code == 201
    assert answer.json["state"] == "complete"
    assert answer.json["evidence"]["missing"] == []
    facts = app.extensions["receipts"].read(answer.json["receipt"])
    body = json.dumps(document).encode()
    assert facts["document"] == sha256(body).hexdigest()
    assert facts["evidence"] == sorted(sha256(photo).hexdigest() for photo in photos)
    session.refresh(visit)
    assert visit.state == "in_review"
    assert visit.sent_at is not None
    kinds = session.scalars(select(JobRow.kind).where(JobRow.kind == "audit.score"))
    assert kinds.all() == ["audit.score"]
    events = session.scalars(select(EventRow.name).order_by(EventRow.event_id)).all()
    assert events == ["audit.sent", "audit.completed"]


def test_a_document_is_kept_byte_for_byte(phone, visit, session):
    document = make_document(visit)
    body = json.dumps(document, indent=3, ensure_ascii=False) + "\n \n"
    phone.put_raw(document["id"], body.encode())
    assert session.scalar(select(AuditRow.document)) == body.encode()
    copy = phone.copy(document["id"])
    assert body.strip() in copy.text
    assert copy.json["document"] == document


def test_an_audit_waits_for_its_photos(phone, visit, session):
    photos = [make_photo(n) for n in range(2)]
    document = make_document(visit, photos)
    answer = phone.put(document)
    assert answer.status_code == 201
    assert answer.json["state"] == "waiting_for_evidence"
    assert answer.json["evidence"]["missing"] == [
        sha256(photo).hexdigest() for photo in photos
    ]
    session.refresh(visit)
    assert visit.state == "sent"
    phone.put_photo(photos[1])
    assert phone.put(document).json["state"] == "waiting_for_evidence"
    phone.put_photo(photos[0])
    again = phone.put(document)
    assert (again.status_code, again.json["state"]) == (200, "complete")
    assert again.json["receipt"]


def test_a_draft_is_mirrored_and_starts_the_visit(phone, visit, session):
    document = make_document(visit, state="draft", answers={})
    assert phone.put(document).status_code == 201
    later = phone.put(document, revision=2, answers={"sig": {"value": "yes"}})
    assert (later.status_code, later.json["state"]) == (200, "draft")
    session.refresh(visit)
    assert visit.state == "under_way"
    assert phone.get("/bundle").json["visits"][0]["audit"] == document["id"]


def test_a_final_audit_with_gaps_is_refused_and_kept_as_a_draft(phone, visit):
    document = make_document(visit)
    del document["answers"]["sig"]
    answer = phone.put(document)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/answers/sig"
    assert phone.copy(document["id"]).json["state"] == "draft"
    assert phone.put(document).status_code == 422
    mended = make_document(visit) | {"id": document["id"], "revision": 2}
    assert phone.put(mended).json["state"] == "complete"


def test_a_lower_revision_gets_the_servers_copy(phone, visit):
    document = make_document(visit, state="draft", revision=5)
    phone.put(document)
    for revision in (4, 5):
        answer = phone.put(document, revision=revision, today=["raining"])
        assert answer.status_code == 409
        assert answer.json["type"].endswith("stale-revision")
        assert answer.json["current"]["document"] == document


def test_a_complete_audit_is_closed_until_it_is_returned(phone, visit, session):
    document = make_document(visit)
    phone.put(document)
    for state in ("draft", "final"):
        answer = phone.put(document, revision=2, state=state)
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/closed")
    audit = session.scalars(select(AuditRow)).one()
    audit.state, visit.state = "returned", "returned"
    session.commit()
    draft = phone.put(document, revision=2, state="draft")
    assert (draft.status_code, draft.json["state"]) == (200, "returned")
    assert session.scalar(select(AuditRow.revision)) == 1
    assert phone.copy(document["id"]).json["revision"] == 2
    final = phone.put(document, revision=3)
    assert final.json["state"] == "complete"
    session.rollback()  # a new look, not the snapshot of before
    assert session.scalar(select(AuditRow.revision)) == 3
    assert session.scalars(select(AuditRevisionRow.revision)).all() == [1]
    assert phone.put(document, revision=2, state="draft").status_code == 409


def test_replies_stand_beside_the_questions(phone, visit, session):
    document = make_document(visit)
    phone.put(document)
    audit = session.scalars(select(AuditRow)).one()
    audit.state, visit.state = "returned", "returned"
    session.add(
        ReturnedItemRow(
            audit_id=audit.audit_id,
            item_id="sig",
            question="哪一块？",
            asked_by=phone.person.person_id,
            asked_at=audit.received_at,
            due_at=audit.received_at,
            sent_at=audit.received_at,
        )
    )
    session.commit()
    asked = phone.get("/bundle").json["visits"][0]["returned"]
    assert [(q["item"], q["question"]) for q in asked] == [("sig", "哪一块？")]
    document["answers"]["sig"]["reply"] = "左边那块"
    assert phone.put(document, revision=2).json["state"] == "complete"
    session.rollback()  # a new look, not the snapshot of before
    assert session.scalar(select(ReturnedItemRow.reply)) == "左边那块"


def test_another_photo_may_replace_one_that_nobody_can_read(phone, visit, session):
    bad, good = make_photo("bad"), make_photo("good")
    document = make_document(visit, [bad])
    phone.put_photo(bad)
    phone.put(document)
    session.scalars(select(PhotoRow)).one().condition = "unreadable"
    session.commit()
    answer = phone.put(document)
    assert answer.json["evidence"]["unreadable"] == [sha256(bad).hexdigest()]
    phone.put_photo(good)
    answer = phone.put(document, revision=2, evidence=[evidence_of(good)])
    assert (answer.status_code, answer.json["state"]) == (200, "complete")


def test_a_second_phone_must_say_that_it_takes_over(phone, visit):
    document = make_document(visit, state="draft")
    phone.put(document)
    second = document | {"device": "phone-2", "revision": 2}
    answer = phone.put(second)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/other-device")
    assert answer.json["current"]["device"] == "phone-1"
    assert phone.put(second, takes_over="phone-9").status_code == 409
    assert phone.put(second, takes_over="phone-1").status_code == 200
    assert phone.put(document, revision=3).status_code == 409


def test_a_visit_has_one_audit(phone, visit):
    first = make_document(visit, state="draft")
    phone.put(first)
    answer = phone.put(make_document(visit, state="draft"))
    assert answer.status_code == 409
    assert answer.json["current"]["id"] == first["id"]


@pytest.mark.parametrize("state", ["accepted", "released", "rejected"])
def test_a_decided_visit_takes_nothing_more(phone, visit, session, state):
    visit.state = state
    session.commit()
    answer = phone.put(make_document(visit))
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/closed")


def test_a_form_of_another_hall_is_told_and_the_audit_kept(phone, visit, session):
    foreign = make_form(session, make_hall(session))
    document = make_document(visit, form=f"sha256:{foreign.digest}")
    answer = phone.put(document)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/form"
    assert phone.copy(document["id"]).json["document"] == document


def test_an_earlier_form_of_the_hall_is_taken(phone, visit, session):
    hall = type("Hall", (), {"hall_id": visit.hall_id})
    earlier = make_form(session, hall, version="2026.10")
    document = make_document(visit, form=f"sha256:{earlier.digest}")
    assert phone.put(document).json["state"] == AuditState.COMPLETE.value


def test_the_address_and_the_document_name_the_same_audit(phone, visit):
    answer = phone.put_raw(uuid4(), json.dumps(make_document(visit)))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/id"


def test_what_is_somebody_elses_is_as_if_it_did_not_exist(
    phone, visit, client, session
):
    document = make_document(visit)
    phone.put(document)
    other = Phone(client, session, make_person(session))
    absent = other.copy(uuid4())
    assert other.copy(document["id"]).data == absent.data
    assert absent.status_code == 404
    assert other.put(document).status_code == 404
    assert other.put(make_document(visit)).status_code == 404
    own = make_visit(session, other.person)
    assert other.put(make_document(own, id=document["id"])).status_code == 404


@pytest.mark.parametrize("role", ["headquarters", "hall_manager", "region_manager"])
def test_only_people_in_the_field_use_the_wire(client, session, role):
    outsider = Phone(client, session, make_person(session, role))
    assert outsider.get("/bundle").status_code == 403
    assert outsider.put_photo(make_photo()).status_code == 403
    assert client.get("/api/v1/field/bundle").status_code == 401
