"""The fixtures everyone needs. Anything more local lives nearer its tests.

No application context stays open around a request: Flask would reuse it, the view would
share the test's session, and a forgotten commit would go unnoticed.

Tests that use ``app`` run on SQLite and on PostgreSQL. ``TEST_POSTGRESQL_URL`` names a
server whose user may create databases (``script/test`` starts one of its own).
"""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from auditapp.extensions import db, queue
from auditapp.factory import create_app
from auditapp.gateways.storage import open_storage
from auditapp.settings import Settings
from auditapp.store.tables import metadata
from auditapp.web.token_memory import TokenMemory

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
def sqlite_path(tmp_path_factory):
    """Return where the SQLite database of this test process alone lies."""
    return tmp_path_factory.mktemp("sqlite") / "test.db"


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


@pytest.fixture(scope="session")
def emptying():
    """Return what empties every table; TRUNCATE would make new files for each."""
    deleting = [str(table.delete()) for table in reversed(metadata.sorted_tables)]
    return ";".join([*deleting, "ALTER SEQUENCE events_event_id_seq RESTART"])


@pytest.fixture
def empty_postgresql_url(postgresql_url, emptying):
    """Return the address of this process's PostgreSQL database, emptied."""
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(emptying)
    engine.dispose()
    return postgresql_url


@pytest.fixture
def empty_sqlite_url(sqlite_template, sqlite_path):
    """Return the address of this process's SQLite database, made anew."""
    for name in sqlite_path.parent.glob(f"{sqlite_path.name}*"):  # its log as well
        name.unlink()
    shutil.copy(sqlite_template, sqlite_path)
    return f"sqlite:///{sqlite_path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """Return the address of an empty database, once per kind of database."""
    return request.getfixturevalue(f"empty_{request.param}_url")


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


@pytest.fixture(scope="session")
def apps():
    """Return the applications of this test process by the address of their database.

    Making one takes longer than most tests: it compiles a few hundred routes, then
    each template that is used. They are made once, and furnished for every test.
    """
    apps = {}
    yield apps
    for app in apps.values():
        app.extensions["pictures"].close()


@pytest.fixture
def app(apps, database_url, tmp_path_factory):
    """Return an application as a fresh start would make it, with an empty database."""
    if database_url not in apps:
        folder = tmp_path_factory.mktemp("data")
        apps[database_url] = create_app(
            make_settings(folder, database_url=database_url)
        )
    app = apps[database_url]
    with furnished(app):
        yield app


@contextmanager
def furnished(app):
    """Give an app what a fresh start gives it; take back what a test changed of it."""
    settings = app.config["SETTINGS"]
    config, parts = app.config.copy(), app.extensions.copy()
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["storage"] = open_storage(settings.storage_url)
    app.extensions["tokens"] = TokenMemory()
    app.extensions["webhook_secrets"] = parts["webhook_secrets"].copy()
    queue.connect(settings.queue_url, settings.secret_key)
    yield
    app.extensions |= parts
    app.config.update(config)
    with app.app_context():
        db.engine.dispose()
    for path in settings.data_dir.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture
def data_dir(app):
    """Return where the app keeps what is not in its database."""
    return app.config["SETTINGS"].data_dir


@pytest.fixture
def session(app):
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def client(app):
    return app.test_client()
