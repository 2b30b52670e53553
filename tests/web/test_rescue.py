"""A rescue file saved by a phone is taken in; anything else is not."""

import json
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from sqlalchemy import func, select

from auditapp.store.audits import AuditRow, PhotoRow
from factories import make_document, make_person, make_photo, make_visit
from field_phone import WIRE, Phone


@pytest.fixture
def phone(client, session):
    return Phone(client, session, make_person(session))


@pytest.fixture
def visit(session, phone):
    return make_visit(session, phone.person)


def zipped(entries, method=ZIP_STORED):
    file = BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def rescue_file(document, photos):
    named = [(f"evidence/{sha256(p).hexdigest()}.jpg", p) for p in photos]
    return [("audit.json", json.dumps(document)), *named]


def send(phone, body):
    return phone.client.post(
        f"{WIRE}/rescue",
        data=body,
        headers=phone.headers | {"Content-Type": "application/zip"},
    )


def test_a_whole_audit_is_rescued_at_once(phone, visit):
    photos = [make_photo(n) for n in range(3)]
    document = make_document(visit, photos)
    answer = send(phone, zipped(rescue_file(document, photos)))
    assert answer.status_code == 200
    assert answer.json["state"] == "complete"
    assert sorted(answer.json["photos"]["taken_in"]) == sorted(
        sha256(photo).hexdigest() for photo in photos
    )
    again = send(phone, zipped(rescue_file(document, photos)))
    assert (again.status_code, again.json["state"]) == (200, "complete")


def test_what_is_sound_is_taken_in_and_the_rest_is_named(phone, visit):
    good, bad = make_photo("good"), make_photo("bad")
    document = make_document(visit, [good, bad])
    entries = rescue_file(document, [good])
    entries.append((f"evidence/{sha256(bad).hexdigest()}.jpg", good))
    entries.append((f"evidence/{'0' * 64}.jpg", make_photo("in no manifest")))
    answer = send(phone, zipped(entries))
    assert answer.status_code == 200
    assert answer.json["photos"]["taken_in"] == [sha256(good).hexdigest()]
    assert len(answer.json["photos"]["refused"]) == 2
    assert answer.json["state"] == "waiting_for_evidence"


def test_photos_are_rescued_beside_a_later_document(phone, visit):
    photo = make_photo()
    document = make_document(visit, [photo])
    phone.put(document, revision=9)
    answer = send(phone, zipped(rescue_file(document, [photo])))
    assert answer.json["conflict"] == "stale-revision"
    assert (answer.json["state"], answer.json["revision"]) == ("complete", 9)


def test_an_audit_with_gaps_is_kept_as_a_draft_and_says_so(phone, visit):
    document = make_document(visit, answers={})
    answer = send(phone, zipped(rescue_file(document, [])))
    assert (answer.status_code, answer.json["state"]) == (200, "draft")
    assert answer.json["errors"]


def broken_files(document):
    whole = rescue_file(document, [])
    audit = whole[0]
    name = f"evidence/{'0' * 64}.jpg"
    zeros = bytes(10 * 1024 * 1024)
    intact = zipped(whole)
    return {
        "nothing": b"",
        "no zip": b"PK\x03\x04 and then nothing of a zip",
        "cut short": intact[:-10],
        "no document": zipped([(name, b"photo")]),
        "a path upwards": zipped([audit, ("../../etc/passwd", b"x")]),
        "an absolute path": zipped([audit, ("/etc/passwd", b"x")]),
        "a folder": zipped([audit, ("evidence/", b"")]),
        "another file": zipped([audit, ("readme.txt", b"x")]),
        "a name in capitals": zipped([audit, (name.upper(), b"x")]),
        "a bomb": zipped([audit, (name, zeros)], ZIP_DEFLATED),
        "a document that is a bomb": zipped([("audit.json", zeros)], ZIP_DEFLATED),
        "too many entries": zipped(
            [audit, *((f"evidence/{n:064x}.jpg", b"x") for n in range(201))]
        ),
        "damaged bytes": intact.replace(b'"state"', b'"stage"', 1),
    }


KINDS = list(broken_files({}))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_rescue_file_is_refused(phone, visit, session, kind):
    answer = send(phone, broken_files(make_document(visit))[kind])
    assert answer.status_code in {411, 422}
    assert session.scalar(select(func.count()).select_from(AuditRow)) == 0
    assert session.scalar(select(func.count()).select_from(PhotoRow)) == 0


def test_two_entries_of_one_name_are_refused(phone, visit):
    document = make_document(visit)
    entries = rescue_file(document, [])
    with pytest.warns(UserWarning, match="Duplicate name"):
        body = zipped([*entries, *entries])
    assert send(phone, body).status_code == 422


def test_somebody_elses_audit_is_not_taken_in(client, session, visit):
    other = Phone(client, session, make_person(session))
    photo = make_photo()
    answer = send(other, zipped(rescue_file(make_document(visit, [photo]), [photo])))
    assert answer.status_code == 404
    assert session.scalar(select(func.count()).select_from(PhotoRow)) == 0
