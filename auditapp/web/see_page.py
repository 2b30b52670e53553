"""What a dashboard shows, in words and places."""

from collections.abc import Mapping, Sequence
from typing import Any

from auditapp.domain.attribution import CAUSES
from auditapp.domain.month import later
from auditapp.domain.policy import Policy
from auditapp.domain.profile_chart import ProfileMean, draw_profile, lowest_rows
from auditapp.domain.rounding import FULL_MILLI, MILLI_PER_POINT
from auditapp.domain.trend_chart import NARROW, WIDE, TrendMonth, draw_trend
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.month_board import Cell
from auditapp.reads.month_scores import MonthFilter
from auditapp.reads.see import YEAR, Figure, SeeFilter, Seen
from auditapp.reads.see_halls import OwnerWork
from auditapp.web import month_words as words
from auditapp.web.frame import in_language, month_name, tenths
from auditapp.web.month_ledger import SAYING
from auditapp.web.month_overview_page import Named, heat_part, place_name
from auditapp.web.month_view import cuts_of
from auditapp.web.texts import text as _

Parts = dict[str, Any]
MILLI_PER_TENTH = 100
PROFILES = ("stage", "rater", "skill", "group", "quality")
BACKSTAGE = "backstage"  # no customer is there


def see_part(seen: Seen, named: Named, wanted: SeeFilter, policy: Policy) -> Parts:
    """Return everything of scores that ``see/show.html`` draws."""
    as_month = MonthFilter(wanted.month, wanted.region_id, wanted.tier, wanted.trait)
    cells = [
        Cell(region, tier, place.halls, place.mean_milli, place.half_milli)
        for (region, tier), place in seen.cells.items()
    ]
    return {
        "place": place_name(named, as_month),
        "heat": heat_part(cells, named, as_month),
        **trend_part(seen, wanted, policy),
        "bands": bands_part(seen.figures.get("band", {})),
        **causes_part(seen.figures.get("cause", {})),
    }


def trend_part(seen: Seen, wanted: SeeFilter, policy: Policy) -> Parts:
    """Return the twelve months drawn, and the same as rows, the latest first."""
    months = [later(wanted.month, -back) for back in range(YEAR - 1, -1, -1)]
    # a company that began later has no empty months to show
    months = months[next((i for i, m in enumerate(months) if m in seen.trend), 0) :]
    points = [trend_month(month, seen) for month in months]
    return {
        "trend_wide": draw_trend(points, cuts_of(policy), WIDE),
        "trend_narrow": draw_trend(points, cuts_of(policy), NARROW),
        "trend_says": _(
            "Mean scores from %(first)s to %(last)s",
            first=month_name(months[0]),
            last=month_name(months[-1]),
        ),
        "trend_rows": [
            {
                "month": each.month,
                "official": points_text(each.official_milli),
                "adjusted": points_text(each.adjusted_milli),
                "low": points_text(each.low_milli),
                "high": points_text(each.high_milli),
            }
            for each in reversed(points)
        ],
    }


def trend_month(month: str, seen: Seen) -> TrendMonth:
    """Return one month of the year, empty where nobody was scored."""
    place = seen.trend.get(month)
    if place is None or place.mean_milli is None:
        return TrendMonth(month, None, None, None, None, None)
    mean, half = place.mean_milli, place.half_milli
    return TrendMonth(
        month,
        None if place.official_milli is None else round(place.official_milli),
        round(mean),
        round(mean - half),
        round(mean + half),
        None,
    )


def points_text(milli: float | None) -> str:
    """Say milli-points with one decimal; a dash for none."""
    return "–" if milli is None else tenths(round(milli / MILLI_PER_TENTH))


def bands_part(figures: Mapping[str, Figure]) -> list[Parts]:
    """Return how many of the halls stand in each of the country's bands."""
    most = max((each.halls for each in figures.values()), default=1)
    return [
        {
            "band": int(band),
            "halls": figures[band].halls,
            "share": round(100 * figures[band].halls / most),
        }
        for band in sorted(figures, key=int)
    ]


