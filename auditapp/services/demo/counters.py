"""What happened at the counters: customers, their business, who was asked by text."""

import random
from collections import Counter as Counts
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from auditapp.domain.month import at_hall, first_day, later, local_date
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.services.customers import KEPT_DAYS
from auditapp.services.demo.voices import Voice
from auditapp.services.feedback_counts import count_up
from auditapp.services.responses import NewResponse, roll_up
from auditapp.store.base import Base
from auditapp.store.calls import CallbackRow, CallTryRow, ComplaintRow
from auditapp.store.contention import table_of
from auditapp.store.customers import CustomerRow, TransactionRow
from auditapp.store.messages import InvitationRow, MessageRow
from auditapp.store.responses import ResponseRow

# Fictional numbers, blocks of ten thousand for each month
BLOCKS = (
    ("134",),
    ("135",),
    ("136",),
    ("137",),
    ("139", "150", "151"),
    ("138", "157", "158"),
)
BLOCK = 10_000
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗"
OPENS, CLOSES = 9, 17  # when business is finished
REPORTED_AFTER = timedelta(minutes=2)
# Why nobody was asked about a transaction, and what else its report brought
NOT_ASKED = {
    "invitation.resting": 90,
    "invitation.stopped": 6,
    "invitation.too_late": 4,
}
ALSO_REPORTED = {"": 985, "transaction.repeated": 12, "transaction.refused": 3}
Row = dict[str, Any]

# Parents before children
TABLES: tuple[type[Base], ...] = (
    CustomerRow,
    TransactionRow,
    ResponseRow,
    InvitationRow,
    MessageRow,
    CallbackRow,
    CallTryRow,
    ComplaintRow,
)


@dataclass(slots=True)
class Records:
    """Rows by table, kept back until they are stored in bulk, and each day's counts.

    Nothing was counted before ``counted_since``.
    """

    counted_since: date
    rows: dict[type[Base], list[Row]] = field(
        default_factory=lambda: {table: [] for table in TABLES}
    )
    responses: list[NewResponse] = field(default_factory=list)
    counts: dict[date, Counts[str]] = field(default_factory=lambda: defaultdict(Counts))

    def add(self, table: type[Base], **row: Any) -> Row:  # noqa: ANN401
        """Keep a row and return it."""
        self.rows[table].append(row)
        return row

    def count(self, kind: str, at: datetime) -> None:
        """Count what happened at an instant, such as ``reply.late``."""
        day = local_date(at)
        if day >= self.counted_since:
            self.counts[day][kind] += 1

    def store(self, session: Session) -> None:
        """Write everything and add up the responses."""
        for table in TABLES:
            if self.rows[table]:
                session.connection().execute(insert(table_of(table)), self.rows[table])
        roll_up(session, self.responses)
        for day, counts in self.counts.items():
            count_up(session, counts, now=at_hall(day, OPENS))


@dataclass(frozen=True, slots=True)
class Heard:
    """How a customer's answers came to us, and what they are about."""

    source: str
    origin: str
    key: str
    version: str
    at: datetime
    happened_on: date
    business: str
    customer_id: UUID | None = None


@dataclass(slots=True)
class Counter:
    """The counters of one hall in one month; ``first_number`` of its customers."""

    records: Records
    vault: PhoneVault
    hall_id: str
    month: str
    days: int  # that are over
    blocks: Sequence[str]
    first_number: int
    businesses: Mapping[str, int]
    now: datetime
    chance: random.Random
    made: int = 0

    def new_id(self) -> UUID:
        """Return an id that depends on the seed alone."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def serve(
        self, finished_at: datetime | None = None, *, is_asked: bool = False
    ) -> Row:
        """Let a customer finish a business, and return the transaction.

        Nobody writes to its customer unless ``is_asked``.
        """
        customer = self._welcome()
        at = finished_at or self.some_time()
        name = f"DEMO-{self.month}-{customer.pop('number')}"
        transaction = self.records.add(
            TransactionRow,
            transaction_id=self.new_id(),
            source_key=name,
            content_sha256=sha256(name.encode()).hexdigest(),
            hall_id=self.hall_id,
            month=self.month,
            happened_on=local_date(at),
            finished_at=at,
            business=self.some_business(),
            customer_id=customer["customer_id"],
            language="zh",
            received_at=at + REPORTED_AFTER,
        )
        self._count(at + REPORTED_AFTER, is_asked=is_asked)
        customer["erase_on"] = local_date(at) + timedelta(days=KEPT_DAYS)
        return transaction | {"customer": customer}

    @property
    def over_at(self) -> datetime:
        """When the month was over."""
        return at_hall(first_day(later(self.month, 1)), OPENS)

    def one_of(self, shares: Mapping[str, int]) -> str:
        """Return one of the names, as often as its share says."""
        return self.chance.choices(list(shares), list(shares.values()))[0]

    def some_business(self) -> str:
        """Return what a customer came for."""
        return self.one_of(self.businesses)

    def some_time(self) -> datetime:
        """Return a moment of the month that is over."""
        day = first_day(self.month) + timedelta(days=self.chance.randrange(self.days))
        hour, minute = self.chance.randrange(OPENS, CLOSES), self.chance.randrange(60)
        return at_hall(day, hour, minute)

    def hear(self, voice: Voice, heard: Heard) -> UUID:
        """Keep a customer's answers as a response, and return its id."""
        response = NewResponse(
            source=heard.source,
            origin=heard.origin,
            origin_key=heard.key,
            hall_id=self.hall_id,
            month=self.month,
            happened_on=heard.happened_on,
            received_at=heard.at,
            business=heard.business,
            checklist_version=heard.version,
            score_milli=voice.score.score_milli,
            lost=voice.score.lost,
            cause=voice.score.cause,
            answers=voice.answers,
            words=voice.words,
            wants_call=voice.wants_call,
            customer_id=heard.customer_id,
        )
        self.records.responses.append(response)
        row = self.records.add(
            ResponseRow,
            response_id=self.new_id(),
            **{name: getattr(response, name) for name in NewResponse.__slots__},
        )
        return UUID(int=row["response_id"].int)

    def _welcome(self) -> Row:
        block, number = divmod(self.first_number + self.made, BLOCK)
        self.made += 1
        written = f"+86{self.blocks[block]}0000{number:04d}"
        return self.records.add(
            CustomerRow,
            customer_id=self.new_id(),
            number=written[3:],
            phone_hash=self.vault.hash_of(written),
            phone_sealed=self.vault.seal(written),
            surname=self.chance.choice(SURNAMES),
            stopped_at=None,
            refused_at=None,
            last_invited_at=None,
            last_called_at=None,
        )

    def _count(self, at: datetime, *, is_asked: bool) -> None:
        """Count a reported transaction, and why nobody is asked about it."""
        if local_date(at) < self.records.counted_since:
            return
        self.records.count("transaction.taken", at)
        if not is_asked:
            self.records.count(self.one_of(NOT_ASKED), at)
        also = self.one_of(ALSO_REPORTED)
        if also:
            self.records.count(also, at)
