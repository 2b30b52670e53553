"""What the last visits to halls found wrong, for the next inspector to look at again.

An inspector never learns who made a visit: of a mystery visit there is the item and the
month, nothing else.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session

from auditapp.domain.answer_values import as_mapping
from auditapp.domain.inspection import KIND, worst_first
from auditapp.domain.visit import VisitState
from auditapp.store.audits import (
    IS_SCORE_OF_AUDIT,
    AuditRow,
    ScoreRow,
)
from auditapp.store.checklists import FormRow
from auditapp.store.visits import VisitRow

Finding = Mapping[str, Any]

COUNTED = (VisitState.ACCEPTED.value, VisitState.RELEASED.value)
_WORDS = ("id", "zh", "en", "short", "guide", "critical", "quality", "weight")


def last_findings(
    session: Session, hall_ids: Sequence[str]
) -> dict[str, list[Finding]]:
    """Return by hall what failed in its last visit of each kind, the gravest first."""
    found: dict[str, dict[str, Finding]] = {}
    for row in session.execute(_last_audits(hall_ids)):
        found.setdefault(row.hall_id, {}).update(_findings(row))
    return {hall: worst_first(by_item.values()) for hall, by_item in found.items()}


def last_draws(session: Session, hall_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return by hall which questions were drawn for its last inspection."""
    rows = session.execute(
        select(VisitRow.hall_id, VisitRow.brief)
        .where(
            VisitRow.kind == KIND,
            VisitRow.state != VisitState.REJECTED.value,
            VisitRow.hall_id.in_(hall_ids),
        )
        # many months may be planned at one time: the last is the latest month's
        .order_by(VisitRow.month, VisitRow.assigned_at)
    )
    return {row.hall_id: row.brief.get("drawn", []) for row in rows}


def _last_audits(hall_ids: Sequence[str]) -> Any:  # noqa: ANN401  a select of its columns
    ranked = (
        select(
            VisitRow.visit_id,
            func.row_number()
            .over(
                partition_by=(VisitRow.hall_id, VisitRow.kind),
                order_by=(VisitRow.month.desc(), VisitRow.accepted_at.desc()),
            )
            .label("place"),
        )
        .where(VisitRow.hall_id.in_(hall_ids), VisitRow.state.in_(COUNTED))
        .subquery()
    )
    return (
        select(
            VisitRow.hall_id,
            VisitRow.kind,
            VisitRow.month,
            FormRow.document.label("form"),
            AuditRow.document,
            ScoreRow.lines,
        )
        .join(ranked, and_(ranked.c.visit_id == VisitRow.visit_id, ranked.c.place == 1))
        .join(AuditRow, AuditRow.visit_id == VisitRow.visit_id)
        .join(FormRow, FormRow.digest == AuditRow.form_digest)
        .join(
            ScoreRow,
            IS_SCORE_OF_AUDIT,
        )
    )


def _findings(row: Row[Any]) -> Iterator[tuple[str, Finding]]:
    form = json.loads(row.form)
    document = json.loads(row.document) if row.kind == KIND else {}
    failed = {line["id"] for line in row.lines["lines"] if line["is_failed"]}
    for item in form["items"]:
        if item["id"] in failed:
            yield item["id"], _finding(item, row, document)
    open_before = as_mapping(document.get("rechecks"))
    for finding in form.get("findings", ()):
        entry = as_mapping(open_before.get(finding["id"]))
        if entry.get("result") == "not_fixed":
            yield finding["id"], finding


def _finding(item: Finding, row: Row[Any], document: Finding) -> Finding:
    words = {key: item[key] for key in _WORDS if key in item}
    finding = {**words, "source": row.kind, "month": row.month}
    answer = as_mapping(as_mapping(document.get("answers")).get(item["id"]))
    if answer.get("note"):  # of our own staff alone
        finding["note"] = answer["note"]
    if item["id"] in as_mapping(document.get("corrections")):
        finding["corrected"] = True
    return finding
