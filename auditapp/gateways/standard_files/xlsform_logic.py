"""Where and when an item is asked, as ODK's expressions say it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from auditapp.domain.applicability import bare, condition_of

# questions of our own at the top of the form: what kind of hall, what day, what for
TIER, TRAITS, TODAY, SCENARIO = (
    "auditapp_tier", "auditapp_traits", "auditapp_today", "auditapp_scenario",
)  # fmt: skip
NEEDED = "auditapp_req_"  # and the item's id: required, optional or not_applicable
NEVER = "never"
_LIMIT = re.compile(r"(<=|>=|<|>)(\d+(?:\.\d+)?)")


def holds(word: str) -> str:
    """Return the expression of one word of a condition."""
    name = bare(word)
    kind, _, value = name.rpartition(".")
    said = {
        "tier": f"${{{TIER}}} = '{value}'",
        "scenario": f"${{{SCENARIO}}} = '{value}'",
        "today": f"selected(${{{TODAY}}}, '{value}')",
    }.get(kind, f"selected(${{{TRAITS}}}, '{name}')")
    return said if name == word else f"not({said})"


def requirement(item: Mapping[str, Any], tiers: Sequence[str]) -> str:
    """Return what an item asks: a word in quotes, or an expression that gives one."""
    applies = item.get("applies", "all")
    said = "'required'"
    if isinstance(applies, Mapping):
        words = {tier: str(applies.get(tier, "required")) for tier in tiers}
        said = f"'{words[tiers[-1]]}'"
        if len(set(words.values())) > 1:
            for tier in reversed(tiers[:-1]):
                said = f"if({holds('tier.' + tier)}, '{words[tier]}', {said})"
    for rule in item.get("overrides", ()):
        condition = " and ".join(map(holds, condition_of(rule["if"])))
        said = f"if({condition}, '{rule['set']}', {said})"
    return said


def words_used(items: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the words that any item's requirement depends on."""
    used = set()
    for item in items:
        for rule in item.get("overrides", ()):
            used |= {bare(word) for word in condition_of(rule["if"])}
        applies = item.get("applies")
        if isinstance(applies, Mapping) and len(set(applies.values())) > 1:
            used |= {f"tier.{tier}" for tier in applies}
    return used


def asked_if(item: Mapping[str, Any]) -> tuple[list[str], bool]:
    """Return the conditions on earlier answers, and whether one cannot be said."""
    said, is_whole = [], True
    for reference, wanted in item.get("ask_if", {}).items():
        answers = wanted if isinstance(wanted, list) else [wanted]
        sayable = [each for each in answers if each != NEVER]
        is_whole = is_whole and len(sayable) == len(answers)
        parts = [_answer(reference, each) for each in sayable]
        if len(parts) == 1:
            said += parts
        elif parts:
            said.append(f"({' or '.join(parts)})")
    return said, is_whole


def _answer(reference: str, wanted: Any) -> str:  # noqa: ANN401
    limit = _LIMIT.fullmatch(wanted) if isinstance(wanted, str) else None
    if limit:
        return f"${{{reference}}} {limit[1]} {limit[2]}"
    value = f"'{wanted}'" if isinstance(wanted, str) else str(wanted)
    return f"${{{reference}}} = {value}"
