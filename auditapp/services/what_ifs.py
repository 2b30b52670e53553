"""Replaying past months under a draft: asked for, computed month by month, kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.month import is_month, month_of
from auditapp.domain.text import Text
from auditapp.domain.what_if import HallChange, merged_counts, summarise
from auditapp.reads.month_audits import MYSTERY
from auditapp.services.draft_steps import problems_of
from auditapp.services.drafts import Draft, get_draft
from auditapp.services.jobs import request_job
from auditapp.services.standard_versions import POLICY
from auditapp.services.what_if_months import MonthReplay
from auditapp.services.what_if_validity import validity_of
from auditapp.store.contention import table_of
from auditapp.store.months import MonthScoreRow
from auditapp.store.standards import WhatIfHallRow, WhatIfRow

RUNNING, DONE, FAILED = "running", "done", "failed"
MOST_MONTHS = 6
REPLAYED = (MYSTERY, "open_inspection")  # sources whose answers are kept whole
HALL_ROWS = table_of(WhatIfHallRow)


def request_what_if(
    session: Session,
    actor: Actor,
    draft_id: UUID,
    months: Sequence[str],
    *,
    now: datetime,
) -> UUID:
    """Ask for months to be replayed under a draft; return what the result is under.

    Raises:
        NotFoundError: There is no such draft.
        InvalidError: The months or the draft cannot be replayed; problems are named.
    """
    draft = get_draft(session, draft_id)
    chosen = sorted(set(months))
    problems = [
        *_month_problems(session, chosen, now),
        *_draft_problems(session, draft),
    ]
    if problems:
        raise InvalidError(problems)
    what_if_id = uuid4()
    row = WhatIfRow(
        what_if_id=what_if_id,
        draft_id=draft_id,
        revision=draft.revision,
        months=chosen,
        state=RUNNING,
        summary={"months": {}},
        requested_by=actor.person_id,
        requested_at=now,
    )
    row.job_id = request_job(
        session,
        "what_if.run",
        str(what_if_id),
        now=now,
        requested_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    return what_if_id


def scored_months(session: Session, *, now: datetime) -> list[str]:
    """Return the past months that have scores, the latest first."""
    months = session.scalars(
        select(MonthScoreRow.month)
        .where(MonthScoreRow.month < month_of(now))
        .distinct()
        .order_by(MonthScoreRow.month.desc())
    )
    return list(months)


def find_next_month(session: Session, what_if_id: UUID) -> tuple[Draft, str] | None:
    """Return the draft and the first month not replayed yet; None when none is left."""
    row = session.get(WhatIfRow, what_if_id)
    if row is None or row.state != RUNNING:
        return None
    left = [month for month in row.months if month not in row.summary["months"]]
    return (get_draft(session, row.draft_id), left[0]) if left else None


def keep_replay(
    session: Session, what_if_id: UUID, month: str, found: MonthReplay
) -> None:
    """Store a month's halls and figures at once; a second time changes nothing."""
    row = _held(session, what_if_id)
    if row.state != RUNNING or month in row.summary["months"]:
        return
    if found.changes:
        session.execute(
            insert(HALL_ROWS),
            [_columns(what_if_id, each) for each in found.changes],
        )
    figures = {
        "audits": found.audits,
        "reproduced": found.reproduced,
        "earlier": found.earlier,
        "unknown": dict(found.unknown),
        "alone": found.alone,
        "moved_milli": dict(found.moved_milli),
        "together_milli": found.together_milli,
    }
    months = {**row.summary["months"], month: figures}
    row.summary = {**row.summary, "months": months}
    session.flush()


def finish_what_if(session: Session, what_if_id: UUID, *, now: datetime) -> None:
    """Put the figures of all months together."""
    row = _held(session, what_if_id)
    if row.state != RUNNING:
        return
    changes = list_changes(session, what_if_id)
    months = row.summary["months"]
    audits = sum(each["audits"] for each in months.values())
    row.summary = {
        **row.summary,
        **summarise(changes),
        "audits": audits,
        "reproduced": sum(each["reproduced"] for each in months.values()),
        "earlier": sum(each["earlier"] for each in months.values()),
        "unknown": merged_counts(each["unknown"] for each in months.values()),
        "alone": sum(each["alone"] for each in months.values()),
        "moved_milli": merged_counts(each["moved_milli"] for each in months.values()),
        "together_milli": sum(each["together_milli"] for each in months.values()),
        "validity": validity_of(session, row.months, changes)
        if _is_about_visits(get_draft(session, row.draft_id))
        else None,
    }
    row.state, row.finished_at = DONE, now
    session.flush()


def list_changes(session: Session, what_if_id: UUID) -> list[HallChange]:
    """Return every hall's month of a replay."""
    rows = session.execute(
        select(*(HALL_ROWS.c[name] for name in _FIELDS)).where(
            HALL_ROWS.c.what_if_id == what_if_id
        )
    )
    return [
        HallChange(**{**row._asdict(), "traits": tuple(row.traits)}) for row in rows
    ]


def _is_about_visits(draft: Draft) -> bool:
    """Whether a draft can change what mystery visits score."""
    return draft.kind != POLICY and draft.document["source"] == MYSTERY


_FIELDS = tuple(HallChange.__dataclass_fields__)


def _columns(what_if_id: UUID, change: HallChange) -> dict[str, Any]:
    values = {name: getattr(change, name) for name in _FIELDS}
    return {**values, "what_if_id": what_if_id, "traits": list(change.traits)}


def _held(session: Session, what_if_id: UUID) -> WhatIfRow:
    row = session.scalar(
        select(WhatIfRow)
        .where(WhatIfRow.what_if_id == what_if_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError
    return row


def _month_problems(
    session: Session, months: Sequence[str], now: datetime
) -> list[Problem]:
    known = set(scored_months(session, now=now))
    if not months or len(months) > MOST_MONTHS:
        return [Problem("/months", "months", _CHOOSE_MONTHS)]
    if not all(is_month(month) and month in known for month in months):
        return [Problem("/months", "months", _NO_SCORES)]
    return []


def _draft_problems(session: Session, draft: Draft) -> list[Problem]:
    if draft.kind != POLICY and draft.document["source"] not in REPLAYED:
        return [Problem("", "not-replayed", _NOT_REPLAYED)]
    return problems_of(session, draft)


_CHOOSE_MONTHS = Text(
    f"请选一到{MOST_MONTHS}个月。", f"Choose one to {MOST_MONTHS} months."
)
_NO_SCORES = Text(
    "只能试算已经计过分的过去月份。", "Only past months that have scores are replayed."
)
_NOT_REPLAYED = Text(
    "回访和短信问卷的改动还不能试算：客户的答复收到时就计了分。",
    "Changes to calls and messages cannot be tried yet: customers' answers are scored"
    " when they arrive.",
)
