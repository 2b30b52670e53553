"""What was learned about items, in words and in lengths of drawings."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.domain.item_signs import (
    JUDGES_DISAGREE,
    MAKE_OPTIONAL,
    MAKE_REQUIRED,
    NOT_OBSERVABLE,
    RAISE_WEIGHT,
    TOO_EASY,
    ItemHealth,
)
from auditapp.reads.hall_requests import votes_for
from auditapp.reads.relevance import EffectLine, ProposalLine
from auditapp.reads.standards import VersionContent
from auditapp.services.item_proposals import parts_of
from auditapp.web.frame import in_language
from auditapp.web.standard_words import word_name
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _

Parts = dict[str, Any]
Appealed = Mapping[tuple[str, str, str], int]  # item, month, tier

MILLI = 1000
REACH_MILLI = 3000  # of the drawn axis, on both sides
SIGNS = {"matters": "good", "may_matter": "warn", "no_sign": "na"}


def item_names(content: VersionContent) -> dict[str, str]:
    """Return what every item of a version is called here."""
    return {
        item["id"]: in_language(item)
        for section in content.document["sections"]
        for item in section["items"]
    }


def word_of(word: str) -> str:
    """Return one of the four words."""
    names = {
        "matters": _("matters"),
        "may_matter": _("may matter"),
        "no_sign": _("no sign"),
    }
    return names.get(word, _("cannot tell yet"))


def proposal_name(kind: str) -> str:
    """Return what is proposed."""
    names = {
        MAKE_OPTIONAL: _("Make it optional here"),
        MAKE_REQUIRED: _("Require it here"),
        RAISE_WEIGHT: _("Raise its weight"),
        TOO_EASY: _("Too easy: always passed"),
        NOT_OBSERVABLE: _("Often not observable"),
        JUDGES_DISAGREE: _("Auditors judge it differently"),
    }
    return names.get(kind, kind)


def proposal_part(
    line: ProposalLine, content: VersionContent, votes: Mapping[tuple[str, str], int]
) -> Parts:
    """Return a proposal with its evidence in a sentence and the halls asking for it."""
    tiers, traits = parts_of(line.place)
    where = place_name(content, tiers, traits)
    name = item_names(content).get(line.item_id, line.item_id)
    return {
        "id": line.proposal_id,
        "item_id": line.item_id,
        "name": name,
        "what": proposal_name(line.kind),
        "where": where or _("everywhere"),
        "halls": line.halls,
        "evidence": evidence_text(line.evidence),
        "votes": votes_for(votes, line.item_id, tiers),
        "title": f"{proposal_name(line.kind)}{_(': ')}{name}"[:80],
    }


def place_name(
    content: VersionContent, tiers: Iterable[str], traits: Iterable[str]
) -> str:
    """Say a place: “Small hall, Rainy”."""
    return _(", ").join(
        [
            *(word_name(content.words.tiers, tier) for tier in tiers),
            *(word_name(content.words.traits, trait) for trait in traits if trait),
        ]
    )


def evidence_text(evidence: Mapping[str, Any]) -> str:
    """Say what a proposal rests on; association, never cause."""
    if "effect_milli" in evidence:
        return _(
            "Halls that have it are %(effect)s points apart in satisfaction, nine times"
            " in ten between %(low)s and %(high)s; %(halls)s halls compared.",
            effect=points(evidence["effect_milli"]),
            low=points(evidence["low_milli"]),
            high=points(evidence["high_milli"]),
            halls=evidence["halls"],
        )
    if "auditors" in evidence:
        return _(
            "%(auditors)s auditors lie %(spread)s percentage points apart (standard"
            " deviation) at halls of the same region and tier, in %(visits)s visits."
            " Its words or its guide leave too much open.",
            auditors=evidence["auditors"],
            spread=evidence["spread_pct"],
            visits=evidence["visits"],
        )
    return _(
        "Asked %(asked)s times: passed %(passed)s, not observed %(unseen)s.",
        asked=evidence["asked"],
        passed=evidence["passed"],
        unseen=evidence["not_observed"],
    )


def effect_part(line: EffectLine, content: VersionContent) -> Parts:
    """Return an effect as its row: words, figures, and lengths on an axis of 0–200."""
    low, high, effect = (
        _place(each) for each in (line.low_milli, line.high_milli, line.effect_milli)
    )
    interval = f"{points(line.low_milli)} … {points(line.high_milli)}"
    return {
        "item_id": line.item_id,
        "name": item_names(content).get(line.item_id, line.item_id),
        "tier": place_name(content, [line.tier], [line.trait]),
        "word": word_of(line.word),
        "sign": SIGNS.get(line.word, "unsure"),
        "effect": points(line.effect_milli),
        "range": interval,
        "halls": line.halls,
        "figures": _(", ").join(
            [points(line.effect_milli), interval, halls_text(line.halls)]
        ),
        "share": line.passed_pct,
        "is_protected": line.guard == "protected",
        "x": low,
        "width": max(high - low, 1),
        "mark": effect,
    }


def scatter(effects: Iterable[EffectLine], content: VersionContent) -> list[Parts]:
    """Return dots: performance from left to right, importance from bottom to top."""
    names = item_names(content)
    return [
        {
            "x": 40 + 5.5 * line.passed_pct,
            "y": 110 - _clipped(line.effect_milli) / REACH_MILLI * 95,
            "word": line.word,
            "says": f"{names.get(line.item_id, line.item_id)}{_(', ')}"
            f"{place_name(content, [line.tier], [line.trait])}{_(': ')}"
            f"{points(line.effect_milli)}{_(', ')}{line.passed_pct}%",
        }
        for line in effects
    ]


@dataclass(frozen=True, slots=True)
class EffectFilter:
    """Which effects to show: of a tier, and of a trait within it or of none."""

    tier: str
    trait: str

    def chosen(self, effects: Iterable[EffectLine]) -> list[EffectLine]:
        """Return the effects that are meant."""
        return [
            line
            for line in effects
            if line.trait == self.trait and self.tier in ("", line.tier)
        ]


def place_options(
    effects: Sequence[EffectLine], content: VersionContent
) -> dict[str, list[tuple[str, str]]]:
    """Return the tiers and traits that any effect is about, with their names."""
    tiers = {line.tier for line in effects}
    traits = {line.trait for line in effects if line.trait}
    return {
        "tiers": [(t, word_name(content.words.tiers, t)) for t in sorted(tiers)],
        "traits": [(t, word_name(content.words.traits, t)) for t in sorted(traits)],
    }


def record_parts(
    records: Mapping[str, ItemHealth], appealed: Appealed, content: VersionContent
) -> list[Parts]:
    """Return every item that was asked, the most often failed first."""
    names = item_names(content)
    by_item = _added_up(appealed, 0)
    found = [
        {"item_id": item, "name": names[item], **_figures(record, by_item[item])}
        for item, record in records.items()
        if item in names and record.asked
    ]
    return sorted(found, key=lambda each: (each["sort"], each["item_id"]))


def months_of(
    history: Iterable[tuple[str, str, ItemHealth]],
) -> dict[str, ItemHealth]:
    """Return an item's record by month, all tiers together."""
    return _together((month, record) for month, _tier, record in history)


