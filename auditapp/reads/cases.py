"""Ten accepted visits of one scenario side by side; never who made them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from auditapp.domain.clock import duration_seconds
from auditapp.domain.text import Text
from auditapp.domain.visit import VisitState
from auditapp.store.audits import IS_SCORE_OF_AUDIT, AuditRow, ScoreRow
from auditapp.store.cases import BestCaseRow
from auditapp.store.organisation import HallRow
from auditapp.store.visits import VisitRow

COMPARED = 10
MYSTERY = "mystery"
COUNTED = (VisitState.ACCEPTED.value, VisitState.RELEASED.value)


@dataclass(frozen=True, slots=True)
class Case:
    """One visit of a comparison; ``times`` are seconds since the first event."""

    visit_id: UUID
    audit_id: UUID
    month: str
    hall: Text
    tier: str
    score_tenths: int | None
    today: tuple[str, ...]
    times: Mapping[str, float]
    notes: tuple[tuple[str, str], ...]  # item and what was noted


@dataclass(frozen=True, slots=True)
class BestCase:
    """The choice that holds for a scenario."""

    visit_id: UUID
    reason: str
    chosen_at: datetime


def compare_cases(
    session: Session, scenario: str, tier: str | None, events: Sequence[str]
) -> list[Case]:
    """Return the latest ten visits of a scenario, the best score first."""
    statement = (
        select(
            VisitRow.visit_id,
            VisitRow.month,
            AuditRow.audit_id,
            AuditRow.document,
            HallRow.name_zh,
            HallRow.name_en,
            HallRow.tier,
            ScoreRow.score_milli,
        )
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
        .join(ScoreRow, IS_SCORE_OF_AUDIT)
        .where(
            VisitRow.scenario == scenario,
            VisitRow.kind == MYSTERY,
            VisitRow.state.in_(COUNTED),
            ScoreRow.is_complete,
        )
        .order_by(VisitRow.month.desc(), VisitRow.visit_id)
        .limit(COMPARED)
    )
    if tier is not None:
        statement = statement.where(HallRow.tier == tier)
    cases = [_case(row, events) for row in session.execute(statement)]
    return sorted(cases, key=lambda case: -(case.score_tenths or 0))


def find_best(session: Session, scenario: str) -> BestCase | None:
    """Return the choice that holds for a scenario."""
    row = session.scalar(
        select(BestCaseRow)
        .where(BestCaseRow.scenario == scenario)
        .order_by(BestCaseRow.chosen_at.desc())
        .limit(1)
    )
    return BestCase(row.visit_id, row.reason, row.chosen_at) if row else None


def _case(row: Row[*tuple[Any, ...]], events: Sequence[str]) -> Case:
    document = json.loads(row.document)
    marks, answers = document.get("marks", ()), document.get("answers", {})
    seconds = {event: duration_seconds(marks, events[0], event) for event in events}
    milli = row.score_milli
    return Case(
        row.visit_id,
        row.audit_id,
        row.month,
        Text(row.name_zh, row.name_en),
        row.tier,
        None if milli is None else (milli + 50) // 100,
        tuple(document.get("today", ())),
        {event: passed for event, passed in seconds.items() if passed is not None},
        tuple(
            (item, answer["note"])
            for item, answer in answers.items()
            if answer.get("note")
        ),
    )
