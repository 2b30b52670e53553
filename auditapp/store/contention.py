"""What keeps requests that arrive at the same moment from hurting each other."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table, text
from sqlalchemy.dialects import postgresql, sqlite

HOLD = text(
    "SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key"
)


def table_of(row_class: type[Any]) -> Table:
    """Return the bare table of a row class, for statements without ORM work."""
    table = row_class.__table__
    if not isinstance(table, Table):
        raise TypeError(row_class)
    return table


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Add a row unless its key is there already; tell whether it was added."""
    statement = _insert_new(connection.dialect.name, table)
    return connection.execute(statement, values).first() is not None


def hold_hashes(connection: Connection, hashes: Iterable[str]) -> None:
    """Let nobody else work on these SHA-256 hashes until the transaction ends.

    A photo and the document that names it may arrive in the same instant; without this
    neither transaction would see the other's rows, and the audit would wait for ever.
    Locks are taken in one order, so two documents never wait for each other. SQLite
    has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        keys = sorted({int(name[:16], 16) - 2**63 for name in hashes})
        connection.execute(HOLD, {"keys": keys})


@cache
def _insert_new(dialect_name: str, table: Table) -> Executable:
    key = table.primary_key.columns.values()
    if dialect_name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing().returning(*key)
    return postgresql.insert(table).on_conflict_do_nothing().returning(*key)
