"""How migrations run: inside the application, on the engine of its settings."""

from alembic import context
from flask import current_app
from sqlalchemy import text

migrate = current_app.extensions["migrate"]
db = migrate.db


def run_online() -> None:
    """Run every step in one transaction where the database can."""
    engine = db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # batch steps rebuild tables, which foreign keys would forbid half-way
            connection.execute(text("PRAGMA foreign_keys=OFF"))
            connection.rollback()
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


if context.is_offline_mode():
    msg = "Migrations run online only: flask db upgrade"
    raise SystemExit(msg)
run_online()
