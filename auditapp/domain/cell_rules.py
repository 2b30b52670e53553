"""Cells of the tier matrix, written as rules and read back from them.

A cell is one item at one tier, or at one trait for some tiers. Only lines that say no
more than that (``rainy``, or ``rainy`` with ``tier.small``) are rewritten; lines about
several traits, the day or the business stay as they are and where they are.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from auditapp.domain.applicability import (
    NEGATION,
    Condition,
    Place,
    Requirement,
    condition_of,
    numbered,
    resolve,
)

ItemDocument = Mapping[str, Any]
Line = dict[str, Any]

_TIER = "tier."


def trait_of(condition: Condition) -> str | None:
    """Return the one trait a line is about, None when it says more than a cell can."""
    if any(word.startswith(NEGATION) for word in condition):
        return None
    traits = [word for word in condition if "." not in word]
    tiers = [word for word in condition if word.startswith(_TIER)]
    is_plain = len(traits) == 1 and len(traits) + len(tiers) == len(condition)
    return traits[0] if is_plain and len(tiers) <= 1 else None


def base_of(item: ItemDocument, tiers: Sequence[str]) -> dict[str, str]:
    """Return the requirement of every tier before any line, as words."""
    written = item.get("applies", "all")
    if isinstance(written, str):
        return dict.fromkeys(tiers, Requirement.REQUIRED.value)
    return {tier: str(word) for tier, word in written.items()}


def acting(item: ItemDocument, trait: str, tiers: Sequence[str]) -> dict[str, str]:
    """Return what lines make of a hall with just this trait, where they act."""
    decided = {}
    base = base_of(item, tiers)
    lines = item.get("overrides", ())
    rules = numbered(lines, [line["set"] for line in lines])
    for tier in tiers:
        place = Place(tier, frozenset({trait}))
        decision = resolve(base[tier], rules, place).base
        is_about_it = decision.rule and trait in condition_of(
            lines[decision.rule - 1]["if"]
        )
        if is_about_it:
            decided[tier] = decision.outcome
    return decided


def with_tier(
    item: ItemDocument, tier: str, requirement: str, tiers: Sequence[str]
) -> dict[str, Any]:
    """Return the item with another requirement for a tier."""
    base = base_of(item, tiers) | {tier: requirement}
    is_all = set(base.values()) == {Requirement.REQUIRED.value}
    return {**item, "applies": "all" if is_all else {key: base[key] for key in tiers}}


def with_trait(
    item: ItemDocument,
    trait: str,
    wanted: Mapping[str, str | None],
    tiers: Sequence[str],
) -> dict[str, Any]:
    """Return the item with other requirements where a trait holds.

    ``wanted`` maps tiers to requirements, None for "no line about it"; tiers that are
    not in it stay as they are. The lines stand where the first of the trait's lines
    stood, or at the end, and at the end when a later one would win over them.
    """
    lines = [dict(line) for line in item.get("overrides", ())]
    own = [n for n, line in enumerate(lines) if trait_of(_condition(line)) == trait]
    said = {**acting_lines(lines, trait, tiers), **wanted}
    new = _lines(trait, {tier: said[tier] for tier in tiers if said.get(tier)}, tiers)
    rest = [line for n, line in enumerate(lines) if n not in own]
    place = own[0] if own else len(rest)
    changed = _with_lines(item, [*rest[:place], *new, *rest[place:]])
    if _says(changed, trait, wanted, tiers):
        return changed
    return _with_lines(item, [*rest, *new])


def acting_lines(
    lines: Sequence[Mapping[str, Any]], trait: str, tiers: Sequence[str]
) -> dict[str, str | None]:
    """Return what the trait's own plain lines say, by tier; the last one wins."""
    said: dict[str, str | None] = {}
    for line in lines:
        condition = _condition(line)
        if trait_of(condition) == trait:
            named = [word.removeprefix(_TIER) for word in condition if word != trait]
            said |= dict.fromkeys(named or tiers, line["set"])
    return said


def words_of(item: ItemDocument) -> Collection[str]:
    """Return the traits that any line of an item names, negated or not."""
    return {
        word.removeprefix(NEGATION)
        for line in item.get("overrides", ())
        for word in _condition(line)
        if "." not in word
    }


def _condition(line: Mapping[str, Any]) -> Condition:
    return condition_of(line["if"])


def _lines(
    trait: str, said: Mapping[str, str | None], tiers: Sequence[str]
) -> list[Line]:
    if len(said) == len(tiers) and len(set(said.values())) == 1:
        return [{"if": trait, "set": next(iter(said.values()))}]
    return [{"if": [trait, _TIER + tier], "set": word} for tier, word in said.items()]


def _with_lines(item: ItemDocument, lines: list[Line]) -> dict[str, Any]:
    changed = {key: value for key, value in item.items() if key != "overrides"}
    return {**changed, "overrides": lines} if lines else changed


def _says(
    item: ItemDocument,
    trait: str,
    wanted: Mapping[str, str | None],
    tiers: Sequence[str],
) -> bool:
    lines = item.get("overrides", ())
    base = base_of(item, tiers)
    rules = numbered(lines, [line["set"] for line in lines])
    return all(
        resolve(base[tier], rules, Place(tier, frozenset({trait}))).base.outcome == word
        for tier, word in wanted.items()
        if word is not None
    )
