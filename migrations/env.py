"""How migrations run: inside the application, on the engine of its settings."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

migrate = current_app.extensions["migrate"]
db = migrate.db


def tell_sqlite(connection: Connection, words: str) -> None:
    """Say something outside of any transaction: inside one SQLite does not listen."""
    driver = connection.connection.driver_connection
    if driver.in_transaction:
        msg = "a transaction is open before migrations run"
        raise RuntimeError(msg)
    driver.execute(words)


def run_online() -> None:
    """Run every step in one transaction where the database can."""
    engine = db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            # batch steps rebuild tables, which foreign keys would forbid half-way
            tell_sqlite(connection, "PRAGMA foreign_keys=OFF")
        else:
            # two starts at once migrate one after the other
            connection.execute(text("SELECT pg_advisory_lock(7103)"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=False,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_sqlite:
            tell_sqlite(connection, "PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    msg = "Migrations run online only: flask db upgrade"
    raise SystemExit(msg)
run_online()
