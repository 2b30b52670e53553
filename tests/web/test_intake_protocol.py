"""The same end state whatever arrives first, twice, or from two phones."""

import json
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from auditapp.store.audits import AuditRow, PhotoHolderRow, PhotoRow
from auditapp.store.work import EventRow, JobRow
from factories import make_document, make_person, make_photo, make_visit
from field_phone import Phone

SETTINGS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def phone(client, session):
    return Phone(client, session, make_person(session))


@SETTINGS
@given(data=st.data())
def test_photos_and_document_in_any_order_and_number_end_complete(phone, session, data):
    visit = make_visit(session, phone.person)
    photos = [make_photo((visit.visit_id, n)) for n in range(3)]
    document = make_document(visit, photos)
    draft = {**document, "state": "draft", "answers": {}}
    final = {**document, "revision": 2}
    requests = [*photos, draft, final]
    again = data.draw(st.lists(st.sampled_from(range(len(requests))), max_size=6))
    order = data.draw(st.permutations([*range(len(requests)), *again]))
    for index in order:
        request = requests[index]
        if isinstance(request, bytes):
            answer = phone.put_photo(request)
        else:
            answer = phone.put(request)
        stale = request is draft and order.index(4) < order.index(3)
        assert answer.status_code in ({409} if stale else {200, 201, 409})
        if request is final:
            assert answer.status_code in {200, 201}
    end = phone.copy(document["id"]).json
    assert (end["state"], end["revision"]) == ("complete", 2)
    assert end["evidence"]["missing"] == []
    assert_stored_once(session, final, photos)


def assert_stored_once(session, final, photos):
    session.rollback()
    audit = session.scalars(
        select(AuditRow).where(AuditRow.audit_id == UUID(final["id"]))
    ).one()
    assert audit.document == json.dumps(final).encode()
    names = [sha256(photo).hexdigest() for photo in photos]
    for table in (PhotoRow, PhotoHolderRow):
        count = select(func.count()).select_from(table).where(table.sha256.in_(names))
        assert session.scalar(count) == len(photos)
    completed = select(func.count(EventRow.event_id)).where(
        EventRow.subject == final["id"], EventRow.name == "audit.completed"
    )
    assert session.scalar(completed) == 1
    scored = select(func.count(JobRow.job_id)).where(JobRow.subject == final["id"])
    assert session.scalar(scored) == 1


class Model:
    """What the server should hold of one audit that two phones write."""

    def __init__(self):
        self.body, self.revision, self.device, self.state = None, 0, None, None

    def expect(self, document, body):
        """Return the status that a document deserves, and remember it if taken in."""
        if body == self.body:
            return {200}
        if self.state == "complete":
            return {409}
        is_other = self.body and document["device"] != self.device
        if is_other and document.get("takes_over") != self.device:
            return {409}
        if document["revision"] <= self.revision:
            return {409}
        status = {200} if self.body else {201}
        self.body, self.revision = body, document["revision"]
        self.device = document["device"]
        self.state = "complete" if document["state"] == "final" else "draft"
        return status


@SETTINGS
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["phone-1", "phone-2"]),
            st.integers(1, 5),
            st.sampled_from(["draft", "draft", "draft", "final"]),
            st.sampled_from([None, "phone-1", "phone-2"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_two_phones_never_overwrite_each_other_unknowingly(phone, session, steps):
    visit, model = make_visit(session, phone.person), Model()
    base = make_document(visit)
    for device, revision, state, takes_over in steps:
        document = {**base, "device": device, "revision": revision, "state": state}
        if takes_over:
            document["takes_over"] = takes_over
        body = json.dumps(document)
        answer = phone.put_raw(base["id"], body)
        expected = model.expect(document, body)
        assert answer.status_code in expected, (document, answer.json)
        if answer.status_code == 409:
            assert answer.json["current"]["revision"] == model.revision
            assert answer.json["current"]["device"] == model.device
    session.rollback()
    stored = session.scalars(
        select(AuditRow).where(AuditRow.visit_id == visit.visit_id)
    )
    audit = stored.one()
    assert audit.document == model.body.encode()
    assert audit.state == model.state
