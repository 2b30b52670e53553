"""Flask-bound singletons, and the one place where a transaction ends."""

from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def reading() -> Iterator[Session]:
    """Lend a session that only reads; it never waits for a writer.

    Raises:
        UnavailableError: The database is busy or away.
    """
    with told(), Session(db.engine, expire_on_commit=False) as session:
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
