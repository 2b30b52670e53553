"""The fixtures everyone needs. Anything more local lives nearer its tests.

No application context stays open around a request: Flask would reuse it, the view would
share the test's session, and a forgotten commit would go unnoticed.

Tests that use ``app`` run on SQLite and on PostgreSQL. ``TEST_POSTGRESQL_URL`` names a
server whose user may create databases (``script/test`` starts one of its own).
"""

import os
import shutil
from pathlib import Path
from secrets import token_hex

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from auditapp.extensions import db
from auditapp.factory import create_app
from auditapp.settings import Settings
from auditapp.store.tables import metadata

# a busy machine is no fault of the code: tests never assert seconds
settings.register_profile("house", deadline=None)
settings.load_profile("house")

POSTGRESQL_URL = os.environ.get("TEST_POSTGRESQL_URL", "")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """Return an empty SQLite database with all tables, to be copied per test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_url():
    """Return a PostgreSQL database of this test process alone, with all tables."""
    if not POSTGRESQL_URL:
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail("TEST_POSTGRESQL_URL is not set")
        pytest.skip("TEST_POSTGRESQL_URL is not set (script/test sets it)")
    name = f"test_{token_hex(6)}"
    server = create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.url.set(database=name).render_as_string(hide_password=False)
    engine = create_engine(url)
    metadata.create_all(engine)
    engine.dispose()
    yield url
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def empty_postgresql_url(postgresql_url):
    """Return the address of this process's PostgreSQL database, emptied."""
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        # TRUNCATE makes new files for every table, which costs more than most tests
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text("ALTER SEQUENCE events_event_id_seq RESTART"))
    engine.dispose()
    return postgresql_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """Return the address of an empty database, once per kind of database."""
    if request.param == "postgresql":
        return request.getfixturevalue("empty_postgresql_url")
    path = tmp_path / "test.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


def make_settings(data_dir, **changes):
    """Return the settings of a test installation in ``data_dir``."""
    values = {
        "data_dir": Path(data_dir),
        "database_url": f"sqlite:///{data_dir}/test.db",
        "storage_url": f"file://{data_dir}/photos",
        "queue_url": f"sqlite:///{data_dir}/queue.db",
        "secret_key": token_hex(32),
        "is_behind_https": False,
    }
    return Settings(**(values | changes))


@pytest.fixture
def app(tmp_path, database_url):
    app = create_app(make_settings(tmp_path, database_url=database_url))
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    app.extensions["pictures"].close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app):
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def client(app):
    return app.test_client()
