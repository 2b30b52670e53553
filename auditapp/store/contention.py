"""What keeps requests that arrive at the same moment from hurting each other."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import FromClause, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_HOLD = text(
    "SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) key"
)


def table_of(row_class: type[Any]) -> Table:
    """Return the bare table of a row class, for statements without ORM work."""
    table: FromClause = row_class.__table__
    if not isinstance(table, Table):
        raise TypeError(row_class)
    return table


def insert_new(session: Session, table: Table, values: Mapping[str, Any]) -> bool:
    """Add a row unless its key is there already; tell whether it was added."""
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).on_conflict_do_nothing()
    added = connection.execute(insert.returning(*table.primary_key), values)
    return added.first() is not None


def hold_hashes(session: Session, hashes: Iterable[str]) -> None:
    """Let nobody else work on these SHA-256 hashes until the transaction ends.

    A photo and the document that names it may arrive in the same instant; without this
    neither transaction would see the other's rows, and the audit would wait for ever.
    Locks are taken in one order, so two documents never wait for each other. SQLite
    has one writer at a time anyway.
    """
    connection = session.connection()
    keys = sorted({int(name[:16], 16) - 2**63 for name in hashes})
    if keys and connection.dialect.name == "postgresql":
        connection.execute(_HOLD, {"keys": keys})
