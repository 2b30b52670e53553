"""Customers' part of a hall's ledger: rolled up as it arrived, or counted again."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from auditapp.domain.attribution import CAUSES
from auditapp.domain.canonical import canonical_json
from auditapp.domain.month_ledger import CustomerInput
from auditapp.reads.checklist_items import Catalogue
from auditapp.store.responses import ResponseRow, TallyRow

Customers = dict[str, dict[str, CustomerInput]]  # by hall and source
BATCH = 5000


def tallied_customers(
    session: Session, month: str, hall_ids: Collection[str], catalogue: Catalogue
) -> Customers:
    """Return what the tallies say; without digests, which only a ledger needs."""
    rows = session.execute(
        select(TallyRow).where(
            TallyRow.month == month,
            TallyRow.hall_id.in_(sorted(hall_ids)),
            TallyRow.responses > 0,
        )
    ).scalars()
    found: Customers = defaultdict(dict)
    for row in rows:
        found[row.hall_id][row.source] = CustomerInput(
            n=row.responses,
            total_milli=row.total_milli,
            lost=row.lost,
            tagged={cause: getattr(row, cause) for cause in CAUSES},
            digest="",
            tags=_tags(catalogue, row.source),
        )
    return found


def counted_customers(
    session: Session,
    month: str,
    hall_ids: Collection[str],
    catalogue: Catalogue,
    received_until: datetime,
) -> Customers:
    """Count the responses themselves, those received up to an instant."""
    statement = (
        select(
            ResponseRow.hall_id,
            ResponseRow.source,
            ResponseRow.response_id,
            ResponseRow.score_milli,
            ResponseRow.lost,
            ResponseRow.cause,
        )
        .where(
            ResponseRow.month == month,
            ResponseRow.hall_id.in_(sorted(hall_ids)),
            ResponseRow.received_at <= received_until,
        )
        .order_by(ResponseRow.hall_id, ResponseRow.source, ResponseRow.response_id)
    )
    rows = session.execute(statement.execution_options(yield_per=BATCH))
    found: Customers = defaultdict(dict)
    for (hall_id, source), group in groupby(rows, key=lambda row: (row[0], row[1])):
        found[hall_id][source] = _count(group, _tags(catalogue, source))
    return found


@dataclass(slots=True)
class _Count:
    """Responses being counted."""

    pairs: list[list[Any]] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    tagged: Counter[str] = field(default_factory=Counter)


def _count(
    rows: Iterator[Row[*tuple[Any, ...]]], tags: Mapping[str, Mapping[str, Any]]
) -> CustomerInput:
    count = _Count()
    for row in rows:
        count.pairs.append([str(row.response_id), row.score_milli])
        for item, lost_milli in row.lost.items():
            count.lost[item] += lost_milli
        if row.cause in CAUSES:
            count.tagged[row.cause] += 1
    count.pairs.sort()  # databases order ids in their own ways
    return CustomerInput(
        n=len(count.pairs),
        total_milli=sum(score for _id, score in count.pairs),
        lost=dict(count.lost),
        tagged=dict(count.tagged),
        digest=sha256(canonical_json(count.pairs)).hexdigest(),
        tags=tags,
        squares_milli=sum(score**2 for _id, score in count.pairs),
    )


def _tags(catalogue: Catalogue, source: str) -> Mapping[str, Mapping[str, Any]]:
    items = catalogue.by_source.get(source, {})
    return {item: facts.tags for item, facts in items.items()}
