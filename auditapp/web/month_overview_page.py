"""What the overview of a month shows: bands, heat map, tasks, in words and places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from auditapp.domain.policy import Policy
from auditapp.domain.rounding import MILLI_PER_POINT, milli_to_tenths
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.month_board import Cell, Overview, Revisit
from auditapp.reads.month_scores import LAST_BAND, HallScore, MonthFilter
from auditapp.web import month_words as words
from auditapp.web.frame import in_language, tenths
from auditapp.web.month_drawing import POINTS_IN_LISTS, draw_bar
from auditapp.web.month_flags import reason_text
from auditapp.web.month_ledger import SAYING
from auditapp.web.month_view import cuts_of
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _

Cuts = Sequence[tuple[int, str]]
Parts = dict[str, Any]
Named = Mapping[str, Sequence[tuple[str, str]]]

CLEARLY = 2  # times the error of a difference: two arrows
USUAL_HEAT = 3


def names_of(
    regions: Sequence[tuple[str, Text]], vocabulary: Vocabulary | None
) -> Named:
    """Return the choices of a filter, each as (id, name)."""
    tiers = vocabulary.tiers if vocabulary else {}
    traits = vocabulary.traits if vocabulary else {}
    return {
        "regions": [(key, in_language(name)) for key, name in regions],
        "tiers": [(key, in_language(word.name)) for key, word in tiers.items()],
        "traits": [(key, in_language(word.name)) for key, word in traits.items()],
    }


def overview_part(
    found: Overview, policy: Policy, named: Named, wanted: MonthFilter
) -> Parts:
    """Return everything ``months/overview.html`` draws."""
    after = found.after
    return {
        "place": place_name(named, wanted),
        "totals": found.totals,
        "heat": heat_part(found.cells, named, wanted),
        "bands": bands_part(found.ranked, found.bands, cuts_of(policy)),
        "after": f"{after.band}~{after.adjusted_milli}~{after.hall_id}"
        if after
        else None,
        "not_ranked": [not_ranked_part(line, policy) for line in found.not_ranked],
        "more_not_ranked": found.has_more_not_ranked,
        "revisits": [revisit_part(task) for task in found.revisits],
        "revisit_count": found.revisit_count,
        **causes_part(found.causes),
    }


def place_name(named: Named, wanted: MonthFilter) -> str:
    """Return what the page is about: the country, or what the filter left of it."""
    chosen = [
        dict(named[kind]).get(key or "")
        for kind, key in (
            ("regions", wanted.region_id),
            ("tiers", wanted.tier),
            ("traits", wanted.trait),
        )
    ]
    said = [name for name in chosen if name]
    if not wanted.region_id and len(named["regions"]) == 1:
        said.insert(0, named["regions"][0][1])
    return words.joined(said) or _("The whole country")


def causes_part(causes: Mapping[str, int]) -> Parts:
    """Return where the customers of all these halls saw the cause of low answers."""
    whole = sum(causes.values())
    if not whole:
        return {"causes": []}
    parts = [
        {
            "key": key,
            "name": words.cause_name(key),
            "lost": count,
            "percent": round(100 * count / whole),
        }
        for key, count in causes.items()
    ]
    return {
        "causes": parts,
        "causes_count": whole,
        "causes_say": words.joined(f"{p['name']} {p['percent']}%" for p in parts),
        "saying": [{"key": key, "lost": share} for key, share in SAYING],
    }


def bands_part(
    lines: Sequence[HallScore], counts: Mapping[int, int], cuts: Cuts
) -> list[Parts]:
    """Group ranked halls by band; places count the halls of the whole country."""
    before, starts = 0, dict[int, int]()
    for band, count in counts.items():
        starts[band] = before
        before += count
    return [
        {
            "name": band_name(band, counts.get(band, 0)),
            "places": places_text(starts.get(band, 0), counts.get(band, 0)),
            "halls": [ranked_part(line, cuts) for line in halls],
        }
        for band, halls in groupby(lines, key=lambda line: line.band or LAST_BAND)
    ]


def band_name(band: int, count: int) -> str:
    """Return what a band is called, with how many halls share it."""
    halls = ngettext("%(num)s hall", "%(num)s halls", count)
    if band == 1:
        return _("Band 1, %(halls)s that cannot be told apart", halls=halls)
    return _("Band %(number)s, %(halls)s", number=band, halls=halls)


def places_text(before: int, count: int) -> str:
    """Return the ranks that a band shares."""
    if count <= 1:
        return _("rank %(first)s", first=before + 1)
    return _("shared rank %(first)s–%(last)s", first=before + 1, last=before + count)


def ranked_part(line: HallScore, cuts: Cuts) -> Parts:
    """Return one ranked hall with its drawing."""
    milli, low, high = (
        value or 0 for value in (line.adjusted_milli, line.low_milli, line.high_milli)
    )
    name = in_language(line.hall)
    within = words.range_text(low, high)
    score = words.adjusted_text(milli, low, high)
    return {
        "hall_id": line.hall_id,
        "name": name,
        "score": score,
        "range": within,
        "moved": moved_text(line.listed_milli),
        "is_worst_tenth": line.is_worst_tenth,
        "bar": draw_bar(milli, low, high, cuts, scale=POINTS_IN_LISTS),
        "says": _(
            "%(hall)s: adjusted %(score)s, range %(range)s",
            hall=name,
            score=score,
            range=within,
        ),
    }


def moved_text(milli: int | None) -> str:
    """Say how far a hall has really moved: ▲6.1, ▼4.0; empty when none knows."""
    if milli is None:
        return ""
    return ("▲" if milli > 0 else "▼") + tenths(abs(milli_to_tenths(milli)))


def not_ranked_part(line: HallScore, policy: Policy) -> Parts:
    """Return one hall that is not ranked, and why in words."""
    official = line.official_milli
    return {
        "hall_id": line.hall_id,
        "name": in_language(line.hall),
        "why": reason_text(line, policy),
        "score": "–" if official is None else tenths(milli_to_tenths(official)),
    }


def revisit_part(task: Revisit) -> Parts:
    """Return one task with its reason."""
    gap = words.short_points(abs(task.gap_milli))
    why = (
        _("visit %(gap)s points below the customers", gap=gap)
        if task.gap_milli < 0
        else _("visit %(gap)s points above the customers", gap=gap)
    )
    return {
        "hall_id": task.hall_id,
        "hall": task.hall,
        "why": why,
        "is_planned": task.is_planned,
    }


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell as it is printed; ``sign`` only when the difference is real."""

    tier: str
    halls: int
    mean: str
    half: str
    heat: int
    sign: str
    says: str


