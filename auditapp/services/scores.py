"""Scoring what was sent, and finding what a reviewer should look at.

Computed between a reading and a writing transaction, so that nobody waits for it; the
writing one looks whether what was read still holds.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from auditapp.domain.breakdown import lost_by_quality
from auditapp.domain.finding_cause import with_causes
from auditapp.domain.overrides import with_overrides
from auditapp.domain.rounding import to_milli
from auditapp.domain.score_document import as_document
from auditapp.domain.scoring import AuditScore, score_audit
from auditapp.domain.signal import Signal
from auditapp.domain.signals import compute_signals
from auditapp.domain.visit import AuditState, outcome_of
from auditapp.reads.review_turns import confirmed_causes
from auditapp.services.form_shelf import find_form
from auditapp.services.signals import signal_context
from auditapp.store.audits import (
    AuditRow,
    EvidenceRow,
    OverrideRow,
    PhotoRow,
    ScoreRow,
    SignalRow,
)
from auditapp.store.organisation import HallRow
from auditapp.store.visits import VisitRow


@dataclass(frozen=True, slots=True)
class Basis:
    """What a score and its signals were computed from."""

    audit_id: UUID
    revision: int
    photos_to_check: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """A score and signals that are not stored yet."""

    basis: Basis
    score: AuditScore
    lost: Mapping[str, Fraction]  # by quality: hard, soft
    outcome: str  # of the visit
    source: str  # of the form: mystery, open_inspection
    signals: list[Signal]


def judge_audit(session: Session, audit_id: UUID) -> Judgement | None:
    """Score an audit by its own form; None for a draft or when there is no such."""
    row = session.execute(
        select(AuditRow, VisitRow, HallRow)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
        .where(AuditRow.audit_id == audit_id, AuditRow.state != AuditState.DRAFT.value)
    ).one_or_none()
    if row is None:
        return None
    audit, visit, hall = row
    form = find_form(session, audit.form_digest)
    if form is None:  # the row's foreign key says it is there
        return None
    basis = Basis(audit_id, audit.revision, _photos_to_check(session, audit_id))
    document = json.loads(audit.document)
    context = signal_context(session, audit, visit, hall)
    score = with_causes(
        score_audit(form, with_overrides(document, _overrides(session, audit))),
        confirmed_causes(session, audit_id),
    )
    return Judgement(
        basis,
        score,
        lost_by_quality(form, score),
        outcome_of(document),
        form["source"],
        compute_signals(form, document, context),
    )


def _overrides(
    session: Session, audit: AuditRow
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the answers of this revision that were decided otherwise, in order."""
    rows = session.execute(
        select(OverrideRow.item_id, OverrideRow.answer)
        .where(
            OverrideRow.audit_id == audit.audit_id,
            OverrideRow.revision == audit.revision,
        )
        .order_by(OverrideRow.decided_at, OverrideRow.override_id)
    )
    return [(row.item_id, row.answer) for row in rows]


def keep_judgement(session: Session, judgement: Judgement, *, now: datetime) -> bool:
    """Replace score and signals; False when the audit has moved on meanwhile."""
    basis = judgement.basis
    revision = session.scalar(
        select(AuditRow.revision)
        .where(AuditRow.audit_id == basis.audit_id)
        .with_for_update()  # two jobs about one audit write one after the other
    )
    if (revision, _photos_to_check(session, basis.audit_id)) != (
        basis.revision,
        basis.photos_to_check,
    ):
        return False
    _replace_score(session, judgement, now)
    _replace_signals(session, basis.audit_id, judgement.signals, now)
    return True


def _photos_to_check(session: Session, audit_id: UUID) -> int:
    return session.scalars(
        select(func.count())
        .select_from(EvidenceRow)
        .join(PhotoRow, PhotoRow.sha256 == EvidenceRow.sha256)
        .where(EvidenceRow.audit_id == audit_id, PhotoRow.condition == "unchecked")
    ).one()


def _replace_score(session: Session, judgement: Judgement, now: datetime) -> None:
    basis, score = judgement.basis, judgement.score
    session.merge(
        ScoreRow(
            audit_id=basis.audit_id,
            revision=basis.revision,
            score_milli=None if score.score is None else to_milli(score.score),
            score_numerator=score.score.numerator if score.score is not None else None,
            score_denominator=(
                score.score.denominator if score.score is not None else None
            ),
            outcome=judgement.outcome,
            coverage_pct=int(score.coverage * 100),  # 79.9 % is not yet 80
            is_complete=score.is_complete,
            has_critical_failure=bool(score.critical_failures),
            lost_hard_milli=to_milli(judgement.lost["hard"]),
            lost_soft_milli=to_milli(judgement.lost["soft"]),
            cap_loss_milli=to_milli(score.cap_loss),
            lines=as_document(score),
            scored_at=now,
        )
    )
    session.flush()


def _replace_signals(
    session: Session, audit_id: UUID, signals: list[Signal], now: datetime
) -> None:
    session.execute(delete(SignalRow).where(SignalRow.audit_id == audit_id))
    rows = [
        {
            "audit_id": audit_id,
            "kind": signal.kind,
            "level": signal.level,
            "item_id": signal.item,
            "facts": dict(signal.facts),
            "found_at": now,
        }
        for signal in signals
    ]
    if rows:
        session.execute(insert(SignalRow), rows)
