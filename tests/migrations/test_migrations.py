"""Migrations lead to the tables of the code, and back, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text

from auditapp.extensions import db
from auditapp.factory import ROOT, create_app
from auditapp.store.tables import metadata
from conftest import make_settings

MIGRATIONS = str(ROOT / "migrations")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request, tmp_path):
    """Return an application on a database without any table."""
    url = f"sqlite:///{tmp_path}/empty.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
        engine.dispose()
    app = create_app(make_settings(tmp_path, database_url=url))
    with app.app_context():
        yield app
        if request.param == "postgresql":
            metadata.drop_all(db.engine)
            with db.engine.begin() as connection:
                connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
            metadata.create_all(db.engine)  # as the other tests expect it
        db.engine.dispose()


@pytest.mark.usefixtures("empty_app")
def test_head_equals_the_models():
    upgrade(MIGRATIONS)

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.usefixtures("empty_app")
def test_up_down_up_leaves_nothing_behind():
    upgrade(MIGRATIONS)
    downgrade(MIGRATIONS, revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}

    upgrade(MIGRATIONS)
    assert set(inspect(db.engine).get_table_names()) > set(metadata.tables)


def test_migrations_form_one_line_and_import_nothing_of_ours():
    scripts = ScriptDirectory(MIGRATIONS)

    assert len(scripts.get_heads()) == 1
    for path in (ROOT / "migrations/versions").glob("*.py"):
        assert "auditapp" not in path.read_text()


def test_a_what_if_of_before_gets_the_keys_that_are_read_now():
    revision = ScriptDirectory(MIGRATIONS).get_revision("0007")
    month = {"audits": 3, "moved_milli": {"ext_open": 5}}
    tried = {"audits": 3, "moved_milli": {"ext_open": 5}, "alone": 3}
    nothing = {"alone": 0, "moved_milli": {}, "together_milli": 0}
    completed = revision.module.completed
    assert completed({"months": {"2026-10": month, "2026-11": tried}}) == {
        "months": {"2026-10": {"audits": 3, **nothing}, "2026-11": tried}
    }
    done = completed({"months": {}, "hall_months": 3, "moved_milli": {"ext_open": 5}})
    assert done == {"months": {}, "hall_months": 3, "validity": None, **nothing}
    assert completed(done) == done
