"""Reading audits back: whole, byte for byte, and only within one's scope."""

import json
from hashlib import sha256
from uuid import uuid4

import pytest

from auditapp.reads import audits_readback
from factories import (
    make_city,
    make_document,
    make_hall,
    make_person,
    make_photo,
    make_region,
    make_token,
    make_visit,
)
from field_phone import Phone

API = "/api/v1"


class Reader:
    def __init__(self, client, session, role, **changes):
        token = make_token(session, make_person(session, role, **changes))
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def get(self, path):
        return self.client.get(path, headers=self.headers)


@pytest.fixture
def sent(client, session):
    """Return a region with one complete audit of one photo, and that photo."""
    region = make_region(session)
    hall = make_hall(session, make_city(session, region))
    phone = Phone(client, session, make_person(session))
    visit, photo = make_visit(session, phone.person, hall), make_photo()
    document = make_document(visit, [photo])
    phone.put_photo(photo)
    assert phone.put(document).json["state"] == "complete"
    return region, visit, document, photo


@pytest.mark.parametrize("role", ["headquarters", "admin"])
def test_headquarters_reads_everything_back(client, session, sent, role):
    _region, visit, document, photo = sent
    reader = Reader(client, session, role)
    [line] = reader.get(f"{API}/audits").json["audits"]
    assert (line["id"], line["state"]) == (document["id"], "complete")
    assert line["hall"] == visit.hall_id
    audit = reader.get(f"{API}/audits/{document['id']}")
    assert json.dumps(document) in audit.text
    assert audit.json["document"] == document
    [evidence] = audit.json["evidence"]
    assert evidence["sha256"] == sha256(photo).hexdigest()
    assert evidence["condition"] == "unchecked"


def test_a_photo_comes_as_an_attachment_in_a_sandbox(client, session, sent):
    photo = sent[3]
    reader = Reader(client, session, "headquarters")
    answer = reader.get(f"{API}/evidence/{sha256(photo).hexdigest()}")
    assert answer.data == photo
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_region_manager_reads_the_own_region_only(client, session, sent):
    region, _visit, document, photo = sent
    photo_path = f"{API}/evidence/{sha256(photo).hexdigest()}"
    own = Reader(client, session, "region_manager", region_ids=[region.region_id])
    other = Reader(client, session, "region_manager", region_ids=["elsewhere"])
    for path in (f"{API}/audits/{document['id']}", photo_path):
        assert own.get(path).status_code == 200
        assert other.get(path).status_code == 404
    absent = other.get(f"{API}/audits/{uuid4()}")
    assert other.get(f"{API}/audits/{document['id']}").data == absent.data
    assert other.get(f"{API}/audits").json == {"audits": [], "next": None}


@pytest.mark.parametrize("role", ["auditor", "hall_manager", "inspector", "department"])
def test_nobody_else_reads_back(client, session, sent, role):
    reader = Reader(client, session, role)
    photo_path = f"{API}/evidence/{sha256(sent[3]).hexdigest()}"
    for path in (f"{API}/audits", f"{API}/audits/{sent[2]['id']}", photo_path):
        assert reader.get(path).status_code == 403
        assert client.get(path).status_code == 401


def test_naming_a_photo_of_others_does_not_show_it(client, session, sent):
    region = make_region(session)
    hall = make_hall(session, make_city(session, region))
    thief = Phone(client, session, make_person(session))
    thief.put(make_document(make_visit(session, thief.person, hall), [sent[3]]))
    reader = Reader(client, session, "region_manager", region_ids=[region.region_id])
    path = f"{API}/evidence/{sha256(sent[3]).hexdigest()}"
    assert reader.get(path).status_code == 404


def test_pages_follow_each_other_without_gap_or_overlap(
    client, session, sent, monkeypatch
):
    monkeypatch.setattr(audits_readback, "PAGE_ROWS", 2)
    monkeypatch.setattr("auditapp.web.api.PAGE_ROWS", 2)
    phone = Phone(client, session, make_person(session))
    ids = {sent[2]["id"]}
    for _ in range(4):
        document = make_document(make_visit(session, phone.person))
        phone.put(document)
        ids.add(document["id"])
    reader, path, seen = Reader(client, session, "admin"), f"{API}/audits", []
    while path:
        page = reader.get(path).json
        seen += [line["id"] for line in page["audits"]]
        path = page["next"]
    assert len(seen) == 5
    assert set(seen) == ids


@pytest.mark.usefixtures("sent")
def test_a_list_can_be_narrowed(client, session):
    reader = Reader(client, session, "headquarters")
    assert len(reader.get(f"{API}/audits?month=2026-11&state=complete").json["audits"])
    assert reader.get(f"{API}/audits?month=2026-10").json["audits"] == []
    assert reader.get(f"{API}/audits?state=draft").json["audits"] == []


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=x", "state=lost", "after=1", "month=%00"]
)
def test_a_query_that_cannot_be_understood_is_told(client, session, query):
    answer = Reader(client, session, "admin").get(f"{API}/audits?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize("name", ["x", "A" * 64, "0" * 64])
def test_a_photo_that_nobody_sent_is_not_there(client, session, name):
    answer = Reader(client, session, "admin").get(f"{API}/evidence/{name}")
    assert answer.status_code == 404
