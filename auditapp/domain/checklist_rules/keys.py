"""The keys a checklist, a section and an item may have, and what each may hold."""

import re
from collections.abc import Iterator, Mapping

from auditapp.domain.applicability import Requirement
from auditapp.domain.checklist_rules.shapes import (
    Check,
    identifier,
    list_of,
    mapping_of,
    number,
    one_of,
    record,
    shown,
    text,
    truth,
    whole,
)
from auditapp.domain.checklist_rules.spot import Spot
from auditapp.domain.errors import Problem
from auditapp.domain.vocabulary import TAGS, Vocabulary

KINDS = ("yes_no", "scale", "choice", "number", "timing_seconds", "text")
SOURCES = ("mystery", "open_inspection", "callback", "sms")
STATUSES = ("draft", "published", "retired")
SCREENS = ("outside", "inside", "after")
OCCASIONS = ("none", "on_fail", "always")
ANCHORED_STEPS = {"1", "3", "5"}

# Texts that exist in both languages or not at all
PAIRS = ("guide", "short", "answer", "anchors", "sms")
CALL_PAIRS = ("opening", "refusal", "closing", "thanks_sms")

REQUIRED_OF_ITEM = (
    "id", "zh", "en", "kind", "weight", "quality", "rater", "cause", "owner", "stage",
    "answer_at",
)  # fmt: skip
REQUIRED_OF_SECTION = ("id", "zh", "en", "stage", "answer_at", "items")
REQUIRED_OF_CHECKLIST = (
    "schema", "id", "version", "status", "source", "zh", "en", "pass_mark",
    "min_coverage", "sections",
)  # fmt: skip

_LONGEST_SHORT_ZH, _LONGEST_SHORT_EN = 4, 24
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}")


def checklist_keys(vocabulary: Vocabulary) -> dict[str, Check]:
    """Return the checks of a checklist's keys but for what its sections hold."""
    return {
        "schema": whole(1, 1),
        "id": identifier,
        "version": version,
        "status": one_of(STATUSES),
        "source": one_of(SOURCES),
        "industry": text,
        "answered_by": text,
        "zh": text,
        "en": text,
        "pass_mark": whole(1, 100),
        "critical_cap": whole(0, 100),
        "min_coverage": whole(0, 100),
        "defaults": record(_without_id(item_keys(vocabulary))),
        "option_sets": mapping_of(_options(vocabulary)),
        "contact_rules": record(_CONTACT_RULES),
        "sections": list_of(_anything),
        **_both(CALL_PAIRS, text),
    }


def section_keys(vocabulary: Vocabulary) -> dict[str, Check]:
    """Return the checks of a section's keys but for what its items hold."""
    return {
        "id": identifier,
        "zh": text,
        "en": text,
        "stage": one_of(vocabulary.stages),
        "answer_at": one_of(SCREENS),
        "defaults": record(_without_id(item_keys(vocabulary))),
        "items": list_of(_anything),
    }


def item_keys(vocabulary: Vocabulary) -> dict[str, Check]:
    """Return the checks of an item's keys, each for itself."""
    requirement = one_of([requirement.value for requirement in Requirement])
    event = one_of(vocabulary.events)
    bands = list_of(
        record({"up_to": number, "score": whole(0, 100)}, ("up_to", "score"))
    )
    return {
        "id": identifier,
        "zh": text,
        "en": text,
        "kind": one_of(KINDS),
        "weight": whole(0, 5),
        **{tag: one_of(vocabulary.tags[tag]) for tag in TAGS},
        "stage": one_of(vocabulary.stages),
        "answer_at": one_of(SCREENS),
        "critical": truth,
        "photo": one_of(OCCASIONS),
        "note": one_of(OCCASIONS),
        "timer": record({"from": event, "to": event}, ("from", "to")),
        "bands": bands,
        "bands_when": list_of(
            record({"if": condition, "bands": bands}, ("if", "bands"))
        ),
        "options": _options_or_set(vocabulary),
        "min": number,
        "max": number,
        "sample": whole(2, 9),
        "ask_if": mapping_of(_wanted),
        "applies": _applies(vocabulary, requirement),
        "overrides": list_of(
            record({"if": condition, "set": requirement}, ("if", "set"))
        ),
        "replaces": identifier,
        **_both(("guide", "answer", "sms"), text),
        **_both(("anchors",), _anchors),
        "short_zh": _short(_LONGEST_SHORT_ZH),
        "short_en": _short(_LONGEST_SHORT_EN),
    }


