"""What one request of the wire may cost: statements, commits, memory, bytes."""

import tracemalloc
from contextlib import contextmanager
from io import BytesIO

import pytest
from sqlalchemy import event

from auditapp.extensions import db
from factories import make_document, make_person, make_photo, make_visit
from field_phone import WIRE, Phone

pytestmark = pytest.mark.perf

MEGABYTE = 1024 * 1024


@contextmanager
def statements(app):
    """Collect every statement and commit that reaches the database."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    def note_commit(_connection):
        seen.append("COMMIT")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", note_commit)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "commit", note_commit)


@pytest.fixture
def phone(client, session):
    phone = Phone(client, session, make_person(session))
    assert phone.get("/bundle").status_code == 200  # the token is known from now on
    return phone


def counted(seen):
    """Leave out what opens a transaction, and the locks that SQLite does not need."""
    return [s for s in seen if not s.startswith(("BEGIN", "SELECT pg_advisory"))]


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
