"""Customers: found or added by number, asked no more when they say so, erased."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import local_date
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.services.events import record_event
from auditapp.store.contention import table_of
from auditapp.store.customers import CustomerRow

CUSTOMERS: Table = table_of(CustomerRow)
BATCH = 500  # below every database's limit of parameters
KEPT_DAYS = 180  # retention: six months after a customer was last heard of


def find_or_add_customers(
    session: Session,
    vault: PhoneVault,
    numbers: Iterable[tuple[str, str]],
    *,
    now: datetime,
) -> dict[str, UUID]:
    """Return the customer of each number (``+86…``); pairs are number and surname.

    A number that is seen again is kept longer; set-based, two statements a batch.
    """
    surnames = dict(numbers)
    hashes = {vault.hash_of(number): number for number in surnames}
    erase_on = local_date(now) + timedelta(days=KEPT_DAYS)
    found: dict[str, UUID] = {}
    for batch in _batches(sorted(hashes)):
        _add_missing(session, vault, batch, hashes, surnames, erase_on)
        session.execute(
            update(CustomerRow)
            .where(
                CustomerRow.phone_hash.in_(batch),
                CustomerRow.phone_sealed.is_not(None),
                CustomerRow.erase_on < erase_on,
            )
            .values(erase_on=erase_on)
            .execution_options(synchronize_session=False)
        )
        rows = session.execute(
            select(CustomerRow.phone_hash, CustomerRow.customer_id).where(
                CustomerRow.phone_hash.in_(batch)
            )
        )
        found |= {hashes[row.phone_hash]: row.customer_id for row in rows}
    return found


def reveal_number(
    session: Session,
    vault: PhoneVault,
    actor: Actor,
    customer_id: UUID,
    *,
    purpose: str,
    now: datetime,
) -> str:
    """Return a customer's number for dialling, and write down who saw it.

    The caller has made sure that this person may call this customer.

    Raises:
        NotFoundError: The number was erased.
    """
    sealed = session.scalar(
        select(CustomerRow.phone_sealed).where(CustomerRow.customer_id == customer_id)
    )
    if sealed is None:
        raise NotFoundError
    record_event(
        session,
        "customer.number_revealed",
        customer_id,
        now=now,
        actor_id=actor.person_id,
        purpose=purpose,
    )
    return vault.unseal(sealed)


def erase_old_numbers(session: Session, *, today: date, now: datetime) -> int:
    """Erase the numbers whose retention has ended; return how many they were.

    Of a customer who wants to be left alone the hash stays: without it the next
    transaction would invite that person again.
    """
    due = (CustomerRow.erase_on <= today) & CustomerRow.erased_at.is_(None)
    wants_rest = or_(
        CustomerRow.stopped_at.is_not(None), CustomerRow.refused_at.is_not(None)
    )
    gone = {"phone_sealed": None, "surname": "", "erased_at": now}
    kept = session.execute(update(CustomerRow).where(due, wants_rest).values(gone))
    rest = session.execute(
        update(CustomerRow).where(due).values({**gone, "phone_hash": None})
    )
    count = int(kept.rowcount) + int(rest.rowcount)  # type: ignore[attr-defined]
    if count:
        record_event(session, "customers.erased", str(today), now=now, count=count)
    return count


def _add_missing(
    session: Session,
    vault: PhoneVault,
    batch: Sequence[str],
    hashes: dict[str, str],
    surnames: dict[str, str],
    erase_on: date,
) -> None:
    known = {
        row.phone_hash: row.phone_sealed is not None
        for row in session.execute(
            select(CustomerRow.phone_hash, CustomerRow.phone_sealed).where(
                CustomerRow.phone_hash.in_(batch)
            )
        )
    }
    new = [
        {
            "customer_id": uuid4(),
            "phone_hash": name,
            "phone_sealed": vault.seal(hashes[name]),
            "surname": surnames[hashes[name]],
            "erase_on": erase_on,
        }
        for name in batch
        if name not in known
    ]
    if new:
        dialect = session.connection().dialect.name
        kind = sqlite if dialect == "sqlite" else postgresql
        statement = kind.insert(CUSTOMERS).on_conflict_do_nothing()
        session.execute(statement, new)
    again = [
        {
            "key": name,
            "sealed": vault.seal(hashes[name]),
            "last_name": surnames[hashes[name]],
            "until": erase_on,
        }
        for name, is_readable in known.items()
        if not is_readable  # erased, remembered only by its wish to be left alone
    ]
    if again:
        session.connection().execute(
            update(CUSTOMERS)
            .where(CUSTOMERS.c.phone_hash == bindparam("key"))
            .values(
                phone_sealed=bindparam("sealed"),
                surname=bindparam("last_name"),
                erase_on=bindparam("until"),
                erased_at=None,
            ),
            again,
        )


def _batches(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[start : start + BATCH] for start in range(0, len(names), BATCH))
