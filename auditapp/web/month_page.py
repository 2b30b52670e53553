"""What the page of a hall's month shows of its scores and its history."""

from collections.abc import Sequence

from flask import url_for

from auditapp.domain.rounding import milli_to_tenths
from auditapp.domain.trend_chart import NARROW, WIDE, TrendMonth, draw_trend
from auditapp.reads.month_pages import PastMonth
from auditapp.web import month_words as words
from auditapp.web.frame import month_name, tenths
from auditapp.web.month_drawing import draw_bar, draw_bridge
from auditapp.web.month_ledger import SourceLine, counts, source_lines
from auditapp.web.month_view import (
    HallView,
    Parts,
    cuts_of,
    grades_text,
    grades_within,
)
from auditapp.web.texts import text as _


def score_parts(view: HallView, peers: Sequence[tuple[int, int | None]]) -> Parts:
    """Return the two scores and the sources; ``peers`` are (official, adjusted)."""
    return {
        "official": official_part(view, [each[0] for each in peers]),
        "adjusted": adjusted_part(view, [each[1] for each in peers if each[1]]),
        "sources": [source_part(view, line) for line in source_lines(view.document)],
        "step_name": words.step_name,
    }


def official_part(view: HallView, peers: Sequence[int]) -> Parts:
    """Return the official score with its range and grade."""
    official = view.document["official"]
    milli, half = official["milli"], official.get("half_milli") or 0
    present = [each for each in view.document["sources"] if counts(each)]
    shared = len(present) < len(view.document["sources"])
    if milli is None:
        return {"tenths": None, "is_shared_out": False}
    low, high = max(milli - half, 0), min(milli + half, 100_000)
    return {
        "tenths": milli_to_tenths(milli),
        "half_tenths": milli_to_tenths(half),
        "weight": sum(each["weight"] for each in present),
        "grade": grade_text(view, low, high),
        "is_shared_out": shared and not view.policy.is_anchored,
        "bar": draw_bar(milli, low, high, cuts_of(view.policy), peers=peers),
        "says": _(
            "Official score %(score)s, range %(low)s to %(high)s",
            score=tenths(milli_to_tenths(milli)),
            low=tenths(milli_to_tenths(low)),
            high=tenths(milli_to_tenths(high)),
        ),
    }


def grade_text(view: HallView, low_milli: int, high_milli: int) -> str:
    """Return the grade, both when the range crosses a cut, or that there is none."""
    official, policy = view.document["official"], view.policy
    present = [each for each in view.document["sources"] if counts(each)]
    is_thin = official["weight"] < policy.need_weight_pct
    if len(present) < policy.need_sources or is_thin:
        return _("not graded: too little evidence")
    within = official.get("grades") or grades_within(view.policy, low_milli, high_milli)
    return grades_text(within)


def adjusted_part(view: HallView, peers: Sequence[int]) -> Parts | None:
    """Return the adjusted score with its range and the bridge; None without one."""
    adjusted = view.document.get("adjusted")
    if not adjusted or adjusted.get("milli") is None:
        return None
    milli, low, high = (adjusted[k] for k in ("milli", "low_milli", "high_milli"))
    is_vague = (high - low) / 2 >= words.VAGUE_MILLI
    shown = words.adjusted_text(milli, low, high)
    official = view.document["official"]["milli"]
    bridge = adjusted.get("bridge")
    within = words.range_text(low, high)
    alone = adjusted.get("alone_milli")
    return {
        "big": _("hard to say") if is_vague else shown,
        "is_vague": is_vague,
        "range": within,
        "grade": grades_text(grades_within(view.policy, low, high)),
        "bar": draw_bar(milli, low, high, cuts_of(view.policy), peers=peers),
        "says": _(
            "Adjusted score %(score)s, range %(range)s", score=shown, range=within
        ),
        "bridge": draw_bridge(official, milli, bridge)
        if bridge and official is not None
        else None,
        "alone": None if alone is None else words.whole_points(alone),
        "changes": words.change_texts(adjusted.get("change")),
        "reliability": words.reliability_text(adjusted.get("reliability") or {}),
    }


def source_part(view: HallView, line: SourceLine) -> Parts:
    """Return one row of the table of sources."""
    has_score = line.tenths is not None
    return {
        "name": words.source_name(line.source),
        "weight": line.weight,
        "tenths": line.tenths,
        "adds_tenths": line.adds_tenths,
        "evidence": words.evidence_text(line.source, line.facts, view.month),
        "missing": words.missing_text(line.source, line.facts, view.policy),
        "address": url_for(
            "hall_months.source",
            hall_id=view.hall_id,
            month=view.month,
            source=line.source,
        )
        if has_score or line.facts.get("n")
        else None,
    }


def trend_parts(view: HallView, past: Sequence[PastMonth]) -> Parts:
    """Return the drawing of the months, twice, and their table, latest first."""
    months = [
        TrendMonth(
            month=each.month,
            official_milli=each.official_milli,
            adjusted_milli=each.adjusted_milli,
            low_milli=each.low_milli,
            high_milli=each.high_milli,
            peers_milli=each.peers_milli,
            standard=view.names.standard_in(each.month),
        )
        for each in past
    ]
    cuts = cuts_of(view.policy)
    return {
        "trend_wide": draw_trend(months, cuts, WIDE),
        "trend_narrow": draw_trend(months, cuts, NARROW),
        "trend_rows": [trend_row(each) for each in reversed(past)],
        "trend_says": _(
            "Official and adjusted scores from %(first)s to %(last)s; the table has"
            " every number.",
            first=month_name(months[0].month if months else view.month),
            last=month_name(months[-1].month if months else view.month),
        ),
    }


def trend_row(each: PastMonth) -> Parts:
    """Return one month as the table says it."""
    milli, low, high = each.adjusted_milli, each.low_milli or 0, each.high_milli or 0
    official = each.official_milli
    return {
        "month": each.month,
        "official": "–" if official is None else tenths(milli_to_tenths(official)),
        "adjusted": "–" if milli is None else words.adjusted_text(milli, low, high),
        "range": "–" if milli is None else words.range_text(low, high),
        "has_page": each.has_score,
    }
