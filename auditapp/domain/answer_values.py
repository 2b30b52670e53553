"""What an answer may hold, by the kind of its item.

Source: design/field.md, "Values". ``static/js/lib/completeness.js`` is the twin of
``fault_of`` and ``has_value``; both run ``tests/vectors/completeness.json``.
"""

import math
from collections.abc import Mapping
from typing import Any

COULD_NOT_OBSERVE = "could_not_observe"
NEVER = "never"
LONGEST_SECONDS = 14_400
LONGEST_TEXT = 4_000
# the integers that JSON readers in every language keep exact (RFC 8259, section 6)
LARGEST_NUMBER = 2**53 - 1
_SCALE = (1, 2, 3, 4, 5)
# not str.strip's own list: JavaScript's differs, and the phone must agree
_BLANK = " \t\r\n\u00a0\u3000"

FormItem = Mapping[str, Any]
Answer = Mapping[str, Any]


def is_number(value: object) -> bool:
    """Say whether this is a finite number that JSON can carry exactly; never a bool."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) <= LARGEST_NUMBER
    return (
        isinstance(value, float)
        and math.isfinite(value)
        and abs(value) <= LARGEST_NUMBER
    )


def as_mapping(value: object) -> Mapping[str, Any]:
    """Return the JSON object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return the JSON list, or an empty one for anything else."""
    return value if isinstance(value, list) else []


def is_blank(value: object) -> bool:
    """Say whether this is a text with nothing written in it."""
    return isinstance(value, str) and not value.strip(_BLANK)


def value_of(answer: object) -> Any:  # noqa: ANN401  any JSON value may have been sent
    """Return what was answered, None for no answer and for an empty text."""
    value = as_mapping(answer).get("value")
    return None if is_blank(value) else value


def was_not_observed(answer: object) -> bool:
    """Say whether the auditor answered that it could not be observed, in part or all.

    In part is one of the people that an item with ``sample`` asks.
    """
    value = value_of(answer)
    return COULD_NOT_OBSERVE in (value if isinstance(value, list) else [value])


def sound_answers(form: Mapping[str, Any], document: object) -> dict[str, Answer]:
    """Return the answers to items of the form whose values are sound, by item id."""
    answers = as_mapping(as_mapping(document).get("answers"))
    pairs = ((item, answers.get(item["id"])) for item in form["items"])
    return {
        item["id"]: answer
        for item, answer in pairs
        if isinstance(answer, dict) and not fault_of(item, answer.get("value"))
    }


def observations(item: FormItem, answer: object) -> list[Any] | None:
    """Return the sound values that were observed, None when nothing can be scored.

    One value, or for an item with ``sample`` one for each member of staff, without
    those that could not be observed.
    """
    value = value_of(answer)
    if value is None or value == COULD_NOT_OBSERVE or fault_of(item, value):
        return None
    values = value if "sample" in item else [value]
    return [each for each in values if each != COULD_NOT_OBSERVE] or None


def fault_of(item: FormItem, value: object) -> str | None:
    """Return the code of what is wrong with a value for this item, None when sound."""
    if value is None or value == COULD_NOT_OBSERVE:
        return None
    if "sample" not in item:
        return _fault_of_one(item, value)
    if not isinstance(value, list) or not 1 <= len(value) <= item["sample"]:
        return "not-a-sample"
    faults = (_fault_of_one(item, each) for each in value if each != COULD_NOT_OBSERVE)
    return next((fault for fault in faults if fault), None)


def _fault_of_one(item: FormItem, value: object) -> str | None:
    match item["kind"]:
        case "yes_no":
            return None if value in ("yes", "no") else "not-yes-or-no"
        case "scale":
            on_scale = is_number(value) and value in _SCALE
            return None if on_scale else "not-on-scale"
        case "choice":
            listed = [option["id"] for option in item["options"]]
            return None if value in listed else "not-listed"
        case "number":
            return _fault_of_number(item, value)
        case "timing_seconds":
            return _fault_of_duration(value)
        case _:
            return _fault_of_text(value)


def _fault_of_number(item: FormItem, value: Any) -> str | None:  # noqa: ANN401
    if not is_number(value):
        return "not-a-number"
    low = item.get("min", -LARGEST_NUMBER)
    high = item.get("max", LARGEST_NUMBER)
    return None if low <= value <= high else "out-of-range"


def _fault_of_duration(value: Any) -> str | None:  # noqa: ANN401
    if value == NEVER:
        return None
    if not is_number(value):
        return "not-a-duration"
    return None if 0 <= value <= LONGEST_SECONDS else "duration-out-of-range"


def _fault_of_text(value: object) -> str | None:
    if not isinstance(value, str):
        return "not-text"
    return None if len(value) <= LONGEST_TEXT else "text-too-long"
