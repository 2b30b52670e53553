"""How a connection must behave so that what was acknowledged is on the disk."""

import sqlite3

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

# WAL lets readers work beside the writer; FULL syncs the log at every commit, so a
# power cut loses nothing that was answered (NORMAL may). Source: sqlite.org/pragma.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
)


def make_durable(engine: Engine) -> None:
    """Set up every new connection of ``engine``; PostgreSQL is durable by default."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)


def _prepare_sqlite(
    connection: DBAPIConnection, _record: ConnectionPoolEntry
) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # we say BEGIN ourselves, see below
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the write lock first where a write is meant.

    A deferred transaction that has read before another one wrote fails at once with
    "database is locked", whatever the timeout. Units of work therefore ask for
    ``sqlite_immediate`` in their execution options; readers never wait for a writer.
    """
    is_write = connection.get_execution_options().get("sqlite_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
