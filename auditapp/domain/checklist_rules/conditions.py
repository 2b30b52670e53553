"""What a condition may say, and which rule can never have its turn."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from auditapp.domain.applicability import NEGATION, Condition, bare, condition_of
from auditapp.domain.checklist_rules.shapes import one_of, shown
from auditapp.domain.checklist_rules.spot import Spot
from auditapp.domain.errors import Problem
from auditapp.domain.vocabulary import Vocabulary

# Facts that a source never has: nobody is in the hall during a call or a message
_ABSENT = {
    "open_inspection": ("scenario.",),
    "callback": ("scenario.", "today."),
    "sms": ("scenario.", "today."),
}


def check_rules(
    spot: Spot, item: Mapping[str, Any], source: object, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Look at the conditions of an item's overrides and of its bands."""
    for key in ("overrides", "bands_when"):
        lines = item.get(key, ())
        conditions = [condition_of(line["if"]) for line in lines]
        for index, condition in enumerate(conditions):
            place = spot.at(key, index, "if")
            wrong = list(_wrong_words(place, condition, vocabulary))
            yield from wrong or _never_true(place, condition, source, vocabulary)
        yield from _never_decisive(spot.at(key), conditions)


def _wrong_words(
    spot: Spot, condition: Condition, vocabulary: Vocabulary
) -> Iterator[Problem]:
    known = vocabulary.condition_words()
    for word in condition:
        for problem in one_of(known)(spot, bare(word)):
            yield Problem(problem.pointer, "unknown-condition", problem.text)


def _never_true(
    spot: Spot, condition: Condition, source: object, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Name two words that cannot hold together, or one this source never knows."""
    for one, other in combinations(condition, 2):
        if _exclude_each_other(one, other, vocabulary):
            yield spot.problem(
                "contradiction",
                f"“{one}”和“{other}”不可能同时成立，去掉一个，或者分成两行。",
                f"“{one}” and “{other}” can never hold together; drop one, or make "
                "two lines.",
            )
    for word in condition:
        if bare(word).startswith(_ABSENT.get(str(source), ("\0",))):
            yield spot.problem(
                "never-fires",
                f"这类检查没有“{shown(word)}”可言，这一行永远不起作用，请删去。",
                f"this kind of checklist knows nothing of “{shown(word)}”, so the line "
                "never takes effect; remove it.",
            )


def _exclude_each_other(one: str, other: str, vocabulary: Vocabulary) -> bool:
    if bare(one) == bare(other):
        return one != other
    if one.startswith(NEGATION) or other.startswith(NEGATION):
        return False
    kind, _, name = one.rpartition(".")
    other_kind, _, other_name = other.rpartition(".")
    if kind != other_kind:
        return False
    if kind in ("tier", "scenario"):
        return True
    words = vocabulary.today if kind else vocabulary.traits
    return other_name in words[name].excludes or name in words[other_name].excludes


def _never_decisive(spot: Spot, conditions: Sequence[Condition]) -> Iterator[Problem]:
    """Name each rule after which another holds whenever it does."""
    for index, condition in enumerate(conditions):
        later = (
            number
            for number in range(index + 1, len(conditions))
            if set(conditions[number]) <= set(condition)
        )
        winner = next(later, None)
        if winner is not None:
            yield spot.at(index).problem(
                "never-fires",
                f"第{index + 1}行永远不起作用：凡是它成立，后面的第{winner + 1}行"
                "也成立，以后面的为准。请删去它，或者把它移到后面。",
                f"line {index + 1} never takes effect: whenever it holds, line "
                f"{winner + 1} below holds too, and the last one wins. Remove it or "
                "move it down.",
            )
