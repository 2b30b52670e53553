"""Counting what reaches the database."""

from contextlib import contextmanager

from sqlalchemy import event

from auditapp.extensions import db


@contextmanager
def statements(app):
    """Collect every statement and commit of an app that reaches its database."""
    with app.app_context():
        engine = db.engine
    with statements_on(engine) as seen:
        yield seen


@contextmanager
def statements_on(engine):
    """Collect every statement and commit that passes an engine."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    def note_commit(_connection):
        seen.append("COMMIT")

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", note_commit)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", note_commit)


def counted(seen):
    """Leave out what opens a transaction, and the locks that SQLite does not need."""
    return [s for s in seen if not s.startswith(("BEGIN", "SELECT pg_advisory"))]
