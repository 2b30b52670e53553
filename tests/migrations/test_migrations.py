"""Migrations lead to the tables of the code, and back, on both databases."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import (
    JSON,
    DateTime,
    Uuid,
    column,
    create_engine,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from auditapp.extensions import db
from auditapp.factory import ROOT, create_app
from auditapp.store.notifications import NewsSendingRow, NewsWayRow
from auditapp.store.tables import metadata
from auditapp.store.work_cards import WorkCardRow
from conftest import make_settings

MIGRATIONS = str(ROOT / "migrations")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


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


PERSON = {
    "role": "region_manager",
    "name_zh": "经理",
    "name_en": "Manager",
    "code": "C-1",
    "region_ids": ["north"],
    "is_read_only": False,
    "is_active": True,
    "password_hash": "x",
}
NAMES = {"name_zh": "北", "name_en": "North"}
CITY = {"traits_add": [], "traits_remove": []}
HALL = {
    "tier": "standard",
    "traits_add": [],
    "traits_remove": [],
    "latitude": 38.8,
    "longitude": 115.4,
    "radius_metres": 200,
    "hours": "08:30-18:00",
    "counters": 4,
    "area_m2": 120,
    "staff": 8,
    "customers_per_day": 90,
    "is_active": True,
}
TYPES = {UUID: Uuid(), dict: JSON(), list: JSON(), datetime: DateTime(timezone=True)}


def add(connection, name, **values):
    """Write a row of a table as it was then."""
    columns = [column(key, TYPES.get(type(value))) for key, value in values.items()]
    connection.execute(table(name, *columns).insert().values(**values))


@pytest.mark.usefixtures("empty_app")
def test_who_chose_mail_before_there_were_several_ways_still_gets_what_waits():
    upgrade(MIGRATIONS, revision="0020")
    person, waiting, gone, early = (uuid4() for _number in range(4))
    told = [
        (waiting, 1, NEW_YEAR + timedelta(days=1), None),
        (gone, 2, NEW_YEAR + timedelta(days=1), NEW_YEAR + timedelta(days=2)),
        (early, 3, NEW_YEAR - timedelta(days=1), None),
    ]
    with db.engine.begin() as connection:
        write = partial(add, connection)
        write("people", person_id=person, login="rm", **PERSON)
        for notification_id, number, created_at, emailed_at in told:
            write(
                "notifications",
                notification_id=notification_id,
                person_id=person,
                event_id=number,
                kind="month_closed",
                facts={},
                created_at=created_at,
                emailed_at=emailed_at,
            )
        chosen = {"email": "rm@x.example", "groups": ["results"], "since": NEW_YEAR}
        write("news_choices", person_id=person, **chosen)

    upgrade(MIGRATIONS, revision="0021")

    with Session(db.engine) as session:
        (way,) = session.scalars(select(NewsWayRow))
        assert (way.kind, way.address, way.groups) == (
            "email",
            "rm@x.example",
            ["results"],
        )
        sendings = session.scalars(select(NewsSendingRow.notification_id)).all()
        assert sendings == [waiting]
    downgrade(MIGRATIONS, revision="0020")
    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT email FROM news_choices")).scalars()
        assert kept.all() == ["rm@x.example"]
    upgrade(MIGRATIONS)


@pytest.mark.usefixtures("empty_app")
def test_cards_that_halls_have_read_hold_after_there_are_trials():
    upgrade(MIGRATIONS, revision="0022")
    person, card = uuid4(), uuid4()
    with db.engine.begin() as connection:
        write = partial(add, connection)
        write("people", person_id=person, login="hq", **PERSON)
        write("regions", region_id="north", traits=[], **NAMES)
        write("cities", city_id="bd", region_id="north", **CITY, **NAMES)
        write("halls", hall_id="BD01", city_id="bd", **HALL, **NAMES)
        write(
            "work_cards",
            card_id=card,
            scenario="plan_change",
            number=1,
            title="换套餐",
            steps=[],
            change="",
            published_by=person,
            published_at=NEW_YEAR,
        )
        write(
            "card_readings",
            card_id=card,
            hall_id="BD01",
            read_by=person,
            read_at=NEW_YEAR,
        )

    upgrade(MIGRATIONS)

    with Session(db.engine) as session:
        assert session.scalars(select(WorkCardRow.state)).all() == ["holds"]
    downgrade(MIGRATIONS, revision="0022")
    with db.engine.connect() as connection:
        read = connection.execute(text("SELECT hall_id FROM card_readings")).scalars()
        assert read.all() == ["BD01"]
    upgrade(MIGRATIONS)


@pytest.mark.parametrize("empty_app", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("empty_app")
def test_while_tables_are_rebuilt_sqlite_does_not_mind_and_afterwards_it_does():
    seen = []
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.set_trace_callback(seen.append)
        connection.rollback()
    upgrade(MIGRATIONS)
    words = [each for each in seen if "foreign_keys" in each or "CREATE TABLE" in each]
    assert words[0] == "PRAGMA foreign_keys=OFF"
    assert words[-1] == "PRAGMA foreign_keys=ON"
    with db.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
