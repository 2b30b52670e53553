"""A replay's figures in words and in drawings' lengths."""

from collections.abc import Mapping, Sequence
from typing import Any

from auditapp.domain.replay import HEAD
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.domain.what_if import BIN_MILLI
from auditapp.web.frame import in_language
from auditapp.web.standard_words import word_name
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _

Parts = dict[str, Any]
Summary = Mapping[str, Any]

MOST_ITEMS = 12
MILLI = 1000
SMALL_SHARE = 0.25  # of halls: more that move is no small effect


def score_text(milli: int | None) -> str:
    """Return a score with one decimal."""
    return "–" if milli is None else f"{milli / MILLI:.1f}"


def change_text(milli: int | None) -> str:
    """Return a change with its sign."""
    if milli is None:
        return "–"
    return _signed(milli, 2)


def _signed(milli: int, digits: int) -> str:
    sign = "−" if milli < 0 else "+" if milli > 0 else "±"
    return f"{sign}{abs(milli) / MILLI:.{digits}f}"


def result_parts(
    summary: Summary,
    names: Mapping[str, Mapping[str, str]],
    words: Vocabulary | None,
    regions: Mapping[str, Text],
) -> Parts:
    """Return everything the page of a finished replay says."""
    tiers = words.tiers if words else {}
    traits = words.traits if words else {}
    grades = sum(count for *_pair, count in summary["grade_changes"])
    tops = max((count for _edge, count in summary["bins"]), default=1)
    return {
        "answer": answer_text(summary, grades),
        "summary": summary,
        "grades": grades,
        "grade_lines": [
            (f"{one} → {other}", count)
            for one, other, count in summary["grade_changes"]
        ],
        "mean": change_text(summary["mean_milli"]),
        "lowest": change_text(summary["lowest_milli"]),
        "highest": change_text(summary["highest_milli"]),
        "rank": _decimals(summary["rank"]),
        "lowest_rank": _decimals(summary["lowest_rank"]),
        "lowest_tier": word_name(tiers, summary["lowest_tier"] or ""),
        "bins": [
            {
                "label": f"{_signed(edge, 1)} … {_signed(edge + BIN_MILLI, 1)}",
                "count": count,
                "width": round(100 * count / tops),
            }
            for edge, count in summary["bins"]
        ],
        "groups": [
            (_("Tier"), _groups(summary["by_tier"], lambda key: word_name(tiers, key))),
            (
                _("Region"),
                _groups(
                    summary["by_region"],
                    lambda key: in_language(regions[key]) if key in regions else key,
                ),
            ),
            (
                _("Trait"),
                _groups(summary["by_trait"], lambda key: word_name(traits, key)),
            ),
        ],
        "unknown": _counts(summary["unknown"], names),
        "moved": _moved(summary, names),
        "together": _per_visit(summary, summary["together_milli"]),
        "beside": _per_visit(
            summary, summary["together_milli"] - sum(summary["moved_milli"].values())
        ),
        "validity": _validity(summary["validity"]),
    }


def answer_text(summary: Summary, grades: int) -> str:
    """Say in a sentence what the draft would have done."""
    halls, moved = summary["halls"], summary["moved_halls"]
    if not moved:
        return _("Nothing moves: no hall's score would have been another.")
    is_small = not summary["beyond_error"] and moved <= SMALL_SHARE * halls
    size = _("A small effect") if is_small else _("An effect to look at")
    within = (
        _("every change lies within the hall's own range")
        if not summary["beyond_error"]
        else ngettext(
            "%(num)s change is larger than the hall's own range",
            "%(num)s changes are larger than the hall's own range",
            summary["beyond_error"],
        )
    )
    moved_text = _("%(moved)s of %(halls)s halls move", moved=moved, halls=halls)
    graded = ngettext("%(num)s grade changes", "%(num)s grades change", grades)
    return _(
        "%(size)s: %(moved)s, %(within)s; %(grades)s.",
        size=size,
        moved=moved_text,
        within=within,
        grades=graded,
    )


def _decimals(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _groups(groups: Any, named: Any) -> list[Parts]:  # noqa: ANN401
    return [
        {
            "name": named(each["id"]),
            "hall_months": each["hall_months"],
            "moved": each["moved"],
            "mean": change_text(each["mean_milli"]),
            "unknown": each["unknown_items"],
        }
        for each in groups
    ]


def _counts(
    counts: Mapping[str, int], names: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, int]]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(_named(item, names), count) for item, count in ranked if count]


def _moved(
    summary: Summary, names: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str]]:
    """Return what the changes that do most do alone to a visit, on average."""
    ranked = sorted(
        summary["moved_milli"].items(), key=lambda pair: (-abs(pair[1]), pair[0])
    )
    return [
        (_named(item, names), _per_visit(summary, total))
        for item, total in ranked[:MOST_ITEMS]
        if total
    ]


def _per_visit(summary: Summary, total_milli: int) -> str:
    return change_text(round(total_milli / (summary["alone"] or 1)))


def _validity(found: Mapping[str, Any] | None) -> Parts | None:
    """Return how well visits foretell callbacks, in figures and a sentence."""
    if not found:
        return None
    if found["low"] > 0:
        says = _("The draft's scores foretell later callbacks better.")
    elif found["high"] < 0:
        says = _("The draft's scores foretell later callbacks worse.")
    else:
        says = _("Nobody can tell which of the two foretells later callbacks better.")
    return {
        "says": says,
        "sign": "good"
        if found["low"] > 0
        else "bad"
        if found["high"] < 0
        else "unsure",
        "before": _correlation(found["before"], found["before_range"]),
        "after": _correlation(found["after"], found["after_range"]),
        "low": _signed(round(found["low"] * MILLI), 2),
        "high": _signed(round(found["high"] * MILLI), 2),
        "halls": found["halls"],
        "first": found["first"],
        "second": found["second"],
    }


def _correlation(value: float, bounds: Sequence[float]) -> str:
    low, high = (_signed(round(each * MILLI), 2) for each in bounds)
    return f"{value:.2f} ({low} … {high})"


def _named(item: str, names: Mapping[str, Mapping[str, str]]) -> str:
    if item == HEAD:
        return _("Pass mark, cap and least coverage")
    return in_language(names[item]) if item in names else item