def month_parts(months: Mapping[str, ItemHealth], appealed: Appealed) -> list[Parts]:
    """Return an item's months as rows of a table."""
    by_month = _added_up(appealed, 1)
    return [
        {"month": month, **_figures(record, by_month[month])}
        for month, record in months.items()
    ]


def tier_parts(
    history: Iterable[tuple[str, str, ItemHealth]],
    appealed: Appealed,
    content: VersionContent,
) -> list[Parts]:
    """Return an item's tiers, all months together."""
    by_tier = _added_up(appealed, 2)
    found = _together((tier, record) for _month, tier, record in history)
    return [
        {
            "tier": word_name(content.words.tiers, tier),
            **_figures(found[tier], by_tier[tier]),
        }
        for tier in content.words.tiers
        if tier in found
    ]


def points(milli: int) -> str:
    """Return points with sign and one decimal."""
    sign = "−" if milli < 0 else "+"
    return f"{sign}{abs(milli) / MILLI:.1f}"


def halls_text(count: int) -> str:
    """Say how many halls."""
    return ngettext("%(num)s hall", "%(num)s halls", count)


def _together(pairs: Iterable[tuple[str, ItemHealth]]) -> dict[str, ItemHealth]:
    found: dict[str, ItemHealth] = {}
    for key, record in pairs:
        found[key] = found.get(key, ItemHealth()).plus(record)
    return found


def _added_up(appealed: Appealed, key: int) -> Counter[str]:
    """Return appeals by one part of their key: item, month or tier."""
    found: Counter[str] = Counter()
    for each, count in appealed.items():
        found[each[key]] += count
    return found


def _figures(record: ItemHealth, appealed: int) -> Parts:
    passed, unseen = record.passed_pct, record.not_observed_pct
    return {
        "asked": record.asked,
        "passed": "–" if passed is None else f"{passed:.0f}%",
        "unseen": "–" if unseen is None else f"{unseen:.0f}%",
        "appealed": appealed or "–",
        "overturned": record.overturned or "–",
        "sort": 100.0 if passed is None else passed,
    }


def _clipped(milli: int) -> int:
    return max(-REACH_MILLI, min(REACH_MILLI, milli))


def _place(milli: int) -> float:
    return 100 + 100 * _clipped(milli) / REACH_MILLI
