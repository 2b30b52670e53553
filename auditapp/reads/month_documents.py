"""Ledger documents of single halls, made from what is stored now."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from auditapp.domain.month_ledger import (
    AuditInput,
    HallMonthFacts,
    LedgerParts,
    build_ledger,
)
from auditapp.domain.policy import Policy
from auditapp.domain.rounding import to_milli
from auditapp.domain.score_document import from_document
from auditapp.domain.scoring import AuditScore
from auditapp.reads.checklist_items import Catalogue
from auditapp.reads.month_audits import AuditFigures, taken_audits
from auditapp.reads.month_customers import Customers
from auditapp.reads.month_inputs import Anchors, MonthInputs, hall_anchors
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    OverrideRow,
    ScoreRow,
)
from auditapp.store.checklists import FormRow
from auditapp.store.visits import VisitRow

Stored = Mapping[str, Mapping[str, Any]]  # by hall: adjusted and peers
BATCH = 500


@dataclass(frozen=True, slots=True)
class DocumentSources:
    """What documents are made of besides a month's inputs.

    ``stored`` holds what a month's run left about each hall: ``adjusted``, ``peers``.
    """

    policy: Policy
    catalogue: Catalogue
    customers: Customers
    stored: Stored
    anchors: Anchors | None


def hall_documents(
    session: Session, month: str, inputs: MonthInputs, sources: DocumentSources
) -> Iterator[dict[str, Any]]:
    """Yield the ledger document of each hall, in the order of the inputs."""
    for document, _parts in hall_parts(session, month, inputs, sources):
        yield document


def hall_parts(
    session: Session, month: str, inputs: MonthInputs, sources: DocumentSources
) -> Iterator[tuple[dict[str, Any], LedgerParts]]:
    """Yield the ledger document of each hall with what it was made of."""
    taken = {
        hall.hall_id: taken_audits(inputs.audits.get(hall.hall_id, ()))
        for hall in inputs.halls
    }
    audits = _read_audits(session, taken.values(), sources)
    for hall in inputs.halls:
        stored = sources.stored.get(hall.hall_id, {})
        parts = LedgerParts(
            audits={
                source: [audits[figures.audit_id] for figures in of_source]
                for source, of_source in taken[hall.hall_id].items()
            },
            customers=sources.customers.get(hall.hall_id, {}),
            anchors=hall_anchors(sources.anchors, hall.tier),
            adjusted=stored.get("adjusted"),
            peers=stored.get("peers"),
        )
        facts = HallMonthFacts(month, hall.hall_id, hall.tier, hall.region_id)
        yield build_ledger(facts, sources.policy, parts), parts


def _read_audits(
    session: Session,
    taken: Collection[Mapping[str, Sequence[AuditFigures]]],
    sources: DocumentSources,
) -> dict[UUID, AuditInput]:
    figures = {
        audit.audit_id: audit
        for by_source in taken
        for audits in by_source.values()
        for audit in audits
    }
    ids = sorted(figures)
    found: dict[UUID, AuditInput] = {}
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        overrides = _overrides(session, batch)
        for row in session.execute(_AUDITS.where(AuditRow.audit_id.in_(batch))):
            found[row.audit_id] = _input(
                row, figures[row.audit_id], overrides[row.audit_id], sources
            )
    return found


_AUDITS = (
    select(
        AuditRow.audit_id,
        AuditRow.revision,
        AuditRow.document_sha256,
        AuditRow.form_digest,
        VisitRow.visit_id,
        VisitRow.month,
        FormRow.checklist_id,
        FormRow.version,
        ScoreRow.lines,
    )
    .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
    .join(FormRow, FormRow.digest == AuditRow.form_digest)
    .join(
        ScoreRow,
        IS_SCORE_OF_AUDIT,
    )
)


def _overrides(session: Session, audit_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = session.execute(
        select(OverrideRow.audit_id, OverrideRow.override_id)
        .join(
            AuditRow,
            and_(
                AuditRow.audit_id == OverrideRow.audit_id,
                AuditRow.revision == OverrideRow.revision,
            ),
        )
        .where(OverrideRow.audit_id.in_(audit_ids))
        .order_by(OverrideRow.decided_at, OverrideRow.override_id)
    )
    for audit_id, override_id in rows:
        found[audit_id].append(str(override_id))
    return found


def _input(
    row: Row[*tuple[Any, ...]],
    figures: AuditFigures,
    overrides: list[str],
    sources: DocumentSources,
) -> AuditInput:
    score = from_document(row.lines)
    checklist = (row.checklist_id, row.version)
    points = figures.points(sources.policy).exact
    return AuditInput(
        {
            "audit": str(row.audit_id),
            "visit": str(row.visit_id),
            "revision": row.revision,
            "month": row.month,
            "sha256": row.document_sha256,
            "form": row.form_digest,
            "checklist": list(checklist),
            "outcome": figures.outcome,
            "score": [points.numerator, points.denominator],
            "milli": to_milli(points),
            "overrides": overrides,
        },
        figures.outcome,
        score,
        tags_of(sources.catalogue, checklist, score),
    )


def tags_of(
    catalogue: Catalogue, checklist: tuple[str, str], score: AuditScore
) -> dict[str, Mapping[str, Any]]:
    """Return the tags of a score's items; none for those that were never published."""
    items = catalogue.by_version.get(checklist, {})
    return {
        line.item_id: items[line.item_id].tags if line.item_id in items else {}
        for line in score.lines
    }
