"""A department's own page: what was lost to it, and what it puts right."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, render_template

from auditapp.domain.appeal import AppealState
from auditapp.domain.errors import NotFoundError
from auditapp.domain.month import later
from auditapp.domain.rounding import MILLI_PER_POINT
from auditapp.extensions import reading
from auditapp.reads.departments import READERS, DepartmentMonth, get_department_month
from auditapp.reads.see import YEAR
from auditapp.web.exports import csv_download
from auditapp.web.frame import in_language
from auditapp.web.security import current_actor, requires
from auditapp.web.see_lists import item_part
from auditapp.web.texts import text as _

bp = Blueprint("departments", __name__, url_prefix="/departments")

Line = dict[str, Any]
LISTS = ("months", "items", "halls")


@bp.get("/<department_id>/<month>")
@requires(*READERS)
def show(department_id: str, month: str) -> str:
    """Show a department's scorecard of a month."""
    with reading() as database:
        found = get_department_month(
            database, current_actor(), department_id, month, datetime.now(UTC)
        )
    return render_template(
        "departments/show.html",
        department_id=department_id,
        month=month,
        found=found,
        appeals=[(name, found.appeals.get(key, 0)) for key, name in appeal_names()],
        months=months_part(found, department_id, month),
        items=[item_part(line) for line in found.items],
        halls=halls_part(found),
    )


@bp.get("/<department_id>/<month>/<part>.csv")
@requires(*READERS)
def export(department_id: str, month: str, part: str) -> Response:
    """Answer with one of the page's lists as a table for a spreadsheet program."""
    if part not in LISTS:
        raise NotFoundError
    with reading() as database:
        found = get_department_month(
            database, current_actor(), department_id, month, datetime.now(UTC)
        )
    header, rows = table_of(part, found, department_id, month)
    return csv_download(f"{department_id}-{part}-{month}", header, rows)


def table_of(
    part: str, found: DepartmentMonth, department_id: str, month: str
) -> tuple[list[str], list[list[object]]]:
    """Return a list's head and rows."""
    if part == "months":
        months = months_part(found, department_id, month)
        return [_("Month"), _("Points")], [[x["month"], x["lost"]] for x in months]
    if part == "halls":
        header = [_("Hall"), _("Name"), _("Points")]
        halls = halls_part(found)
        return header, [[x["hall_id"], x["name"], x["lost"]] for x in halls]
    header = [_("Item"), _("Failed"), _("Asked"), _("Points")]
    items = [item_part(line) for line in found.items]
    return header, [[x["name"], x["failed"], x["halls"], x["mean"]] for x in items]


def months_part(found: DepartmentMonth, department_id: str, month: str) -> list[Line]:
    """Return the points that the mean hall lost to the department, month by month."""
    year = [later(month, -back) for back in range(YEAR)]
    lost = [
        {"month": each, "milli": found.owners[each].get(department_id, 0.0)}
        for each in year
        if each in found.owners
    ]
    return with_shares(lost)


def halls_part(found: DepartmentMonth) -> list[Line]:
    """Return the halls that lost most to the department."""
    return with_shares(
        [
            {
                "hall_id": each.hall_id,
                "name": in_language(each.hall),
                "milli": each.lost_milli,
            }
            for each in found.halls
        ]
    )


def with_shares(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with their points in words, and each as a share of the most."""
    most = max((line["milli"] for line in lines), default=0) or 1
    return [
        {
            **line,
            "lost": f"{line['milli'] / MILLI_PER_POINT:.2f}",
            "share": round(100 * line["milli"] / most, 1),
        }
        for line in lines
    ]


def appeal_names() -> list[tuple[str, str]]:
    """Return what became of appeals, in words."""
    return [
        (AppealState.OPEN.value, _("Open")),
        (AppealState.UPHELD.value, _("Result stands")),
        (AppealState.OVERTURNED.value, _("Overturned")),
        (AppealState.REJECTED.value, _("Rejected")),
    ]
