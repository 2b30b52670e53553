"""Drawing the customers who are called: every day, for all halls at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import Row, Table, exists, func, insert, select
from sqlalchemy.orm import Session

from auditapp.domain.call_script import CallSheet
from auditapp.domain.callback import FAILED, CallbackState
from auditapp.domain.callback_sampling import (
    Candidate,
    Draw,
    Stratum,
    Taken,
    draw_sample,
)
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import local_date
from auditapp.services.call_scripts import get_script_in_force
from auditapp.services.events import record_event
from auditapp.store.calls import CallbackRow
from auditapp.store.contention import hold_hashes, table_of
from auditapp.store.customers import CustomerRow, TransactionRow
from auditapp.store.organisation import HallRow
from auditapp.store.work import EventRow

CALLBACKS: Table = table_of(CallbackRow)
HALLS_AT_ONCE = 200
ONE_AT_A_TIME = sha256(b"callback.draw").hexdigest()
FAILED_STATES = [state.value for state in FAILED]


def draw_callbacks(
    session: Session, *, day: date, seed: str, now: datetime, again: bool = False
) -> int:
    """Draw the day's customers and return how many they are.

    A day is drawn once, however often this is asked for; ``again`` draws once more,
    within the same quotas, when transactions came late. ``seed`` is the installation's
    secret, so that nobody can tell beforehand who will be drawn.
    """
    hold_hashes(session.connection(), [ONE_AT_A_TIME])
    if not again and _was_drawn(session, day):
        return 0
    count, drawn = 0, set[UUID]()
    for month in _months_in_reach(session, day):
        script = get_script_in_force(session, month)
        draw = Draw(day, script.rules, seed=seed)
        for chosen in _chosen(session, draw, month, drawn):
            count += len(chosen)
            _keep(session, chosen, script, now)
    if count:
        record_event(session, "callback.drawn", day, now=now, count=count)
    return count


def _was_drawn(session: Session, day: date) -> bool:
    return bool(
        session.scalar(
            select(
                exists().where(
                    EventRow.subject == str(day), EventRow.name == "callback.drawn"
                )
            )
        )
    )


def _months_in_reach(session: Session, day: date) -> list[str]:
    """Return the months of the days whose customers may be called and have a script."""
    try:
        rules = get_script_in_force(session, f"{day:%Y-%m}").rules
    except NotFoundError:
        return []
    draw = Draw(day, rules)
    months = sorted({f"{end:%Y-%m}" for end in (draw.first_on, draw.last_on)})
    return [month for month in months if _has_script(session, month)]


def _has_script(session: Session, month: str) -> bool:
    try:
        get_script_in_force(session, month)
    except NotFoundError:
        return False
    return True


def _chosen(
    session: Session, draw: Draw, month: str, drawn: set[UUID]
) -> Iterator[list[Candidate]]:
    """Yield whom to call, some halls at a time, the halls in a random order."""
    taken = _taken(session, month)
    allowance = draw.allowance(month)
    halls = session.scalars(select(HallRow.hall_id).where(HallRow.is_active))
    open_halls = [
        hall
        for hall in sorted(halls, key=draw.lot)
        if allowance > taken.get((hall, month), Taken()).total
    ]
    for start in range(0, len(open_halls), HALLS_AT_ONCE):
        batch = open_halls[start : start + HALLS_AT_ONCE]
        yield draw_sample(draw, _candidates(session, draw, month, batch), taken, drawn)


def _taken(session: Session, month: str) -> dict[Stratum, Taken]:
    """Return what was drawn before and was called or still may be."""
    rows = session.execute(
        select(
            CallbackRow.hall_id,
            CallbackRow.business,
            TransactionRow.happened_on,
            func.count().label("drawn"),
        )
        .join(
            TransactionRow, TransactionRow.transaction_id == CallbackRow.transaction_id
        )
        .where(CallbackRow.month == month, CallbackRow.state.not_in(FAILED_STATES))
        .group_by(CallbackRow.hall_id, CallbackRow.business, TransactionRow.happened_on)
    )
    businesses: dict[str, Counter[str]] = defaultdict(Counter)
    days: dict[str, Counter[date]] = defaultdict(Counter)
    for row in rows:
        businesses[row.hall_id][row.business] += row.drawn
        days[row.hall_id][row.happened_on] += row.drawn
    return {(hall, month): Taken(businesses[hall], days[hall]) for hall in businesses}


def _candidates(
    session: Session, draw: Draw, month: str, halls: Sequence[str]
) -> list[Candidate]:
    drawn_at = (
        select(func.max(CallbackRow.drawn_at))
        .where(
            CallbackRow.customer_id == TransactionRow.customer_id,
            CallbackRow.state != CallbackState.LET_GO.value,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            TransactionRow.transaction_id,
            TransactionRow.customer_id,
            TransactionRow.hall_id,
            TransactionRow.month,
            TransactionRow.business,
            TransactionRow.happened_on,
            CustomerRow.last_called_at,
            drawn_at.label("drawn_at"),
        )
        .join(CustomerRow, CustomerRow.customer_id == TransactionRow.customer_id)
        .where(
            TransactionRow.hall_id.in_(halls),
            TransactionRow.month == month,
            TransactionRow.happened_on.between(draw.first_on, draw.last_on),
            CustomerRow.refused_at.is_(None),
            CustomerRow.stopped_at.is_(None),
            CustomerRow.phone_sealed.is_not(None),
            ~exists().where(
                CallbackRow.transaction_id == TransactionRow.transaction_id
            ),
        )
    )
    return [_candidate(row) for row in rows]


def _candidate(row: Row[*tuple[object, ...]]) -> Candidate:
    asked = [at for at in (row.last_called_at, row.drawn_at) if at]
    return Candidate(
        transaction_id=row.transaction_id,
        customer_id=row.customer_id,
        hall_id=row.hall_id,
        month=row.month,
        business=row.business,
        happened_on=row.happened_on,
        asked_on=local_date(max(asked)) if asked else None,
    )


def _keep(
    session: Session, chosen: Iterable[Candidate], script: CallSheet, now: datetime
) -> None:
    rows = [
        {
            "callback_id": uuid4(),
            "transaction_id": each.transaction_id,
            "customer_id": each.customer_id,
            "hall_id": each.hall_id,
            "month": each.month,
            "business": each.business,
            "checklist_version": script.version,
            "state": CallbackState.WAITING.value,
            "tries": 0,
            "next_try_at": script.rules.opening_at_or_after(now),
            "call_before_at": script.rules.call_before(each.happened_on),
            "answers": {},
            "note": "",
            "drawn_at": now,
        }
        for each in chosen
    ]
    if rows:
        session.execute(insert(CALLBACKS), rows)
