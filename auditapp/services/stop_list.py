"""Who wants to be left alone: heard at once, remembered as long as it takes."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.services.events import record_event
from auditapp.store.contention import table_of
from auditapp.store.customers import CustomerRow

CUSTOMERS: Table = table_of(CustomerRow)


def stop_customers(
    session: Session, customers: Collection[UUID], *, now: datetime
) -> None:
    """Send these customers no more invitations, planned ones included."""
    if not customers:
        return
    stopped = session.scalars(
        update(CustomerRow)
        .where(
            CustomerRow.customer_id.in_(list(customers)),
            CustomerRow.stopped_at.is_(None),
        )
        .values(stopped_at=now)
        .returning(CustomerRow.customer_id)
        .execution_options(synchronize_session=False)
    ).all()
    for customer_id in stopped:
        record_event(session, "customer.stopped", customer_id, now=now)


def stop_strangers(session: Session, hashes: Collection[str], *, now: datetime) -> None:
    """Respect the wish of numbers we do not know yet, by their hashes alone."""
    rows = [
        {
            "customer_id": uuid4(),
            "phone_hash": name,
            "surname": "",
            "stopped_at": now,
            "erase_on": date.max,
            "erased_at": now,
        }
        for name in sorted(hashes)
    ]
    if rows:
        connection = session.connection()
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(CUSTOMERS).on_conflict_do_nothing(), rows)