def condition(spot: Spot, value: object) -> Iterator[Problem]:
    """Ask for one word or a list of words; which words is another rule's matter."""
    yield from (list_of(text) if isinstance(value, list) else text)(spot, value)


_CONTACT_RULES: Mapping[str, Check] = {
    "days_after_visit": list_of(whole(0, 366)),
    "minutes_after": list_of(whole(0, 10_080)),
    "hours": list_of(text),
    "rest_days": whole(0, 366),
    "attempts": whole(1, 9),
    "reply_window_hours": whole(1, 720),
    "stop_words_zh": list_of(text),
}


def _anything(spot: Spot, value: object) -> Iterator[Problem]:
    """Ask for nothing; the entry is checked on its own."""
    del spot, value
    yield from ()


def version(spot: Spot, value: object) -> Iterator[Problem]:
    """Ask for a version's name: letters, digits, dots, dashes, at most 20."""
    wrong = list(text(spot, value))
    yield from wrong
    if not wrong and not _VERSION.fullmatch(str(value)):
        yield spot.problem(
            "bad-version",
            f"版本“{shown(value)}”只能用字母、数字、点和横线，最多20个字符。",
            f"the version “{shown(value)}” may only have letters, digits, . and -, at "
            "most 20.",
        )


def _short(longest: int) -> Check:
    def check(spot: Spot, value: object) -> Iterator[Problem]:
        wrong = list(text(spot, value))
        yield from wrong
        if not wrong and len(str(value)) > longest:
            yield spot.problem(
                "too-long",
                f"“{spot.key}”最多{longest}个字，“{shown(value)}”太长。",
                f"“{spot.key}” has at most {longest} characters; “{shown(value)}” is "
                "too long.",
            )

    return check


def _wanted(spot: Spot, value: object) -> Iterator[Problem]:
    """Ask for an answer, a list of answers, or a limit such as ">600"."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, bool) or not isinstance(entry, int | float):
            yield from text(spot, entry)
        else:
            yield from number(spot, entry)


def _applies(vocabulary: Vocabulary, requirement: Check) -> Check:
    per_tier = record(dict.fromkeys(vocabulary.tiers, requirement), vocabulary.tiers)

    def check(spot: Spot, value: object) -> Iterator[Problem]:
        if value != "all":
            yield from per_tier(spot, value)

    return check


def _anchors(spot: Spot, value: object) -> Iterator[Problem]:
    yield from mapping_of(text)(spot, value)
    if isinstance(value, Mapping) and {str(step) for step in value} != ANCHORED_STEPS:
        yield spot.problem(
            "bad-anchors",
            f"“{spot.key}”要说明1、3、5三档各是什么样。",
            f"“{spot.key}” must say what steps 1, 3 and 5 look like.",
        )


def _options(vocabulary: Vocabulary) -> Check:
    option = {
        "id": text,
        "zh": text,
        "en": text,
        "score": _score,
        "cause": one_of(vocabulary.tags["cause"]),
        "key": text,
    }
    return list_of(record(option, ("id", "zh", "en", "score")))


def _options_or_set(vocabulary: Vocabulary) -> Check:
    listed = _options(vocabulary)

    def check(spot: Spot, value: object) -> Iterator[Problem]:
        yield from (text if isinstance(value, str) else listed)(spot, value)

    return check


def _score(spot: Spot, value: object) -> Iterator[Problem]:
    if value != "skip":
        yield from whole(0, 100)(spot, value)


def _both(names: tuple[str, ...], check: Check) -> dict[str, Check]:
    return {f"{name}_{language}": check for name in names for language in ("zh", "en")}


def _without_id(keys: dict[str, Check]) -> dict[str, Check]:
    return {key: check for key, check in keys.items() if key != "id"}
