"""The faults in the lists of an audit document: marks, evidence, positions."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditapp.domain.answer_values import LONGEST_TEXT, is_number
from auditapp.domain.audit_problems import pointer_to, printable, problem
from auditapp.domain.errors import Problem
from auditapp.domain.inspection import photo_places
from auditapp.domain.instants import parse_instant
from auditapp.domain.text import Text

Form = Mapping[str, Any]
Entry = Mapping[str, Any]

MOST_MARKS = 500
MOST_EVIDENCE = 200
MOST_POSITIONS = 500
LARGEST_PICTURE_BYTES = 12 * 2**20
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic")
MARK_SOURCES = ("tapped", "recalled")
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONGEST_ACCURACY_METRES = 1e8


def time_problems(value: object, pointer: str, name: Text) -> Iterator[Problem]:
    """Yield a problem when a time is there and cannot be read."""
    if value is not None and parse_instant(value) is None:
        yield problem(pointer, "time-invalid", name)


def text_problems(value: object, pointer: str, name: Text) -> Iterator[Problem]:
    """Yield a problem when a text is there and is no text or too long."""
    if value is not None and not isinstance(value, str):
        yield problem(pointer, "malformed", name)
    elif isinstance(value, str) and len(value) > LONGEST_TEXT:
        yield problem(pointer, "text-too-long", name, limit=LONGEST_TEXT)


def mark_problems(marks: object, form: Form) -> Iterator[Problem]:
    """Yield every fault of the journey clock's marks."""
    events = {event["id"] for event in form["events"]}

    def check(mark: Entry, pointer: str, name: Text) -> Iterator[Problem]:
        event = mark.get("event")
        if not isinstance(event, str) or event not in events:
            label = Text(
                f"{name.zh}（{printable(event)}）", f"{name.en} ({printable(event)})"
            )
            yield problem(f"{pointer}/event", "unknown-event", label)
        elapsed = mark.get("elapsed_ms")
        if not is_number(elapsed) or elapsed < 0:  # type: ignore[operator]
            yield problem(
                f"{pointer}/elapsed_ms",
                "malformed",
                Text(f"{name.zh}的用时", f"elapsed time of {name.en}"),
            )
        if mark.get("source") not in (None, *MARK_SOURCES):
            label = Text(f"{name.zh}的来源", f"source of {name.en}")
            yield problem(f"{pointer}/source", "malformed", label)
        label = Text(f"{name.zh}的时间", f"time of {name.en}")
        yield from time_problems(mark.get("at", ""), f"{pointer}/at", label)

    yield from _each(marks, "marks", MOST_MARKS, Text("计时标记", "clock marks"), check)


def evidence_problems(evidence: object, form: Form) -> Iterator[Problem]:
    """Yield every fault of the list of photos."""
    places = photo_places(form)

    def check(entry: Entry, pointer: str, name: Text) -> Iterator[Problem]:
        for key, is_sound in _sound_picture(entry, places).items():
            if not is_sound:
                zh, en = _PICTURE_FACTS[key]
                label = Text(f"{name.zh}的{zh}", f"{en} of {name.en}")
                yield problem(f"{pointer}/{key}", "malformed", label)
        label = Text(f"{name.zh}的拍摄时间", f"time of {name.en}")
        yield from time_problems(entry.get("taken_at"), f"{pointer}/taken_at", label)
        if entry.get("position") is not None:
            label = Text(f"{name.zh}的位置", f"position of {name.en}")
            yield from _position(entry["position"], f"{pointer}/position", label)

    yield from _each(evidence, "evidence", MOST_EVIDENCE, Text("照片", "photos"), check)


def position_problems(positions: object) -> Iterator[Problem]:
    """Yield every fault of the list of positions."""
    name = Text("位置", "positions")
    yield from _each(positions, "positions", MOST_POSITIONS, name, _position)


def sound_pictures(evidence: object, form: Form) -> list[Entry]:
    """Return the entries of the list of photos whose facts are all sound."""
    places = photo_places(form)
    entries = evidence if isinstance(evidence, list) else []
    return [
        entry
        for entry in entries
        if isinstance(entry, dict) and all(_sound_picture(entry, places).values())
    ]


_PICTURE_FACTS = {
    "sha256": ("校验值", "SHA-256"),
    "bytes": ("大小", "size"),
    "type": ("格式", "kind"),
    "item": ("所属项目", "item"),
    "source": ("来源", "source"),
}


def _sound_picture(entry: Entry, places: set[str]) -> dict[str, bool]:
    sha256, size = entry.get("sha256"), entry.get("bytes")
    is_whole = isinstance(size, int) and not isinstance(size, bool)
    item = entry.get("item")
    return {
        "sha256": isinstance(sha256, str) and bool(_SHA256.fullmatch(sha256)),
        "bytes": is_whole and 1 <= size <= LARGEST_PICTURE_BYTES,  # type: ignore[operator]
        "type": entry.get("type") in PICTURE_TYPES,
        "item": item is None or (isinstance(item, str) and item in places),
        "source": entry.get("source") in (None, "camera", "album"),
    }


def _position(position: object, pointer: str, name: Text) -> Iterator[Problem]:
    if not isinstance(position, dict):
        yield problem(pointer, "malformed", name)
        return
    ranges = {
        "lat": (-90, 90),
        "lon": (-180, 180),
        "accuracy_m": (0, _LONGEST_ACCURACY_METRES),
    }
    for key, (low, high) in ranges.items():
        value: Any = position.get(key, 0 if key == "accuracy_m" else None)
        if not is_number(value) or not low <= value <= high:
            yield problem(f"{pointer}/{key}", "malformed", name)
    yield from time_problems(position.get("at"), f"{pointer}/at", name)


def _each(
    entries: object,
    key: str,
    most: int,
    name: Text,
    check: Callable[[Entry, str, Text], Iterator[Problem]],
) -> Iterator[Problem]:
    """Yield the faults of a list and of each of its entries."""
    if entries is None:
        return
    if not isinstance(entries, list):
        yield problem(pointer_to(key), "malformed", name)
        return
    if len(entries) > most:
        yield problem(pointer_to(key), "too-many", name, limit=most)
        return
    for index, entry in enumerate(entries):
        pointer = pointer_to(key, index)
        label = Text(
            f"第{index + 1}个{name.zh}", f"{name.en.removesuffix('s')} {index + 1}"
        )
        if isinstance(entry, dict):
            yield from check(entry, pointer, label)
        else:
            yield problem(pointer, "malformed", label)
