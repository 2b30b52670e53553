"""Flask-bound singletons, and the one place where a transaction ends."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import current_app
from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from auditapp.domain.errors import FullError, UnavailableError
from auditapp.gateways.job_queue import JobQueue
from auditapp.store.base import render_column_type
from auditapp.store.engine import WriteTurn
from auditapp.store.people import PersonRow
from auditapp.store.tables import metadata

db = SQLAlchemy(metadata=metadata)
migrate = Migrate(directory="migrations", render_item=render_column_type)
csrf = CSRFProtect()
babel = Babel()
queue = JobQueue()

T = TypeVar("T")
DISK_IS_FULL = ("database or disk is full", "No space left on device")


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Commit when the block ends well, roll back when it raises.

    Jobs that services asked for were written in the same transaction; the worker is
    woken only after the commit. A wake-up that is lost costs seconds, never the job:
    the sweeper finds the row.

    Raises:
        UnavailableError: The database is busy or away.
        FullError: Its disk is full.
    """
    turn: WriteTurn = current_app.extensions["write_turn"]
    with told(), turn.held(), Session(db.engine, expire_on_commit=False) as session:
        session.connection(execution_options={"sqlite_immediate": True})
        yield session
        session.commit()
        has_jobs = session.info.pop("jobs", None)
    if has_jobs:
        queue.wake()


@dataclass(slots=True)
class _Piece(Generic[T]):
    """One request's writing, done by whoever holds the turn."""

    work: Callable[[Session], T]
    outcome: T | Exception | None = None
    is_done: bool = False


class SharedCommits:
    """Lets requests that wait for SQLite's one writer share a transaction.

    A commit costs an fsync, however much it holds. Whoever gets the turn does the work
    of all who wait, and commits once; each is answered after that commit. When one
    piece fails, all are done again one by one, so nobody fails for another.
    PostgreSQL has many writers and shares commits by itself.
    """

    def __init__(self, *, is_shared: bool) -> None:
        self._is_shared = is_shared
        self._turn = Lock()
        self._waiting: deque[_Piece[Any]] = deque()

    def do(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in a transaction and return its result after the commit."""
        if not self._is_shared:
            with unit_of_work() as session:
                return work(session)
        piece = _Piece(work)
        self._waiting.append(piece)
        with self._turn:
            if not piece.is_done:
                count = len(self._waiting)
                self._do_all([self._waiting.popleft() for _ in range(count)])
        if isinstance(piece.outcome, Exception):
            raise piece.outcome
        return piece.outcome  # type: ignore[return-value]

    def _do_all(self, pieces: list[_Piece[Any]]) -> None:
        try:
            with unit_of_work() as session:
                outcomes = [piece.work(session) for piece in pieces]
        except (UnavailableError, FullError) as error:
            outcomes = [error] * len(pieces)
        except Exception as error:  # noqa: BLE001 (raised again where it belongs)
            outcomes = [error] if len(pieces) == 1 else [_alone(p) for p in pieces]
        for piece, outcome in zip(pieces, outcomes, strict=True):
            piece.outcome, piece.is_done = outcome, True


def _alone(piece: _Piece[Any]) -> object:
    try:
        with unit_of_work() as session:
            return piece.work(session)
    except Exception as error:  # noqa: BLE001 (raised again where it belongs)
        return error


def write_together(work: Callable[[Session], T]) -> T:
    """Run a short piece of writing that many requests do at the same moment.

    Raises:
        UnavailableError: The database is busy or away.
        FullError: Its disk is full.
    """
    commits: SharedCommits = current_app.extensions["shared_commits"]
    return commits.do(work)


@contextmanager
def reading() -> Iterator[Session]:
    """Lend a session that only reads; it never waits for a writer.

    Raises:
        UnavailableError: The database is busy or away.
    """
    with told(), Session(db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def snapshot() -> Iterator[Session]:
    """Lend a session whose reads all see one moment, however long they take.

    Raises:
        UnavailableError: The database is busy or away.
    """
    with reading() as session:
        if db.engine.dialect.name == "postgresql":  # SQLite's reads always do
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def check_database() -> None:
    """Raise ``UnavailableError`` unless the database answers and has our tables."""
    with reading() as session:
        session.execute(select(PersonRow.person_id).limit(1))


@contextmanager
def told() -> Iterator[None]:
    """Turn what a database says when it cannot work into our own errors."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        is_full = any(word in str(error.orig) for word in DISK_IS_FULL)
        raise (FullError if is_full else UnavailableError) from error
    except (
        TimeoutError,
        PoolTimeoutError,
    ) as error:  # no connection, or no turn to write, in time
        raise UnavailableError from error
