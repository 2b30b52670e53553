"""Making a ledger's documents again from what is stored: audits, answers, the model.

Nothing computed is believed: documents are read byte by byte, scored by their own
forms with the overrides that the ledger names, and responses are counted again.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from auditapp.domain.breakdown import lost_by_quality
from auditapp.domain.month_ledger import (
    AuditInput,
    CustomerInput,
    HallMonthFacts,
    LedgerParts,
    build_ledger,
)
from auditapp.domain.overrides import with_overrides
from auditapp.domain.policy import Policy
from auditapp.domain.rounding import to_milli
from auditapp.domain.scoring import score_audit
from auditapp.domain.visit import COMPLETED, HALL_CLOSED, outcome_of
from auditapp.reads.checklist_items import Catalogue
from auditapp.reads.month_audits import INSPECTION, MYSTERY
from auditapp.reads.month_customers import Customers, counted_customers
from auditapp.reads.month_documents import tags_of
from auditapp.reads.month_evidence import Columns, Seen
from auditapp.reads.month_inputs import MonthHall, hall_anchors
from auditapp.reads.month_model import Model
from auditapp.services.ledger_inputs import (
    read_forms,
    read_overrides,
    read_revisions,
)
from auditapp.services.month_changes import earlier_in
from auditapp.services.month_estimates import Before, SeenAudit, estimate_again
from auditapp.services.month_rows import HallScore, peers_of
from auditapp.store.audits import AuditRow, OverrideRow
from auditapp.store.visits import VisitRow

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a ledger's documents are made again with."""

    month: str
    policy: Policy
    model: Model
    catalogue: Catalogue
    evidence_until: datetime


@dataclass(frozen=True, slots=True)
class Rescored:
    """An audit scored again, and what the estimation sees of it."""

    audit: AuditInput
    seen: SeenAudit


