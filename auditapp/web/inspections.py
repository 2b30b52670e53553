"""The copy of an open inspection: the hall has it at once, and its inspector too."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template

from auditapp.domain.breakdown import item_ledger
from auditapp.domain.review_sheet import SheetLine, not_asked, sheet_lines
from auditapp.domain.signed_sheet import signed_sheet
from auditapp.extensions import reading
from auditapp.reads.review_parts import photos_by_place
from auditapp.reads.reviews import get_copy
from auditapp.web.security import current_actor, requires

bp = Blueprint("inspections", __name__)


@bp.get("/inspections/<uuid:audit_id>")
@requires()
def show(audit_id: UUID) -> str:
    """Show the copy to those who may have it; to others it does not exist."""
    with reading() as database:
        review = get_copy(database, current_actor(), audit_id)
    lines = sheet_lines(review.form, review.document, review.score)
    return render_template(
        "inspections/show.html",
        review=review,
        sheet=signed_sheet(review.form, review.document),
        ledger=item_ledger(review.score) if review.score else None,
        failed=[line for line in lines if line.is_failed],
        sections=by_section(review.form, lines),
        not_asked=not_asked(review.form, lines),
        photos=photos_by_place(review.photos),
    )


def by_section(
    form: Mapping[str, Any], lines: Sequence[SheetLine]
) -> list[tuple[Mapping[str, Any], list[SheetLine]]]:
    """Group what was asked in walking order."""
    grouped = [
        (
            section,
            [
                line
                for line in lines
                if line.item["section"] == section["id"] and line.state != "na"
            ],
        )
        for section in form["sections"]
    ]
    return [(section, found) for section, found in grouped if found]
