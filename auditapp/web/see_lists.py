"""The halls, items and numbers behind a dashboard, as lists and files say them."""

from collections.abc import Mapping, Sequence
from typing import Any

from auditapp.domain.contradiction import BY_KIND
from auditapp.domain.vocabulary import Vocabulary, Word
from auditapp.reads.see import Figure
from auditapp.reads.see_halls import HallLine, ItemLine
from auditapp.web.frame import in_language
from auditapp.web.month_overview_page import Named
from auditapp.web.see_page import BACKSTAGE, points_text
from auditapp.web.texts import text as _

Parts = dict[str, Any]
Table = tuple[list[str], list[list[object]]]
BEGGING = "begging"


def alert_names(figures: Mapping[str, Figure]) -> list[Parts]:
    """Return what contradicts itself, the most frequent first."""
    rows = [
        {"kind": kind, "says": alert_name(kind), "halls": figure.halls}
        for kind, figure in figures.items()
    ]
    return sorted(rows, key=lambda row: -row["halls"])


def alert_name(kind: str) -> str:
    """Return what a contradiction says."""
    if kind == BEGGING:
        return _("Good marks seem to be asked for")
    return in_language(BY_KIND[kind].says) if kind in BY_KIND else kind


def alert_text(alert: Mapping[str, Any]) -> str:
    """Say one contradiction with what speaks for it."""
    return _(
        "%(says)s: %(voices)s of %(answered)s customers",
        says=alert_name(alert["kind"]),
        voices=alert["voices"],
        answered=alert["answered"],
    )


def hall_part(line: HallLine, named: Named, vocabulary: Vocabulary | None) -> Parts:
    """Return one hall of the list."""
    stages = vocabulary.stages if vocabulary else {}
    skills = vocabulary.tags["skill"] if vocabulary else {}
    alerts = [alert_text(alert) for alert in line.alerts]
    staging, half = line.staging_milli, line.staging_half_milli
    return {
        "hall_id": line.hall_id,
        "name": in_language(line.hall),
        "region": dict(named["regions"]).get(line.region_id, line.region_id),
        "tier": dict(named["tiers"]).get(line.tier, line.tier),
        "official": points_text(line.official_milli),
        "adjusted": points_text(line.adjusted_milli),
        "low": points_text(line.low_milli),
        "high": points_text(line.high_milli),
        "staging": points_text(staging),
        "staging_milli": staging,
        "staging_low": (staging or 0) - (half or 0),
        "staging_high": (staging or 0) + (half or 0),
        "staging_half": points_text(half),
        "is_staged": staging is not None and half is not None and staging > half,
        "alerts": [*alerts, *([alert_name(BEGGING)] if line.is_begging else [])],
        "worst": lowest(line.figures.get("stage", {}), stages),
        "skill": lowest(line.figures.get("skill", {}), skills),
    }


def lowest(figures: Mapping[str, int], known: Mapping[str, Word]) -> str:
    """Return the name and points of the lowest figure; empty without any."""
    found = {key: milli for key, milli in figures.items() if key in known}
    found.pop(BACKSTAGE, None)
    if not found:
        return ""
    key = min(found, key=lambda each: found[each])
    return f"{in_language(known[key].name)} {points_text(found[key])}"


def hall_cells(part: Parts) -> list[object]:
    """Return a hall's cells in the file."""
    return [
        part["hall_id"],
        part["name"],
        part["region"],
        part["tier"],
        *(
            number(part[name])
            for name in (
                "official", "adjusted", "low", "high", "staging", "staging_half"
            )
        ),
        "; ".join(part["alerts"]),
        part["worst"],
        part["skill"],
    ]  # fmt: skip


def number(text: str) -> str | None:
    """Return a number as files write it; None for a dash."""
    return None if text == "–" else text.replace("−", "-")


def item_part(line: ItemLine) -> Parts:
    """Return one item of the list."""
    return {
        "item_id": line.item_id,
        "name": in_language(line.name),
        "halls": line.halls,
        "failed": line.failed,
        "percent": round(100 * line.failed / line.halls),
        "mean": points_text(line.mean_milli),
    }


def chart_table(chart: str, parts: Parts) -> Table:
    """Return the numbers of a chart as a file's heading and rows."""
    if chart == "heat":
        return _heat(parts["heat"])
    if chart == "trend":
        heading = [_("Month"), _("Official"), _("Adjusted"), *_range()]
        return heading, _rows(
            parts["trend_rows"], "month", ("official", "adjusted", "low", "high")
        )
    if chart == "bands":
        return [_("Band"), _("Halls")], _rows(parts["bands"], "band", ["halls"])
    if chart == "causes":
        heading = [_("Cause"), _("Points"), "%", *_range()]
        return heading, [
            [p["name"], number(p["mean"]), p["percent"], p["low"], p["high"]]
            for p in parts["causes"]
        ]
    if chart == "departments":
        heading = [
            _("Department"), _("Points lost"), _("Open actions"), _("Late"),
            _("Open complaints"), _("On the month before"),
        ]  # fmt: skip
        keys = ["lost", "actions", "late", "complaints", "change"]
        return heading, _rows(parts["departments"], "name", keys)
    heading = [_("What"), _("Points"), *_range(), _("Peers"), _("Halls")]
    found = parts["profiles"].get(chart)
    keys = ["mean", "low", "high", "peers", "halls"]
    return heading, _rows(found["rows"] if found else [], "name", keys)


def _range() -> list[str]:
    return [_("Range from"), _("Range to")]


def _rows(rows: Sequence[Parts], first: str, keys: Sequence[str]) -> list[list[object]]:
    return [[row[first], *(number(str(row[key])) for key in keys)] for row in rows]


def _heat(heat: Parts) -> Table:
    tiers = dict(heat["tiers"])
    heading = [_("Region"), _("Tier"), _("Halls"), _("Adjusted"), "±"]
    return heading, [
        [row["name"], tiers[cell.tier], cell.halls, cell.mean, cell.half]
        for row in heat["rows"]
        for cell in row["cells"]
        if cell is not None
    ]
