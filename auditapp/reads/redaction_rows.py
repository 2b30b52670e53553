"""Finding the redaction that holds for a photo, for whoever reads photos."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from auditapp.domain.redaction import Cover, Redaction
from auditapp.store.redactions import RedactionRow


def is_latest() -> ColumnElement[bool]:
    """Return that a redaction is the one that holds for its photo."""
    other = aliased(RedactionRow)
    latest = (
        select(func.max(other.number))
        .where(
            other.audit_id == RedactionRow.audit_id,
            other.sha256 == RedactionRow.sha256,
        )
        .correlate(RedactionRow)
        .scalar_subquery()
    )
    return RedactionRow.number == latest


def redaction_of(row: RedactionRow) -> Redaction:
    """Return a stored redaction."""
    covers = tuple(Cover(**each) for each in row.covers)
    return Redaction(row.redaction_id, row.number, covers, row.is_shown)
