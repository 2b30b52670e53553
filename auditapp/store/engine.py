"""How a connection must behave so that what was acknowledged is on the disk."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

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

PATIENCE_SECONDS = 15


class WriteTurn:
    """A queue for SQLite's one writer, across threads and processes.

    SQLite lets those who wait sleep and try again, longer each time: under load some
    wait a hundred times the median. A kernel lock wakes the next one at once, and is
    freed when its holder is killed. ``None`` as path: a database with its own queue.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._threads = Lock()  # one of each process waits for the file

    @property
    def has_queue(self) -> bool:
        """Tell whether writers have to wait for each other here."""
        return self._path is not None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the turn and hold it.

        Raises:
            TimeoutError: Somebody else has held it for too long.
        """
        if self._path is None:
            yield
            return
        if not self._threads.acquire(timeout=PATIENCE_SECONDS):
            raise TimeoutError
        try:
            with self._path.open("ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
                yield
        finally:
            self._threads.release()


def write_turn(engine: Engine) -> WriteTurn:
    """Return the queue of those who want to write to this database."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        return WriteTurn(None)
    return WriteTurn(Path(f"{path}-turn"))


def make_durable(engine: Engine) -> None:
    """Set up every new connection of ``engine``; PostgreSQL is durable by default."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
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
