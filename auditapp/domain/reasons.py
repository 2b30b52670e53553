"""Why an item is asked or not, in one sentence: written once, read everywhere."""

from collections.abc import Sequence

from auditapp.domain.applicability import (
    NEGATION,
    Condition,
    Decision,
    Place,
    Requirement,
    bare,
    word_holds,
)
from auditapp.domain.checklist import Item
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary, Word

_VERDICTS = {
    Requirement.REQUIRED: Text("必查", "Required"),
    Requirement.OPTIONAL: Text("可选", "Optional"),
    Requirement.NOT_APPLICABLE: Text("不问", "Not asked"),
}


def reason(
    item: Item, decision: Decision[Requirement], place: Place, vocabulary: Vocabulary
) -> Text:
    """Return the sentence for the decision taken on an item at a place."""
    if decision.rule:
        condition = item.overrides[decision.rule - 1].condition
        return _because(condition, decision.outcome, vocabulary)
    if decision.outcome is Requirement.NOT_APPLICABLE:
        openings = _openings(item, place)
        if openings:
            return _only_if(openings, vocabulary)
    return _by_tier(item, decision.outcome, vocabulary.tiers[place.tier])


def _by_tier(item: Item, requirement: Requirement, tier: Word) -> Text:
    verdict = _VERDICTS[requirement]
    if set(item.applies.values()) == {requirement}:
        return Text(f"全部等级{verdict.zh}", f"{verdict.en} in every tier")
    return Text(f"{tier.name.zh}{verdict.zh}", f"{tier.name.en}: {verdict.en.lower()}")


def _because(
    condition: Condition, requirement: Requirement, vocabulary: Vocabulary
) -> Text:
    verdict = _VERDICTS[requirement]
    clauses = _clauses(condition, vocabulary)
    return Text(f"{clauses.zh}，所以{verdict.zh}", f"{verdict.en} because {clauses.en}")


def _openings(item: Item, place: Place) -> list[Condition]:
    """Return the conditions that could bring the item in at a hall of this tier."""
    tier = {f"tier.{place.tier}"}
    return [
        rule.condition
        for rule in item.overrides
        if rule.outcome is not Requirement.NOT_APPLICABLE
        and all(word_holds(word, tier) for word in rule.condition if _is_tier(word))
    ]


def _only_if(openings: Sequence[Condition], vocabulary: Vocabulary) -> Text:
    """Say when an item is asked that is not asked as a rule."""
    words = [word for condition in openings for word in condition]
    if len(words) == len(openings) and all(map(_is_plain_fact, words)):
        known = vocabulary.condition_words()
        return Text(
            f"只在{'、'.join(known[word].name.zh for word in words)}时才问",
            f"Asked only for: {', '.join(known[word].name.en for word in words)}",
        )
    clauses = [_clauses(condition, vocabulary) for condition in openings]
    english = f"Asked only if {', or if '.join(text.en for text in clauses)}"
    if all(_is_hall(word) for word in words):
        halls = "、".join(_kind_of_hall(c, vocabulary) for c in openings)
        return Text(f"只有{halls}才问", english)
    cases = "；".join(text.zh for text in clauses)
    return Text(f"只在这些情况下才问：{cases}", english)


def _clauses(condition: Condition, vocabulary: Vocabulary) -> Text:
    """Say the whole condition: the hall first, then the visit, then the day."""
    ordered = sorted(condition, key=_rank)
    hall = [_clause(word, vocabulary) for word in ordered if _is_hall(word)]
    rest = [_clause(word, vocabulary) for word in ordered if not _is_hall(word)]
    about_hall = ["本厅" + "、".join(text.zh for text in hall)] if hall else []
    return Text(
        "，".join([*about_hall, *(text.zh for text in rest)]),
        " and ".join(text.en for text in (*hall, *rest)),
    )


def _kind_of_hall(condition: Condition, vocabulary: Vocabulary) -> str:
    """Return “多雨的小型厅” for a condition about tier and traits only."""
    tier = [w for w in condition if _is_tier(w) and not _is_negated(w)]
    known = vocabulary.condition_words()
    noun = known[tier[0]].name.zh if tier else "厅"
    said = [_clause(w, vocabulary).zh for w in condition if w not in tier[:1]]
    return "、".join(said) + "的" * bool(said) + noun


def _clause(word: str, vocabulary: Vocabulary) -> Text:
    known = vocabulary.condition_words()[bare(word)]
    return known.fails if _is_negated(word) else known.holds


def _rank(word: str) -> tuple[int, str]:
    """Order tier, trait, scenario, today; words of one kind by name."""
    prefix, _, _ = bare(word).rpartition(".")
    return ("tier", "", "scenario", "today").index(prefix), bare(word)


def _is_negated(word: str) -> bool:
    return word.startswith(NEGATION)


def _is_plain_fact(word: str) -> bool:
    """Tell whether a word names, without negation, a scenario or a fact of today."""
    return not _is_hall(word) and not _is_negated(word)


def _is_tier(word: str) -> bool:
    return bare(word).startswith("tier.")


def _is_hall(word: str) -> bool:
    return _is_tier(word) or "." not in word
