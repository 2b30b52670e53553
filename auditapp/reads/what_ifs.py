"""Replays of past months under a draft, as pages show them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from auditapp.domain.errors import NotFoundError
from auditapp.domain.text import Text
from auditapp.store.contention import table_of
from auditapp.store.organisation import HallRow
from auditapp.store.standards import DraftRow, WhatIfHallRow, WhatIfRow
from auditapp.store.work import JobRow

HALLS = table_of(WhatIfHallRow)
PAGE = 50


@dataclass(frozen=True, slots=True)
class WhatIfLine:
    """One replay; ``is_stale`` once its draft was changed. Steps are of its job."""

    what_if_id: UUID
    draft_id: UUID
    months: tuple[str, ...]
    state: str
    summary: dict[str, Any]
    requested_at: datetime
    finished_at: datetime | None
    is_stale: bool
    done_steps: int
    total_steps: int
    has_failed: bool


@dataclass(frozen=True, slots=True)
class ChangedHall:
    """One hall over the months of a replay: its last month and its largest change."""

    hall_id: str
    name: Text
    tier: str
    month: str
    before_milli: int | None
    after_milli: int | None
    half_milli: int | None
    grade_before: str | None
    grade_after: str | None
    unknown_items: int


def list_what_ifs(session: Session, draft_id: UUID) -> list[WhatIfLine]:
    """Return the replays of a draft, the latest first."""
    rows = session.execute(
        _lines()
        .where(WhatIfRow.draft_id == draft_id)
        .order_by(WhatIfRow.requested_at.desc())
    )
    return [_line(*row) for row in rows]


def get_what_if(session: Session, what_if_id: UUID) -> WhatIfLine:
    """Return one replay.

    Raises:
        NotFoundError: There is none.
    """
    row = session.execute(
        _lines().where(WhatIfRow.what_if_id == what_if_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return _line(*row)


def list_changed_halls(
    session: Session, what_if_id: UUID, *, only_grades: bool
) -> tuple[list[ChangedHall], int]:
    """Return the hall months that move most, one page, and how many move at all."""
    moved = _moved(what_if_id, only_grades=only_grades)
    total = session.scalar(select(func.count()).select_from(moved.subquery()))
    distance = func.abs(HALLS.c.after_milli - HALLS.c.before_milli)
    order = (distance.desc().nulls_first(), HALLS.c.hall_id, HALLS.c.month)
    rows = session.execute(moved.order_by(*order).limit(PAGE))
    return [_hall(row) for row in rows], total or 0


def stream_halls(session: Session, what_if_id: UUID) -> Iterator[ChangedHall]:
    """Yield every hall's month of a replay, for a file."""
    statement = _halls(what_if_id).order_by(HALLS.c.month, HALLS.c.hall_id)
    for row in session.execute(statement.execution_options(yield_per=1000)):
        yield _hall(row)


def _lines() -> Select[WhatIfRow, int, JobRow | None]:
    return (
        select(WhatIfRow, DraftRow.revision, JobRow)
        .join(DraftRow, DraftRow.draft_id == WhatIfRow.draft_id)
        .outerjoin(JobRow, JobRow.job_id == WhatIfRow.job_id)
    )


def _line(row: WhatIfRow, revision: int, job: JobRow | None) -> WhatIfLine:
    return WhatIfLine(
        row.what_if_id,
        row.draft_id,
        tuple(row.months),
        row.state,
        row.summary,
        row.requested_at,
        row.finished_at,
        row.revision != revision,
        job.done_steps if job else 0,
        job.total_steps if job else 0,
        job is not None and job.state == "failed",
    )


def _halls(what_if_id: UUID) -> Select[Any]:
    return (
        select(HALLS, HallRow.name_zh, HallRow.name_en)
        .join(HallRow, HallRow.hall_id == HALLS.c.hall_id)
        .where(HALLS.c.what_if_id == what_if_id)
    )


def _moved(what_if_id: UUID, *, only_grades: bool) -> Select[Any]:
    if only_grades:
        one, other = HALLS.c.grade_before, HALLS.c.grade_after
    else:
        one, other = HALLS.c.before_milli, HALLS.c.after_milli
    return _halls(what_if_id).where(one.is_distinct_from(other))


def _hall(row: Any) -> ChangedHall:  # noqa: ANN401
    return ChangedHall(
        row.hall_id,
        Text(row.name_zh, row.name_en),
        row.tier,
        row.month,
        row.before_milli,
        row.after_milli,
        row.half_milli,
        row.grade_before,
        row.grade_after,
        row.unknown_items,
    )


def item_names(
    documents: Sequence[dict[str, Any]],
) -> dict[str, dict[str, str]]:
    """Return both wordings of every item of some documents, the last one's winning."""
    return {
        item["id"]: {"zh": item["zh"], "en": item["en"]}
        for document in documents
        for section in document.get("sections", ())
        for item in section["items"]
    }
