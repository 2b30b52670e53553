"""Whether the process lives and whether it can work are two questions."""

import shutil
import sqlite3
from hashlib import sha256

import pytest

from auditapp.extensions import db, queue
from auditapp.store import engine
from factories import make_document, make_person, make_photo, make_visit
from field_phone import Phone


def test_a_whole_installation_is_alive_and_ready(client):
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json == {
        "status": "ok",
        "database": "ok",
        "storage": "ok",
        "queue": "ok",
    }


def test_a_storage_that_is_away_is_named(client, data_dir):
    shutil.rmtree(data_dir / "photos")
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert (ready.json["storage"], ready.json["database"]) == ("failed", "ok")
    assert client.get("/healthz").status_code == 200


def test_a_queue_that_is_away_is_named(client, monkeypatch):
    def away():
        raise ConnectionError

    monkeypatch.setattr(queue, "is_reachable", away)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["queue"]) == (503, "failed")


@pytest.fixture
def impatient(app, monkeypatch):
    """Make the SQLite database busy and its users impatient."""
    if db_name(app) != "sqlite":
        pytest.skip("another database has no single writer")
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.05)
    with app.app_context():
        db.engine.dispose()
        path = db.engine.url.database
    busy = [p for p in engine.SQLITE_PRAGMAS if "busy" not in p]
    monkeypatch.setattr(engine, "SQLITE_PRAGMAS", (*busy, "PRAGMA busy_timeout=50"))
    other = sqlite3.connect(path, isolation_level=None)
    yield other
    other.close()


def db_name(app):
    with app.app_context():
        return db.engine.dialect.name


def test_a_busy_database_is_a_503_that_says_when_to_come_back(
    impatient, client, session
):
    phone = Phone(client, session, make_person(session))
    visit, photo = make_visit(session, phone.person), make_photo()
    impatient.execute("BEGIN IMMEDIATE")
    for answer in (phone.put_photo(photo), phone.put(make_document(visit))):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.content_type == "application/problem+json"
    impatient.execute("ROLLBACK")
    assert phone.put_photo(photo).status_code == 201
    assert phone.put(make_document(visit)).json["state"] == "complete"


def test_a_full_disk_is_a_507_and_nothing_is_promised(client, session, monkeypatch):
    phone, photo = Phone(client, session, make_person(session)), make_photo()

    def no_room(_handle):
        raise OSError(28, "no room")

    with monkeypatch.context() as full:
        full.setattr("auditapp.gateways.folder_storage.os.fsync", no_room)
        assert phone.put_photo(photo).status_code == 507
    assert phone.has_photo(photo) == 404
    assert phone.put_photo(photo).status_code == 201


def test_a_photo_whose_file_is_gone_is_sent_again(client, session, data_dir):
    phone, photo = Phone(client, session, make_person(session)), make_photo()
    phone.put_photo(photo)
    [path] = data_dir.rglob(sha256(photo).hexdigest())
    path.unlink()
    assert phone.put_photo(photo).status_code == 200
    assert path.read_bytes() == photo