def recompute(
    session: Session,
    frozen: Frozen,
    documents: Sequence[Document],
    states_before: Mapping[str, bytes],
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the documents made again, and what of the inputs is gone or altered."""
    halls = [document["hall"] for document in documents]
    audits, faults = _rescore(session, frozen, documents)
    customers = counted_customers(
        session, frozen.month, halls, frozen.catalogue, frozen.evidence_until
    )
    again, scores = [], []
    for document in documents:
        own = customers.get(document["hall"], {})
        parts = _parts(document, audits, own, frozen)
        again.append(build_ledger(_facts(document), frozen.policy, parts))
        scores.append(_hall_score(again[-1]))
    seen = _seen(frozen.month, documents, audits, customers)
    basis = Before(frozen.model, states_before)
    earlier = earlier_in(documents)
    estimate_again(frozen.month, frozen.policy, scores, seen, basis, earlier)
    for made, score in zip(again, scores, strict=True):
        state = base64.b64encode(score.state or b"").decode()
        made["adjusted"] = (score.adjusted or {}) | {"state": state}
    return again, faults


def states_of(documents: Sequence[Document]) -> dict[str, bytes]:
    """Return the states that a ledger's documents keep."""
    return {
        document["hall"]: base64.b64decode(document["adjusted"]["state"])
        for document in documents
    }


def _facts(document: Document) -> HallMonthFacts:
    return HallMonthFacts(
        document["month"], document["hall"], document["tier"], document["region"]
    )


def _hall(document: Document) -> MonthHall:
    return MonthHall(
        document["hall"], document["tier"], document["region"], is_active=True
    )


def _hall_score(made: Document) -> HallScore:
    official = made["official"]
    return HallScore(
        _hall(made),
        official=(),
        score_milli=official["milli"],
        is_ranked=official["is_ranked"],
        flags=tuple(official["flags"]),
        gap_milli=official["gap_milli"],
    )


def _parts(
    document: Document,
    audits: Mapping[str, Rescored],
    customers: Mapping[str, CustomerInput],
    frozen: Frozen,
) -> LedgerParts:
    hall = _hall(document)
    return LedgerParts(
        audits={
            source["source"]: [
                audits[taken["audit"]].audit
                for taken in source["taken"]
                if taken["audit"] in audits
            ]
            for source in document["sources"]
            if "taken" in source
        },
        customers=customers,
        anchors=hall_anchors(frozen.model["anchors"], document["tier"]),
        peers=peers_of(hall, frozen.model["peers"], frozen.policy.peers),
    )


def _seen(
    month: str,
    documents: Sequence[Document],
    audits: Mapping[str, Rescored],
    customers: Customers,
) -> Seen:
    """Return what the estimation sees of these halls, in columns."""
    by_kind: dict[str, list[SeenAudit]] = {MYSTERY: [], INSPECTION: []}
    for document in documents:
        for source in document["sources"]:
            for taken in source.get("taken", ()):
                rescored = audits.get(taken["audit"])
                if rescored and rescored.audit.outcome == COMPLETED:
                    by_kind[source["source"]].append(rescored.seen)
    answers: dict[str, list[tuple[Any, ...]]] = {"callback": [], "sms": []}
    for hall_id, by_source in customers.items():
        for source, own in by_source.items():
            row = (hall_id, month, own.n, own.total_milli, own.squares_milli)
            answers[source].append(row)
    return Seen(
        {kind: _as_columns(rows) for kind, rows in by_kind.items()},
        {source: _as_columns(rows) for source, rows in answers.items()},
    )


def _as_columns(rows: Sequence[tuple[Any, ...]]) -> list[Columns]:
    return [[list(column) for column in zip(*rows, strict=True)]] if rows else []


def _rescore(
    session: Session, frozen: Frozen, documents: Sequence[Document]
) -> tuple[dict[str, Rescored], list[str]]:
    wanted = {
        taken["audit"]: taken
        for document in documents
        for source in document["sources"]
        for taken in source.get("taken", ())
    }
    ids = [UUID(name) for name in wanted]
    forms = read_forms(session, {taken["form"] for taken in wanted.values()})
    overrides = read_overrides(session, wanted.values())
    revisions = read_revisions(session, ids)
    found: dict[str, Rescored] = {}
    faults: list[str] = []
    rows = session.execute(_AUDITS.where(AuditRow.audit_id.in_(ids))).all()
    for row in rows:
        taken = wanted[str(row.audit_id)]
        is_latest = row.revision == taken["revision"]
        earlier = revisions.get((row.audit_id, taken["revision"]))
        content, form = row.document if is_latest else earlier, forms.get(taken["form"])
        if content is None or form is None:
            faults.append(f"audit {row.audit_id}: its document or form is gone")
            continue
        if sha256(content).hexdigest() != taken["sha256"]:
            faults.append(f"audit {row.audit_id}: its document is altered")
            continue
        found[taken["audit"]] = _rescored(row, taken, content, form, overrides, frozen)
    known = {str(row.audit_id) for row in rows}
    faults += [f"audit {name} is gone" for name in wanted if name not in known]
    return found, faults


_AUDITS = select(
    AuditRow.audit_id,
    AuditRow.revision,
    AuditRow.document,
    VisitRow.visit_id,
    VisitRow.month,
    VisitRow.hall_id,
    VisitRow.auditor_id,
).join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)


def _rescored(
    row: Row[*tuple[Any, ...]],
    taken: Document,
    content: bytes,
    form: tuple[Document, tuple[str, str]],
    overrides: Mapping[str, OverrideRow],
    frozen: Frozen,
) -> Rescored:
    decided = [overrides[name] for name in taken["overrides"] if name in overrides]
    sent = json.loads(content)
    answers = [(each.item_id, each.answer) for each in decided]
    score = score_audit(form[0], with_overrides(sent, answers))
    outcome, points = outcome_of(sent), score.score or Fraction(0)
    if outcome == HALL_CLOSED:
        points = Fraction(frozen.policy.rules.closed_visit_score)
    lost = lost_by_quality(form[0], score)
    facts = {
        "audit": str(row.audit_id),
        "visit": str(row.visit_id),
        "revision": taken["revision"],
        "month": row.month,
        "sha256": sha256(content).hexdigest(),
        "form": taken["form"],
        "checklist": list(form[1]),
        "outcome": outcome,
        "score": [points.numerator, points.denominator],
        "milli": to_milli(points),
        "overrides": [str(each.override_id) for each in decided],
    }
    seen = SeenAudit(
        row.hall_id,
        row.month,
        str(row.auditor_id),
        to_milli(lost["hard"]),
        to_milli(lost["soft"]),
        to_milli(score.cap_loss),
        int(score.coverage * 100),
        score.is_complete,
    )
    tags = tags_of(frozen.catalogue, form[1], score)
    return Rescored(AuditInput(facts, outcome, score, tags), seen)