def causes_part(figures: Mapping[str, Figure]) -> Parts:
    """Return whose the points lost are, with the range of each share."""
    lost = {cause: figures[cause] for cause in CAUSES if cause in figures}
    whole = sum(each.total_milli for each in lost.values())
    if not whole:
        return {"causes": []}
    parts = [
        {
            "key": cause,
            "name": words.cause_name(cause),
            "lost": each.total_milli,
            "mean": points_text(each.mean_milli),
            "percent": round(100 * each.total_milli / whole),
            **share_range(each, whole),
        }
        for cause, each in lost.items()
    ]
    return {
        "causes": parts,
        "causes_say": words.joined(f"{p['name']} {p['percent']}%" for p in parts),
        "saying": [{"key": key, "lost": share} for key, share in SAYING],
    }


def share_range(figure: Figure, whole: float) -> dict[str, int]:
    """Return between which percents a share lies; wider rather than narrower."""
    share = 100 * figure.total_milli / whole
    error = share * figure.half_milli / figure.mean_milli if figure.mean_milli else 0
    return {"low": max(round(share - error), 0), "high": min(round(share + error), 100)}


def profile_rows(
    dimension: str, figures: Mapping[str, Figure], vocabulary: Vocabulary | None
) -> list[ProfileMean]:
    """Return a profile's rows in the order of the vocabulary."""
    if vocabulary is None:
        return []
    known = (
        vocabulary.stages
        if dimension == "stage"
        else vocabulary.tags.get(dimension, {})
    )
    return [
        ProfileMean(
            key,
            in_language(word.name),
            figures[key].mean_milli,
            figures[key].half_milli,
            figures[key].peers_milli,
        )
        for key, word in known.items()
        if key in figures and key != BACKSTAGE
    ]


def profiles_part(
    figures: Mapping[str, Mapping[str, Figure]], vocabulary: Vocabulary | None
) -> dict[str, Parts]:
    """Return every profile that has rows: drawn wide and narrow, and as a table."""
    found = {}
    for dimension in PROFILES:
        rows = profile_rows(dimension, figures.get(dimension, {}), vocabulary)
        if rows:
            found[dimension] = profile_part(dimension, rows, figures[dimension])
    return found


def profile_part(
    dimension: str, rows: Sequence[ProfileMean], figures: Mapping[str, Figure]
) -> Parts:
    """Return one profile; ``worst`` names the lowest and who cannot be told from it."""
    return {
        "dimension": dimension,
        "wide": draw_profile(rows, is_wide=True),
        "narrow": draw_profile(rows, is_wide=False),
        "worst": [row.name for row in lowest_rows(rows)],
        "has_peers": any(row.peers_milli is not None for row in rows),
        "rows": [
            {
                "key": row.key,
                "name": row.name,
                "mean": points_text(row.mean_milli),
                "half": points_text(row.half_milli),
                "low": points_text(max(row.mean_milli - row.half_milli, 0)),
                "high": points_text(min(row.mean_milli + row.half_milli, FULL_MILLI)),
                "peers": points_text(row.peers_milli),
                "sign": sign_of(row),
                "halls": figures[row.key].halls,
            }
            for row in rows
        ],
    }


def sign_of(row: ProfileMean) -> str:
    """Return an arrow where the halls differ from their peers for certain."""
    if (
        row.peers_milli is None
        or abs(row.mean_milli - row.peers_milli) <= row.half_milli
    ):
        return ""
    return "▲" if row.mean_milli > row.peers_milli else "▼"


def owners_part(seen: Seen, work: Mapping[str, OwnerWork], month: str) -> list[Parts]:
    """Return the scorecards of departments that lost points or have work to do."""
    now = seen.owners.get(month, {})
    before = seen.owners.get(later(month, -1))
    most = max((now.get(key, 0.0) for key in work), default=0) or 1
    rows = []
    for key, each in work.items():
        lost = now.get(key, 0.0)
        if not lost and not each.actions and not each.complaints:
            continue
        rows.append(
            {
                "key": key,
                "name": in_language(each.name),
                "milli": lost,
                "lost": f"{lost / MILLI_PER_POINT:.2f}",
                "share": round(100 * lost / most, 1),
                "actions": each.actions,
                "late": each.late,
                "complaints": each.complaints,
                **change_of(lost, None if before is None else before.get(key, 0.0)),
            }
        )
    return sorted(rows, key=lambda row: -row["milli"])


def change_of(now: float, before: float | None) -> dict[str, str]:
    """Return how much more or less was lost than the month before."""
    if before is None:
        return {"change": "–", "arrow": ""}
    change = round((now - before) / MILLI_PER_POINT, 2)
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    arrow = "up" if change > 0 else "down" if change < 0 else "flat"
    return {"change": f"{sign}{abs(change):.2f}", "arrow": arrow}