def heat_part(cells: Sequence[Cell], named: Named, wanted: MonthFilter) -> Parts:
    """Return the map of regions and tiers that have halls in this month."""
    by_place = {(cell.region_id, cell.tier): cell for cell in cells}
    mean, half = mean_of(cells)
    shown = [
        (tier, name)
        for tier, name in named["tiers"]
        if any(c.tier == tier for c in cells)
    ]
    rows = [
        {
            "region_id": region,
            "name": name,
            "cells": [
                heat_cell(by_place.get((region, tier)), mean, half)
                for tier, _name in shown
            ],
        }
        for region, name in named["regions"]
        if any(cell.region_id == region for cell in cells)
    ]
    return {
        "tiers": shown,
        "rows": rows,
        "mean": None if mean is None else words.whole_points(round(mean)),
        "query": {"trait": wanted.trait} if wanted.trait else {},
    }


def mean_of(cells: Sequence[Cell]) -> tuple[float | None, float]:
    """Return the mean of all halls in the cells and its half-width."""
    known = [cell for cell in cells if cell.mean_milli is not None]
    halls = sum(cell.halls for cell in known)
    if not halls:
        return None, 0.0
    mean = sum((cell.mean_milli or 0) * cell.halls for cell in known) / halls
    squares = sum((cell.half_milli * cell.halls) ** 2 for cell in known)
    return mean, float(squares**0.5) / halls


def heat_cell(cell: Cell | None, mean: float | None, half: float) -> HeatCell | None:
    """Return one cell; an arrow says that its halls differ from all for certain."""
    if cell is None:
        return None
    if cell.mean_milli is None or mean is None:
        return HeatCell(cell.tier, cell.halls, "", "", USUAL_HEAT, "", "")
    away = cell.mean_milli - mean
    error = (cell.half_milli**2 + half**2) ** 0.5
    steps = 0 if abs(away) <= error else 2 if abs(away) > CLEARLY * error else 1
    direction = 1 if away > 0 else -1
    says = {
        2: _("clearly higher"),
        1: _("higher"),
        -1: _("lower"),
        -2: _("clearly lower"),
    }
    return HeatCell(
        tier=cell.tier,
        halls=cell.halls,
        mean=words.whole_points(round(cell.mean_milli)),
        half=f"{cell.half_milli / MILLI_PER_POINT:.1f}",
        heat=USUAL_HEAT + direction * steps,
        sign=("▲" if away > 0 else "▼") * steps,
        says=says.get(direction * steps, ""),
    )
