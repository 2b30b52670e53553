"""What keeps a final audit from being sent: gaps and contradictions.

Shared with the phone: ``static/js/lib/completeness.js`` gives the same pointers and
codes in the same order; both run ``tests/vectors/completeness.json``. Everything here
assumes nothing about the document, it may be any JSON.

A visit that could not be made (``outcome`` is ``closed``, ``interrupted`` or
``exposed``) owes no answers; a hall found closed owes one photo as proof.
Contradictions are told all the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from auditapp.domain.answer_values import (
    COULD_NOT_OBSERVE,
    Answer,
    as_list,
    as_mapping,
    is_blank,
    is_number,
    sound_answers,
    value_of,
    was_not_observed,
)
from auditapp.domain.audit_document import check_document
from auditapp.domain.audit_problems import item_name, pointer_to, problem
from auditapp.domain.clock import (
    duration_seconds,
    marks_by_event,
    out_of_order,
    timing_answer,
)
from auditapp.domain.errors import Problem
from auditapp.domain.form import is_asked, item_requirement
from auditapp.domain.inspection import is_open_inspection
from auditapp.domain.inspection_gaps import inspection_gaps
from auditapp.domain.instants import parse_instant
from auditapp.domain.scoring import item_score, today_of

Form = Mapping[str, Any]
FormItem = Mapping[str, Any]

# a clock time that was typed off the screen may have lost its fraction of a second
_CLOCK_TOLERANCE_SECONDS = 1
_STAY = ("enter", "leave")
_NOT_VISITED = ("closed", "interrupted", "exposed")


def check_final(form: Form, document: object) -> list[Problem]:
    """Return every fault and gap of an audit that wants to be final.

    A place whose shape is faulty is named once, not also as a gap.
    """
    faults = check_document(document, form)
    places = {fault.pointer for fault in faults}
    gaps = missing(form, document)
    return faults + [gap for gap in gaps if gap.pointer not in places]


def missing(form: Form, document: object) -> list[Problem]:
    """Return gaps, then contradictions of the clock, in walking order."""
    audit = as_mapping(document)
    answers = sound_answers(form, audit)
    today = today_of(audit)
    problems: list[Problem] = []
    for item in form["items"]:
        if item_requirement(item, today).requirement == "required" and is_asked(
            item, answers
        ):
            problems.extend(_item_problems(form, item, audit, answers))
    problems.extend(_closed_without_photo(audit))
    problems.extend(_marks_out_of_order(form, audit))
    problems.extend(_finished_before_started(audit))
    if is_open_inspection(form) and audit.get("outcome") not in _NOT_VISITED:
        problems.extend(inspection_gaps(form, audit))
    return problems


def _item_problems(
    form: Form, item: FormItem, audit: Mapping[str, Any], answers: Mapping[str, Answer]
) -> Iterator[Problem]:
    pointer, name = pointer_to("answers", item["id"]), item_name(item)
    answer = answers.get(item["id"])
    if answer is None or value_of(answer) is None:
        if audit.get("outcome") not in _NOT_VISITED:
            yield problem(pointer, "unanswered", name)
        return
    value = value_of(answer)
    gap = item.get("sample", 1) - len(value) if isinstance(value, list) else 0
    if gap > 0:
        yield problem(pointer, "sample-short", name, count=gap)
    if was_not_observed(answer) and not (
        _says(answer, "reason") or _says(answer, "note")
    ):
        yield problem(pointer, "reason-missing", name)
    for code in _proof_missing(form, item, audit, answer):
        yield problem(pointer, code, name)
    if "timer" in item:
        for code in _timing_contradictions(item, answer, audit.get("marks")):
            yield problem(pointer, code, name)


def _proof_missing(
    form: Form, item: FormItem, audit: Mapping[str, Any], answer: Answer
) -> Iterator[str]:
    """Yield what the item's ``note`` and ``photo`` rules still ask for."""
    if not _is_observed(answer):
        return
    score = item_score(item, answer, today_of(audit))
    is_failed = score is not None and score < form["pass_mark"]
    owed = ("always", "on_fail") if is_failed else ("always",)
    if item.get("note") in owed and not _says(answer, "note"):
        yield "note-missing"
    if item.get("photo") in owed and not (
        answer.get("photo_waived") is True
        or _says(answer, "photo_waived")
        or _has_photo(audit, item["id"])
    ):
        yield "photo-missing"


def _timing_contradictions(
    item: FormItem, answer: Answer, marks: object
) -> Iterator[str]:
    value = value_of(answer)
    stay = duration_seconds(marks, *_STAY)
    if stay is not None and is_number(value) and 0 <= stay < value:
        yield "longer-than-stay"
    by_clock = timing_answer(item, marks)
    if (
        answer.get("source") == "clock"
        and by_clock
        and _differ(value, by_clock["value"])
    ):
        yield "clock-disagrees"


def _differ(one: Any, other: Any) -> bool:  # noqa: ANN401  seconds or "never"
    if is_number(one) and is_number(other):
        return bool(abs(one - other) > _CLOCK_TOLERANCE_SECONDS)
    return bool(one != other)


def _is_observed(answer: Answer) -> bool:
    return bool(value_of(answer) != COULD_NOT_OBSERVE)


def _says(answer: Answer, key: str) -> bool:
    text = answer.get(key)
    return isinstance(text, str) and not is_blank(text)


def _has_photo(audit: Mapping[str, Any], item_id: str) -> bool:
    photos = map(as_mapping, as_list(audit.get("evidence")))
    return any(photo.get("item") == item_id for photo in photos)


def _closed_without_photo(audit: Mapping[str, Any]) -> Iterator[Problem]:
    if audit.get("outcome") == "closed" and not as_list(audit.get("evidence")):
        yield problem("/evidence", "closed-without-photo")


def _marks_out_of_order(form: Form, audit: Mapping[str, Any]) -> Iterator[Problem]:
    marks = as_list(audit.get("marks"))
    counting = marks_by_event(marks)
    events = {event["id"]: event for event in form["events"]}
    for event in out_of_order(form, marks):
        index = next(i for i, mark in enumerate(marks) if mark is counting[event])
        name = item_name(events[event])
        yield problem(pointer_to("marks", index), "marks-out-of-order", name)


def _finished_before_started(audit: Mapping[str, Any]) -> Iterator[Problem]:
    started = parse_instant(audit.get("started_at"))
    finished = parse_instant(audit.get("finished_at"))
    if started and finished and finished < started:
        yield problem("/finished_at", "finished-before-started")
