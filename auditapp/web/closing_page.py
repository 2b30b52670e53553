"""What stands against closing a month, and what a correction changed, in words."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from auditapp.domain.ledger_difference import LedgerChange
from auditapp.domain.month_words import FLAG_TEXTS
from auditapp.domain.rounding import milli_to_tenths
from auditapp.reads.ledgers import HallDifference
from auditapp.reads.month_closing import Closing, Obstacle
from auditapp.reads.month_names import MonthNames
from auditapp.web import month_words as words
from auditapp.web.frame import in_language, tenths
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _

Parts = dict[str, Any]

SHOWN_HALLS = 3
GRAVE = frozenset({"never_scored"})
# obstacles that are visits in one state
VISITS_IN = {
    "unreviewed": "in_review",
    "returned": "returned",
    "under_way": "under_way",
}


def obstacle_part(month: str, obstacle: Obstacle) -> Parts:
    """Return one thing that is missing, with the page where it can be put right."""
    why = in_language(FLAG_TEXTS[obstacle.detail]) if obstacle.detail else ""
    return {
        "state": "bad" if obstacle.code in GRAVE else "warn",
        "sign": _("Stands against it") if obstacle.code in GRAVE else _("To know"),
        "name": in_language(obstacle.text),
        "why": why,
        "halls": [
            {
                "hall_id": hall,
                "address": url_for("hall_months.show", hall_id=hall, month=month),
            }
            for hall in obstacle.hall_ids[:SHOWN_HALLS]
            if hall
        ],
        "more": max(len(obstacle.hall_ids) - SHOWN_HALLS, 0),
        "address": obstacle_address(month, obstacle),
        "count": "" if obstacle.code in GRAVE else str(obstacle.count),
    }


def obstacle_address(month: str, obstacle: Obstacle) -> str | None:
    """Return where the halls or visits of an obstacle are listed."""
    if obstacle.code in VISITS_IN:
        return url_for("visits.index", month=month, state=VISITS_IN[obstacle.code])
    lists: dict[str, tuple[str, Parts]] = {
        "unranked": ("months.not_ranked", {"month": month}),
        "revisits": ("months.show", {"month": month, "_anchor": "revisits-heading"}),
        "no_visit": ("visits.index", {"month": month}),
        "complaints_late": ("complaints.index", {}),
        "appeals_open": ("appeals.index", {"state": "open"}),
    }
    if obstacle.code not in lists:
        return None
    endpoint, arguments = lists[obstacle.code]
    return url_for(endpoint, **arguments)


def waiting_part(closing: Closing) -> str:
    """Say what came after the month was closed; empty when nothing did."""
    waiting, said = closing.waiting, []
    if waiting.responses:
        said.append(ngettext("%(num)s answer", "%(num)s answers", waiting.responses))
    if waiting.audits:
        said.append(ngettext("%(num)s audit", "%(num)s audits", waiting.audits))
    if waiting.overrides:
        said.append(
            ngettext("%(num)s correction", "%(num)s corrections", waiting.overrides)
        )
    return words.joined(said)


def difference_part(found: HallDifference, names: MonthNames) -> Parts:
    """Return what one hall's ledger changed."""
    return {
        "hall_id": found.hall_id,
        "name": found.hall,
        "before": score_text(found.before_milli),
        "after": score_text(found.after_milli),
        "lines": change_parts(found.changes, names),
    }


def change_parts(changes: Sequence[LedgerChange], names: MonthNames) -> list[Parts]:
    """Return each change as a row; the lines together are what the score moved by."""
    return [
        {
            "name": change_name(each, names),
            "why": change_why(each, names),
            "before": value_text(each, each.before),
            "after": value_text(each, each.after),
            "difference": difference_text(each),
        }
        for each in changes
    ]


def change_name(change: LedgerChange, names: MonthNames) -> str:
    """Return what changed."""
    source = words.source_name(change.source) if change.source else ""
    plain = {
        "official": _("Official score"),
        "adjusted": _("Adjusted score"),
        "policy": _("Policy"),
        "weight": _("Weight of %(source)s", source=source),
        "source": _("Mean of %(source)s", source=source),
        "responses": _("Answers taken: %(source)s", source=source),
        "input_added": _("Audit added: %(source)s", source=source),
        "input_removed": _("Audit taken out: %(source)s", source=source),
        "input_rescored": _("Audit scored again: %(source)s", source=source),
    }
    return plain.get(change.kind) or words.item_name(change.subject, names)


def change_why(change: LedgerChange, names: MonthNames) -> str:
    """Return where a line belongs."""
    if change.kind != "line":
        return ""
    cause = change.tags.get("cause")
    said = [words.source_name(change.source or "")]
    if cause:
        said.append(words.cause_name(cause))
    if change.tags.get("owner"):
        said.append(words.group_name("owner", change.tags["owner"], names))
    return words.joined(said)


def score_text(milli: int | None) -> str:
    """Say a score with its decimal."""
    return "–" if milli is None else tenths(milli_to_tenths(milli))


def value_text(change: LedgerChange, value: int | str | None) -> str:
    """Say a value of a change: points to three decimals, counts and names as they are.

    A line's points are lost points: they stand with a minus.
    """
    if value is None or isinstance(value, str):
        return value or "–"
    if change.kind in ("weight", "responses"):
        return str(value)
    return words.thousandths(-value if change.kind == "line" else value)


def difference_text(change: LedgerChange) -> str:
    """Say by how much something changed."""
    before, after = change.before, change.after
    if not isinstance(before, int) or not isinstance(after, int):
        return ""
    moved = before - after if change.kind == "line" else after - before
    if change.kind in ("weight", "responses"):
        return f"{moved:+d}".replace("-", "−")
    return ("+" if moved > 0 else "") + words.thousandths(moved)
