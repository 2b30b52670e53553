"""The faults in what only an open inspection's document holds.

Source: docs/architecture.md, “Open inspection”.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditapp.domain.answer_values import LONGEST_SECONDS, is_number
from auditapp.domain.audit_parts import text_problems, time_problems
from auditapp.domain.audit_problems import item_name, pointer_to, printable, problem
from auditapp.domain.errors import Problem
from auditapp.domain.inspection import POSITIONS, RESULTS
from auditapp.domain.intake import is_hash
from auditapp.domain.text import Text

Form = Mapping[str, Any]
Entry = Mapping[str, Any]

NAMES = {
    "corrections": Text("当场改正", "corrections"),
    "rechecks": Text("复查", "re-checks"),
    "signature": Text("签字", "signature"),
    "staff": Text("被问员工的岗位", "positions of staff"),
}
MOST_STAFF = 10
LONGEST_POSITION = 60
SIGNATURE_STATES = ("signed", "refused")
_CORRECTION = frozenset({"at", "note", "photo_waived"})
_RECHECK = frozenset({"at", "note", "result"})
_SIGNATURE = frozenset({"at", "state", "sha256", "position", "reason"})


def inspection_problems(document: Mapping[str, Any], form: Form) -> Iterator[Problem]:
    """Yield every fault of corrections, re-checks, signature and staff."""
    items = {item["id"]: item for item in form["items"]}
    findings = {each["id"]: each for each in form.get("findings", ())}
    yield from _entries(document, "corrections", items, _correction)
    yield from _entries(document, "rechecks", findings, _recheck)
    yield from _signature(document.get("signature"))
    yield from _staff(document.get("staff"))


def drill_problems(answer: Entry, pointer: str, name: Text) -> Iterator[Problem]:
    """Yield a problem when the time of a drill is there and is none."""
    seconds: Any = answer.get("seconds")
    if seconds is None:
        return
    if not is_number(seconds):
        yield problem(f"{pointer}/seconds", "not-a-duration", name)
    elif not 0 <= seconds <= LONGEST_SECONDS:
        limit = LONGEST_SECONDS
        yield problem(f"{pointer}/seconds", "duration-out-of-range", name, limit=limit)


def _entries(
    document: Mapping[str, Any],
    key: str,
    known: Mapping[str, Entry],
    check: Callable[[Entry, str, Text], Iterator[Problem]],
) -> Iterator[Problem]:
    entries = document.get(key)
    if entries is None:
        return
    if not isinstance(entries, dict):
        yield problem(pointer_to(key), "malformed", NAMES[key])
        return
    for name, entry in entries.items():
        pointer = pointer_to(key, name)
        if name not in known:
            yield problem(pointer, "unknown-item", key=printable(name))
        elif not isinstance(entry, dict):
            yield problem(pointer, "malformed", item_name(known[name]))
        else:
            yield from check(entry, pointer, item_name(known[name]))
            yield from time_problems(entry.get("at", ""), f"{pointer}/at", NAMES[key])
            yield from text_problems(entry.get("note"), f"{pointer}/note", NAMES[key])


def _correction(entry: Entry, pointer: str, name: Text) -> Iterator[Problem]:
    yield from _unknown(entry, pointer, _CORRECTION)
    waived = entry.get("photo_waived")
    if not isinstance(waived, bool):
        yield from text_problems(waived, f"{pointer}/photo_waived", name)


def _recheck(entry: Entry, pointer: str, name: Text) -> Iterator[Problem]:
    yield from _unknown(entry, pointer, _RECHECK)
    if entry.get("result") not in (None, *RESULTS):
        yield problem(f"{pointer}/result", "not-listed", name)


def _signature(signature: object) -> Iterator[Problem]:
    if signature is None:
        return
    name = NAMES["signature"]
    if not isinstance(signature, dict):
        yield problem("/signature", "malformed", name)
        return
    yield from _unknown(signature, "/signature", _SIGNATURE)
    position = signature.get("position")
    sound = {
        "state": signature.get("state") in SIGNATURE_STATES,
        "sha256": signature.get("sha256") is None or is_hash(signature["sha256"]),
        "position": position is None or isinstance(position, str),
    }
    for key, is_sound in sound.items():
        if not is_sound:
            yield problem(pointer_to("signature", key), "malformed", name)
    if isinstance(position, str) and len(position) > LONGEST_POSITION:
        limit = LONGEST_POSITION
        yield problem("/signature/position", "text-too-long", name, limit=limit)
    yield from time_problems(signature.get("at", ""), "/signature/at", name)
    yield from text_problems(signature.get("reason"), "/signature/reason", name)


def _staff(staff: object) -> Iterator[Problem]:
    if staff is None:
        return
    name = NAMES["staff"]
    if not isinstance(staff, list):
        yield problem("/staff", "malformed", name)
    elif len(staff) > MOST_STAFF:
        yield problem("/staff", "too-many", name, limit=MOST_STAFF)
    else:
        for index, position in enumerate(staff):
            if position not in POSITIONS:
                yield problem(pointer_to("staff", index), "not-listed", name)


def _unknown(entry: Entry, pointer: str, known: frozenset[str]) -> Iterator[Problem]:
    for key in entry:
        if key not in known:
            yield problem(
                f"{pointer}{pointer_to(key)}", "unknown-key", key=printable(key)
            )
