"""Flask-bound singletons, and the one place where a transaction ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from auditapp.gateways.job_queue import JobQueue
from auditapp.store.base import render_column_type
from auditapp.store.tables import metadata

db = SQLAlchemy(metadata=metadata)
migrate = Migrate(directory="migrations", render_item=render_column_type)
csrf = CSRFProtect()
babel = Babel()
queue = JobQueue()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Commit when the block ends well, roll back when it raises.

    Jobs that services asked for were written in the same transaction; the worker is
    woken only after the commit. A wake-up that is lost costs seconds, never the job:
    the sweeper finds the row.
    """
    with Session(db.engine, expire_on_commit=False) as session:
        session.connection(execution_options={"sqlite_immediate": True})
        yield session
        session.commit()
        has_jobs = session.info.pop("jobs", None)
    if has_jobs:
        queue.wake()


@contextmanager
def reading() -> Iterator[Session]:
    """Lend a session that only reads; it never waits for a writer."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session
