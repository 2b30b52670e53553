"""Taking customers' responses in: each once, rolled up by hall and month at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, Table, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from auditapp.services.jobs import hold_waiting, request_job
from auditapp.store.contention import table_of
from auditapp.store.responses import ResponseRow, TallyRow

RESPONSES: Table = table_of(ResponseRow)
TALLIES: Table = table_of(TallyRow)
BATCH = 400
CAUSES = ("front_line", "process", "support")
MOST_SINGLE_HALLS = 50  # more halls than that are scored as a whole month

Key = tuple[str, str, str]  # month, hall, source


@dataclass(frozen=True, slots=True)
class NewResponse:
    """One response as it arrives; the fields are those of ``ResponseRow``."""

    source: str
    origin: str
    origin_key: str
    hall_id: str
    month: str
    happened_on: date
    received_at: datetime
    business: str | None
    checklist_version: str
    score_milli: int
    lost: Mapping[str, int]
    cause: str | None
    answers: Mapping[str, Any]
    words: str | None = None
    wants_call: bool = False
    customer_id: UUID | None = None


FIELDS = tuple(field.name for field in fields(NewResponse))
ALL_FIELDS = attrgetter(*FIELDS)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: ids by origin key; those known before are not in it."""

    ids: dict[str, UUID]
    repeated: int


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a response holds once the same customer has said more.

    No ``words`` and no wish to be called take nothing back that was said before.
    """

    response_id: UUID
    score_milli: int
    lost: Mapping[str, int]
    cause: str | None
    answers: Mapping[str, Any]
    words: str | None
    wants_call: bool


def take_responses(
    session: Session, responses: Sequence[NewResponse], *, now: datetime
) -> Taken:
    """Store new responses and roll them up; known ones change nothing.

    Asks for the months of the halls concerned to be scored again.
    """
    new = store_responses(session, responses)
    ask_for_scores(session, {(each.month, each.hall_id) for each, _id in new}, now=now)
    ids = {each.origin_key: response_id for each, response_id in new}
    return Taken(ids, len(responses) - len(new))


def store_responses(
    session: Session, responses: Sequence[NewResponse]
) -> list[tuple[NewResponse, UUID]]:
    """Store new responses, roll them up, and return them with their ids.

    For who stores many batches and asks for scores once, at the end.
    """
    new = _insert(session, responses) if responses else []
    roll_up(session, [each for each, _id in new])
    return new


def amend_responses(
    session: Session, amendments: Sequence[Amendment], *, now: datetime
) -> None:
    """Let responses say what their customers added; row and tally move together."""
    new = {each.response_id: each for each in amendments}
    if not new:
        return
    held = session.scalars(
        select(ResponseRow)
        .where(ResponseRow.response_id.in_(list(new)))
        .order_by(ResponseRow.response_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    sums: dict[Key, dict[str, Any]] = defaultdict(_nothing)
    for row in held:
        tally = sums[row.month, row.hall_id, row.source]
        _count(tally, row, sign=-1)
        _count(tally, new[row.response_id])
    session.execute(
        update(ResponseRow),
        [_changes(each) for each in new.values()],
    )
    _merge(session, dict(sorted(sums.items())))
    ask_for_scores(session, {(row.month, row.hall_id) for row in held}, now=now)


def roll_up(session: Session, responses: Iterable[NewResponse]) -> None:
    """Add responses to the tallies of their halls and months."""
    sums: dict[Key, dict[str, Any]] = defaultdict(_nothing)
    for each in responses:
        _count(sums[each.month, each.hall_id, each.source], each)
    keys = sorted(sums)  # in one order, so two transactions never wait for each other
    for start in range(0, len(keys), BATCH):
        _merge(session, {key: sums[key] for key in keys[start : start + BATCH]})


def _insert(
    session: Session, responses: Sequence[NewResponse]
) -> list[tuple[NewResponse, UUID]]:
    """Store those whose key is free; found again by the ids we gave them.

    RETURNING would send thousands of rows as one statement, which the driver of
    PostgreSQL takes apart again: twice the time.
    """
    by_key = {(each.source, each.origin_key): each for each in responses}
    by_id = {uuid4(): each for each in by_key.values()}
    connection = session.connection()
    connection.execute(
        _insert_into(session, RESPONSES).on_conflict_do_nothing(
            index_elements=["source", "origin_key"]
        ),
        [_row(response_id, each) for response_id, each in by_id.items()],
    )
    ids = list(by_id)
    new = (
        connection.execute(
            select(RESPONSES.c.response_id).where(
                RESPONSES.c.response_id.in_(ids[start : start + BATCH])
            )
        ).scalars()
        for start in range(0, len(ids), BATCH)
    )
    return [(by_id[each], each) for batch in new for each in batch]


def _row(response_id: UUID, response: NewResponse) -> dict[str, Any]:
    values = dict(zip(FIELDS, ALL_FIELDS(response), strict=True))
    return values | {"response_id": response_id, "lost": dict(response.lost)}


def _changes(amendment: Amendment) -> dict[str, Any]:
    changes = asdict(amendment)
    kept = [key for key in ("words", "wants_call") if not changes[key]]
    return {key: value for key, value in changes.items() if key not in kept}


def _nothing() -> dict[str, Any]:
    return {
        "responses": 0,
        "total_milli": 0,
        "squares_milli": 0,
        **dict.fromkeys(CAUSES, 0),
        "lost": Counter[str](),
    }


def _count(
    sums: dict[str, Any], response: NewResponse | Amendment | ResponseRow, sign: int = 1
) -> None:
    sums["responses"] += sign
    sums["total_milli"] += sign * response.score_milli
    sums["squares_milli"] += sign * response.score_milli**2
    sums["lost"].update({key: sign * part for key, part in response.lost.items()})
    if response.cause in CAUSES:
        sums[response.cause] += sign


def _merge(session: Session, sums: dict[Key, dict[str, Any]]) -> None:
    """Add to the rows that are there; they are held until the transaction ends."""
    connection = session.connection()
    empty = [
        {"month": month, "hall_id": hall, "source": source, **_nothing(), "lost": {}}
        for month, hall, source in sums
    ]
    connection.execute(_insert_into(session, TALLIES).on_conflict_do_nothing(), empty)
    columns = (TALLIES.c.month, TALLIES.c.hall_id, TALLIES.c.source)
    held = connection.execute(
        select(TALLIES)
        .where(tuple_(*columns).in_(list(sums)))
        .order_by(*columns)
        .with_for_update()
    ).all()
    merged = [
        row._asdict() | _sum(row, sums[row.month, row.hall_id, row.source])
        for row in held
    ]
    statement = _insert_into(session, TALLIES)
    changed = {
        name: statement.excluded[name]
        for name in TALLIES.c.keys()  # noqa: SIM118 (columns, not a mapping)
        if name not in TALLIES.primary_key.columns
    }
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["month", "hall_id", "source"], set_=changed
        ),
        merged,
    )


def _sum(row: Row[*tuple[Any, ...]], more: Mapping[str, Any]) -> dict[str, Any]:
    numbers = ("responses", "total_milli", "squares_milli", *CAUSES)
    lost = Counter(row.lost)
    lost.update(more["lost"])
    added = {name: getattr(row, name) + more[name] for name in numbers}
    return added | {"lost": {key: part for key, part in lost.items() if part}}


def ask_for_scores(
    session: Session, touched: Iterable[tuple[str, str]], *, now: datetime
) -> None:
    """Ask for halls' months to be scored again; ``touched`` are (month, hall)."""
    by_month: dict[str, set[str]] = defaultdict(set)
    for month, hall_id in touched:
        by_month[month].add(hall_id)
    for month, halls in by_month.items():
        request_rescore(session, month, halls, now=now)


def request_rescore(
    session: Session, month: str, hall_ids: Iterable[str], *, now: datetime
) -> None:
    """Ask for a month of these halls to be scored again, unless that waits already."""
    halls = sorted(set(hall_ids))
    if len(halls) > MOST_SINGLE_HALLS:
        kind, subjects = "month.score", [month]
    else:
        kind, subjects = "month.rescore", [f"{month} {hall}" for hall in halls]
    waiting = hold_waiting(session, kind, subjects)
    for subject in subjects:
        if subject not in waiting:
            request_job(session, kind, subject, now=now)


def _insert_into(session: Session, table: Table) -> Any:  # noqa: ANN401 (one of two kinds)
    kind = sqlite if session.connection().dialect.name == "sqlite" else postgresql
    return kind.insert(table)
