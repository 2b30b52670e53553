"""Taking finished transactions in: each once, its customer invited when rules allow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.domain.canonical import digest
from auditapp.domain.errors import Problem
from auditapp.domain.text import Text
from auditapp.domain.transaction import NewTransaction
from auditapp.gateways.personal_links import PersonalLinks
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.services.customers import find_or_add_customers
from auditapp.services.feedback_counts import count_up
from auditapp.services.invitations import Occasion, plan_invitations
from auditapp.store.contention import table_of
from auditapp.store.customers import TransactionRow
from auditapp.store.organisation import HallRow

TRANSACTIONS: Table = table_of(TransactionRow)
BATCH = 500  # below every database's limit of parameters
UNKNOWN_HALL = Text("没有这个营业厅。", "There is no such hall.")
CONFLICT = Text(
    "这个编号报过别的内容。已收到的不改；更正请用新编号。",
    "This id was reported with other content. What was taken stays; correct it under a"
    " new id.",
)


@dataclass(frozen=True, slots=True)
class Keys:
    """What the installation's secret is needed for here."""

    vault: PhoneVault
    links: PersonalLinks


@dataclass(slots=True)
class Intake:
    """What became of a batch; ``problems`` of the rows that were not taken."""

    problems: list[Problem]
    taken: int = 0
    repeated: int = 0

    @property
    def refused(self) -> int:
        """How many rows have a problem."""
        return len({problem.pointer.split("/")[2] for problem in self.problems})


def take_transactions(
    session: Session,
    keys: Keys,
    batch: Sequence[NewTransaction],
    problems: Sequence[Problem] = (),
    *,
    now: datetime,
) -> Intake:
    """Store new transactions and plan their invitations; set-based.

    ``problems`` are those of the rows that could not be read.
    """
    intake = Intake(list(problems))
    contents = {id(each): _content_of(keys.vault, each) for each in batch}
    known = _known_contents(session, {each.source_key for each in batch})
    halls = _known_halls(session, {each.hall_id for each in batch})
    new: dict[str, NewTransaction] = {}
    for each in batch:
        content = contents[id(each)]
        earlier = known.get(each.source_key)
        if earlier == content:
            intake.repeated += 1
        elif earlier is not None:
            problem = Problem(f"{each.pointer}/id", "conflict", CONFLICT)
            intake.problems.append(problem)
        elif each.hall_id not in halls:
            problem = Problem(f"{each.pointer}/hall", "unknown-hall", UNKNOWN_HALL)
            intake.problems.append(problem)
        else:
            new[content] = each
            known[each.source_key] = content
    stored = _store(session, keys, new, now)
    plan_invitations(session, keys.links, stored, now=now)
    intake.taken = len(stored)
    intake.repeated += len(new) - len(stored)
    counts = {
        "transaction.taken": intake.taken,
        "transaction.repeated": intake.repeated,
        "transaction.refused": intake.refused,
    }
    count_up(session, counts, now=now)
    return intake


def _content_of(vault: PhoneVault, transaction: NewTransaction) -> str:
    """Return the digest that tells a repetition from a conflict.

    The number goes in by its keyed hash: a plain digest of eleven digits is found by
    trying them all.
    """
    return digest(
        [
            transaction.source_key,
            transaction.hall_id,
            transaction.business,
            transaction.finished_at.isoformat(),
            vault.hash_of(transaction.number),
            transaction.surname,
            transaction.language,
        ]
    )


def _known_contents(session: Session, keys: set[str]) -> dict[str, str]:
    known: dict[str, str] = {}
    for part in _parts(sorted(keys)):
        rows = session.execute(
            select(TransactionRow.source_key, TransactionRow.content_sha256).where(
                TransactionRow.source_key.in_(part)
            )
        )
        known |= {row.source_key: row.content_sha256 for row in rows}
    return known


def _known_halls(session: Session, halls: set[str]) -> set[str]:
    return {
        hall_id
        for part in _parts(sorted(halls))
        for hall_id in session.scalars(
            select(HallRow.hall_id).where(HallRow.hall_id.in_(part))
        )
    }


def _store(
    session: Session, keys: Keys, new: dict[str, NewTransaction], now: datetime
) -> list[Occasion]:
    """Add transactions, by their content; return those nobody else added meanwhile."""
    customers = find_or_add_customers(
        session,
        keys.vault,
        [(each.number, each.surname) for each in new.values()],
        now=now,
    )
    ids = {content: uuid4() for content in new}
    rows = [
        _row(ids[content], content, each, customers[each.number], now)
        for content, each in new.items()
    ]
    added = set(_insert(session, rows))
    return [
        Occasion(
            transaction_id=ids[content],
            customer_id=customers[each.number],
            hall_id=each.hall_id,
            month=each.month,
            business=each.business,
            finished_at=each.finished_at,
        )
        for content, each in new.items()
        if each.source_key in added
    ]


def _row(
    transaction_id: UUID,
    content: str,
    transaction: NewTransaction,
    customer_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    return {
        "transaction_id": transaction_id,
        "source_key": transaction.source_key,
        "content_sha256": content,
        "hall_id": transaction.hall_id,
        "month": transaction.month,
        "happened_on": transaction.happened_on,
        "finished_at": transaction.finished_at,
        "business": transaction.business,
        "customer_id": customer_id,
        "language": transaction.language,
        "received_at": now,
    }


def _insert(session: Session, rows: Sequence[dict[str, Any]]) -> Iterable[str]:
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for part in _parts(rows):
        statement = dialect.insert(TRANSACTIONS).values(part)
        yield from connection.scalars(
            statement.on_conflict_do_nothing(index_elements=["source_key"]).returning(
                TRANSACTIONS.c.source_key
            )
        )


def _parts(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
