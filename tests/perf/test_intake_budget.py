"""What one request of the wire may cost: statements, commits, memory, bytes."""

import tracemalloc
from io import BytesIO

import pytest

from factories import make_document, make_person, make_photo, make_visit
from field_phone import WIRE, Phone
from statements import counted, statements

pytestmark = pytest.mark.perf

MEGABYTE = 1024 * 1024


@pytest.fixture
def phone(client, session):
    phone = Phone(client, session, make_person(session))
    assert phone.get("/bundle").status_code == 200  # the token is known from now on
    return phone


def test_a_photo_costs_four_statements_and_one_commit(app, phone):
    with statements(app) as seen:
        phone.put_photo(make_photo())
    assert len(counted(seen)) == 5
    assert seen.count("COMMIT") == 1


def test_a_photo_sent_again_costs_two_statements(app, phone):
    photo = make_photo()
    phone.put_photo(photo)
    with statements(app) as seen:
        phone.put_photo(photo)
    assert len(counted(seen)) == 3


def test_a_document_costs_the_same_with_four_photos_or_forty(app, phone, session):
    costs = []
    for count in (4, 40):
        visit = make_visit(session, phone.person)
        photos = [make_photo((count, n)) for n in range(count)]
        for photo in photos:
            phone.put_photo(photo)
        document = make_document(visit, photos)
        phone.get(f"/forms/{visit.form_digest}")
        with statements(app) as seen:
            assert phone.put(document).json["state"] == "complete"
        costs.append(len(counted(seen)))
        assert seen.count("COMMIT") == 1
    assert costs[0] == costs[1] <= 15


class Measured(BytesIO):
    """A body that remembers how much memory was in use while it was read."""

    peak = 0

    def read(self, size=-1):
        type(self).peak = max(type(self).peak, tracemalloc.get_traced_memory()[0])
        return super().read(size)


def test_a_large_photo_never_stands_in_memory(phone):
    content = b"\xff\xd8\xff\xe0" + bytes(12 * MEGABYTE - 4)
    from hashlib import sha256  # noqa: PLC0415

    name = sha256(content).hexdigest()
    body = Measured(content)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    answer = phone.client.put(
        f"{WIRE}/evidence/{name}",
        headers=phone.headers | {"Content-Type": "image/jpeg"},
        input_stream=body,
        environ_overrides={"CONTENT_LENGTH": str(len(content))},
    )
    tracemalloc.stop()
    assert answer.status_code == 201
    assert Measured.peak - before < MEGABYTE


def test_a_bundle_costs_the_same_for_one_visit_or_thirty(app, phone, session):
    costs = []
    for _ in range(2):
        with statements(app) as seen:
            phone.get("/bundle")
        costs.append(len(counted(seen)))
        for _ in range(15):
            make_visit(session, phone.person)
    assert costs[0] == costs[1] <= 2
