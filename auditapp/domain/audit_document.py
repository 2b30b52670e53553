"""The audit document: what may be stored at all, and every fault in its shape.

Source: design/field.md, "Audit document" and "Values". Two steps, because a draft with
faults is still kept: without a sound *envelope* there is nothing to file it under;
everything else is told to the phone and stored all the same. Neither step raises, what-
ever JSON arrives. What keeps a sound final audit back is in ``completeness``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditapp.domain.answer_values import (
    LONGEST_SECONDS,
    LONGEST_TEXT,
    as_mapping,
    fault_of,
    is_number,
)
from auditapp.domain.audit_parts import (
    evidence_problems,
    mark_problems,
    position_problems,
    text_problems,
    time_problems,
)
from auditapp.domain.audit_problems import (
    AUDIT,
    item_name,
    pointer_to,
    printable,
    problem,
)
from auditapp.domain.errors import Problem
from auditapp.domain.inspection import is_open_inspection
from auditapp.domain.inspection_parts import (
    NAMES as INSPECTION_NAMES,
)
from auditapp.domain.inspection_parts import (
    drill_problems,
    inspection_problems,
)
from auditapp.domain.instants import parse_instant
from auditapp.domain.text import Text

Document = Mapping[str, Any]
Form = Mapping[str, Any]

OUTCOMES = ("completed", "closed", "interrupted", "exposed")
_UUID = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII
)
_FORM = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_DEVICE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,64}")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_HIGHEST_REVISION = 2**31 - 1
_SOURCES = ("clock", "recalled", "ticket")
_WORDS_OF_AN_ANSWER = (
    ("note", "说明", "note on"),
    ("reason", "原因", "reason for"),
    ("reply", "答复", "reply on"),
    ("photo_waived", "不拍照的原因", "reason for no photo of"),
)

_ENVELOPE = ("id", "visit", "form", "device", "revision", "state")
_NAMES = {
    "id": Text("记录编号", "audit id"),
    "visit": Text("任务编号", "visit id"),
    "form": Text("检查表编号", "form digest"),
    "device": Text("设备编号", "device id"),
    "takes_over": Text("接手标记", "take-over mark"),
    "revision": Text("修订号", "revision"),
    "state": Text("记录状态", "state"),
    "today": Text("当天情况", "facts of the day"),
    "started_at": Text("开始时间", "start time"),
    "finished_at": Text("结束时间", "end time"),
    "answers": Text("回答", "answers"),
    "marks": Text("计时标记", "clock marks"),
    "evidence": Text("照片", "photos"),
    "clock_offset_ms": Text("手机时差", "clock offset"),
    "positions": Text("位置", "positions"),
    "app": Text("应用版本", "app version"),
    "outcome": Text("走访结果", "outcome"),
}
KNOWN_KEYS = frozenset(_NAMES)


def check_envelope(document: object) -> list[Problem]:
    """Return what keeps a document from being filed at all; empty when it can be."""
    if not isinstance(document, dict):
        return [problem("", "not-an-object")]
    return [
        problem(
            pointer_to(key), "malformed" if key in document else "missing", _NAMES[key]
        )
        for key in _ENVELOPE
        if not _is_sound_envelope(key, document.get(key))
    ]


def check_document(document: object, form: Form) -> list[Problem]:
    """Return every fault in the shape of an audit, measured against its form."""
    if not isinstance(document, dict):
        return [problem("", "not-an-object")]
    return [
        *_unknown_keys(document, form),
        *_unsafe_values(document, form),
        *_top_level(document),
        *_today(document, form),
        *_answers(document, form),
        *mark_problems(document.get("marks"), form),
        *evidence_problems(document.get("evidence"), form),
        *position_problems(document.get("positions")),
        *(inspection_problems(document, form) if is_open_inspection(form) else ()),
    ]


def _is_sound_envelope(key: str, value: object) -> bool:
    if key == "revision":
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return is_whole and 1 <= value <= _HIGHEST_REVISION  # type: ignore[operator]
    if not isinstance(value, str):
        return False
    if key == "state":
        return value in ("draft", "final")
    pattern = {"form": _FORM, "device": _DEVICE}.get(key, _UUID)
    return bool(pattern.fullmatch(value))


def _unknown_keys(document: Document, form: Form) -> Iterator[Problem]:
    known = (
        KNOWN_KEYS | INSPECTION_NAMES.keys() if is_open_inspection(form) else KNOWN_KEYS
    )
    for key in document:
        if key not in known:
            yield problem(pointer_to(key), "unknown-key", key=printable(key))


def _unsafe_values(document: Document, form: Form) -> list[Problem]:
    """Find text no database stores and numbers no JSON reader keeps, however deep."""
    if _is_safe_throughout(document):
        return []
    names = {item["id"]: item_name(item) for item in form["items"]}
    found: dict[tuple[str, str], Problem] = {}
    # a list of places still to see: recursion would fall over deep nesting
    places: list[tuple[tuple[str | int, ...], object]] = [((), document)]
    while places:
        steps, value = places.pop()
        code = _unsafe(value)
        if code:
            near = pointer_to(*steps)
            name = names.get(str(steps[1]), AUDIT) if len(steps) > 1 else AUDIT
            found[near, code] = problem(near, code, name)
        # two steps name an answer or an entry; more would grow with the depth
        places.extend(((*steps, key)[:2], inner) for key, inner in _inside(value))
    return sorted(found.values(), key=lambda each: each.pointer)


def _is_safe_throughout(document: Document) -> bool:
    """Tell whether there is nothing to point at, which is so almost always."""
    values: list[object] = [document]
    while values:
        value = values.pop()
        if isinstance(value, str):
            if "\0" in value or not (value.isascii() or _is_whole_text(value)):
                return False
        elif isinstance(value, dict):
            values += value
            values += value.values()
        elif isinstance(value, list):
            values += value
        elif _unsafe(value):
            return False
    return True


def _is_whole_text(value: str) -> bool:
    return not _HALF_A_PAIR.search(value)


def _inside(value: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield key, key
    elif isinstance(value, list):
        yield from enumerate(value)


def _unsafe(value: object) -> str | None:
    if isinstance(value, str):
        is_safe = "\0" not in value and _is_whole_text(value)
        return None if is_safe else "unsafe-text"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return None if is_number(value) else "unsafe-number"
    return None


def _top_level(document: Document) -> Iterator[Problem]:
    for key in ("started_at", "finished_at"):
        yield from time_problems(document.get(key), pointer_to(key), _NAMES[key])
    offset = document.get("clock_offset_ms")
    sound = {
        "clock_offset_ms": offset is None or is_number(offset),
        "app": isinstance(document.get("app", ""), str | None),
        "takes_over": isinstance(document.get("takes_over"), str | bool | None),
        "answers": isinstance(document.get("answers", {}), dict),
        "today": isinstance(document.get("today", []), list),
    }
    for key, is_sound in sound.items():
        if not is_sound:
            yield problem(pointer_to(key), "malformed", _NAMES[key])
    if document.get("outcome") not in (None, *OUTCOMES):
        yield problem("/outcome", "unknown-outcome")


def _today(document: Document, form: Form) -> Iterator[Problem]:
    facts = document.get("today")
    known = [word["id"] for word in form.get("today", [])]
    for index, fact in enumerate(facts if isinstance(facts, list) else []):
        if fact not in known:
            yield problem(
                pointer_to("today", index), "unknown-today", key=printable(fact)
            )


def _answers(document: Document, form: Form) -> Iterator[Problem]:
    items = {item["id"]: item for item in form["items"]}
    excluded = {item["id"]: item for item in form.get("excluded", [])}
    for item_id, answer in as_mapping(document.get("answers")).items():
        pointer = pointer_to("answers", item_id)
        if item_id in items:
            yield from _answer(pointer, items[item_id], answer)
        elif item_id in excluded:
            yield problem(pointer, "excluded-item", item_name(excluded[item_id]))
        else:
            yield problem(pointer, "unknown-item", key=printable(item_id))


def _answer(pointer: str, item: Mapping[str, Any], answer: object) -> Iterator[Problem]:
    name = item_name(item)
    if not isinstance(answer, dict):
        yield problem(
            pointer, "malformed", Text(f"{name.zh}的回答", f"answer to {name.en}")
        )
        return
    fault = fault_of(item, answer.get("value"))
    if fault:
        yield problem(pointer, fault, name, **_limits(item, fault))
    for key, zh, en in _WORDS_OF_AN_ANSWER:
        words = answer.get(key)
        if words is None or (key == "photo_waived" and isinstance(words, bool)):
            continue
        if not isinstance(words, str) or len(words) > LONGEST_TEXT:
            label = Text(f"{name.zh}的{zh}", f"{en} {name.en}")
            yield from text_problems(words, f"{pointer}/{key}", label)
    if answer.get("source") not in (None, *_SOURCES):
        label = Text(f"{name.zh}的时间来源", f"source of the time of {name.en}")
        yield problem(f"{pointer}/source", "malformed", label)
    yield from drill_problems(answer, pointer, name)
    at = answer.get("at")
    if at is not None and parse_instant(at) is None:
        label = Text(f"{name.zh}的作答时间", f"time of the answer to {name.en}")
        yield from time_problems(at, f"{pointer}/at", label)


def _limits(item: Mapping[str, Any], fault: str) -> dict[str, str | int]:
    """Return the facts that the sentence about a faulty value names."""
    limit = {
        "not-a-sample": item.get("sample", 1),
        "duration-out-of-range": LONGEST_SECONDS,
        "text-too-long": LONGEST_TEXT,
    }.get(fault, 0)
    return {
        "limit": limit,
        "low": item.get("min", "−∞"),
        "high": item.get("max", "∞"),
    }
