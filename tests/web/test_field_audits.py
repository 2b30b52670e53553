"""Audit documents over the wire: drafts, finals, returns, two phones, strangers."""

import json
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import select

from auditapp.domain.visit import AuditState
from auditapp.store.audits import AuditRevisionRow, AuditRow, PhotoRow, ReturnedItemRow
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
