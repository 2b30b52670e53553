"""What a hall and an auditor usually look like, beside one audit under review."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.month import later
from auditapp.reads.month_audits import OFFICIAL_STATES
from auditapp.reads.reviews import Review
from auditapp.reads.scope import audits_open_to
from auditapp.store.audits import IS_SCORE_OF_AUDIT, AuditRow, ScoreRow, SignalRow
from auditapp.store.organisation import HallRow
from auditapp.store.standards import ItemMonthRow
from auditapp.store.visits import VisitRow

OF_HALL, OF_AUDITOR, MONTHS = 6, 20, 6


@dataclass(frozen=True, slots=True)
class PastAudit:
    """An accepted audit; ``stay_seconds`` is None where the clock did not say."""

    audit_id: UUID
    month: str
    kind: str
    score_milli: int
    stay_seconds: float | None
    failed: frozenset[str]
    passed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Usual:
    """The latest accepted audits of a hall and of an auditor, and the tier's record.

    ``tier_items`` holds how many visits passed and failed an item in half a year.
    """

    hall: tuple[PastAudit, ...]
    auditor: tuple[PastAudit, ...]
    tier_milli: int | None
    tier_audits: int
    tier_items: Mapping[str, tuple[int, int]]


def get_usual(session: Session, actor: Actor, review: Review) -> Usual:
    """Return what is usual, of the same kind of visit, as far as the person may see.

    An auditor's earlier audits are read wherever they were made: only sums of them are
    shown.
    """
    hall = and_(VisitRow.hall_id == review.hall_id, audits_open_to(actor))
    auditor = VisitRow.auditor_id.in_(
        select(VisitRow.auditor_id).where(VisitRow.visit_id == review.visit_id)
    )
    rows = session.execute(
        union_all(
            _past(review, "hall", hall, OF_HALL),
            _past(review, "auditor", auditor, OF_AUDITOR),
        )
    ).all()
    since = later(review.month, -MONTHS)
    tier = session.execute(
        select(func.count(), func.avg(ScoreRow.score_milli))
        .select_from(VisitRow)
        .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .join(ScoreRow, IS_SCORE_OF_AUDIT)
        .where(
            VisitRow.month.between(since, review.month),
            VisitRow.kind == review.kind,
            VisitRow.state.in_(OFFICIAL_STATES),
            HallRow.tier == review.tier,
        )
    ).one()
    return Usual(
        hall=tuple(_audit(row) for row in rows if row.whose == "hall"),
        auditor=tuple(_audit(row) for row in rows if row.whose == "auditor"),
        tier_milli=round(tier[1]) if tier[1] is not None else None,
        tier_audits=tier[0],
        tier_items=_tier_items(session, review, since),
    )


def _past(
    review: Review, whose: str, condition: ColumnElement[bool], limit: int
) -> Select[Any]:
    """Return the latest accepted audits of the same kind, the last first."""
    stay = and_(SignalRow.audit_id == AuditRow.audit_id, SignalRow.kind == "stay")
    latest = (
        select(
            literal(whose).label("whose"),
            AuditRow.audit_id,
            VisitRow.month,
            VisitRow.kind,
            ScoreRow.score_milli,
            ScoreRow.lines,
            SignalRow.facts,
        )
        .select_from(VisitRow)
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .join(ScoreRow, IS_SCORE_OF_AUDIT)
        .outerjoin(SignalRow, stay)
        .where(
            condition,
            VisitRow.kind == review.kind,
            VisitRow.state.in_(OFFICIAL_STATES),
            AuditRow.audit_id != review.audit_id,
            ScoreRow.score_milli.is_not(None),
        )
        .order_by(AuditRow.finished_at.desc(), AuditRow.audit_id)
        .limit(limit)
    )
    return select(latest.subquery(whose))


def _audit(row: Row[*tuple[Any, ...]]) -> PastAudit:
    counted = [line for line in row.lines["lines"] if line["not_counted"] is None]
    return PastAudit(
        audit_id=row.audit_id,
        month=row.month,
        kind=row.kind,
        score_milli=row.score_milli,
        stay_seconds=(row.facts or {}).get("seconds"),
        failed=frozenset(line["id"] for line in counted if line["is_failed"]),
        passed=frozenset(line["id"] for line in counted if not line["is_failed"]),
    )


def _tier_items(
    session: Session, review: Review, since: str
) -> Mapping[str, tuple[int, int]]:
    rows = session.execute(
        select(
            ItemMonthRow.item_id,
            func.sum(ItemMonthRow.passed).label("passed"),
            func.sum(ItemMonthRow.failed).label("failed"),
        )
        .where(
            ItemMonthRow.checklist_id == review.form["checklist"],
            ItemMonthRow.tier == review.tier,
            ItemMonthRow.month.between(since, review.month),
        )
        .group_by(ItemMonthRow.item_id)
    )
    return {row.item_id: (int(row.passed), int(row.failed)) for row in rows}
