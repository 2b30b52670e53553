"""From an auditor's account to the document a phone would have sent."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from auditapp.domain.month import HALL_TIME
from auditapp.domain.scoring import item_score
from auditapp.domain.visit import HALL_CLOSED
from auditapp.services.demo.answers import GOOD_NOTE, Account, Occasion, note_for
from auditapp.services.demo.journeys import as_marks

METRES_PER_DEGREE = 111_000
FRONT = "ext_signage"
AT_THE_DOOR = 150.0  # seconds after the start, of who finds it shut
ANSWER_SECONDS = (7, 24)  # between two answers after the visit
# What an auditor likes to photograph although nobody asks for it
LIKED = (
    "int_tariff_public",
    "wai_kiosk",
    "int_seats",
    "wai_queue_machine",
    "int_complaint_channel",
    "con_receipt",
)


@dataclass(frozen=True, slots=True)
class Trip:
    """One visit as it was made: when, by whom, on which phone, from which place."""

    visit_id: UUID
    form_digest: str
    started_at: datetime
    login: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo that is stored: which item it is of and what names it."""

    item_id: str
    sha256: str
    size_bytes: int


def audit_id_of(trip: Trip) -> UUID:
    """Return the id a phone would make: UUIDv7, its time that of the start."""
    milliseconds = int(trip.started_at.timestamp() * 1000)
    tail = int(sha256(trip.visit_id.bytes).hexdigest()[:19], 16)
    value = milliseconds << 80 | (tail & (1 << 76) - 1)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def photographed(
    occasion: Occasion, account: Account, liked: int, chance: random.Random
) -> list[tuple[str, bool]]:
    """Return the items a photo was taken of, and whether it shows them not met."""
    if occasion.course.outcome == HALL_CLOSED:
        return [(FRONT, False)]
    found = []
    for item in occasion.form["items"]:
        is_failed = _is_failed(occasion, item, account)
        photo = item["photo"]
        if item["id"] in account.answers and (
            photo == "always" or (photo == "on_fail" and is_failed)
        ):
            found.append((item["id"], is_failed))
    taken = {item_id for item_id, _ in found}
    more = [each for each in LIKED if each in account.answers and each not in taken]
    return found + [
        (each, False) for each in chance.sample(more, min(liked, len(more)))
    ]


def write_document(
    occasion: Occasion, account: Account, trip: Trip, shots: Iterable[Shot]
) -> dict[str, Any]:
    """Return the final audit document, ready to be sent."""
    chance = random.Random(f"document {occasion.key}")  # noqa: S311 (repeatable)
    times = _times(occasion, account, chance)
    here = _position(trip, chance)

    def at(seconds: float) -> str:
        return wire_time(trip.started_at + timedelta(seconds=seconds))

    answers = {
        item_id: _written(occasion, item_id, account, trip, times[item_id], chance)
        | {"at": at(times[item_id])}
        for item_id in account.answers
    }
    marks = [
        {**mark, "at": at(mark["elapsed_ms"] / 1000)}
        for mark in as_marks(account.marks)
        if mark["event"] in {event["id"] for event in occasion.form["events"]}
    ]
    return {
        "id": str(audit_id_of(trip)),
        "visit": str(trip.visit_id),
        "form": f"sha256:{trip.form_digest}",
        "device": f"demo-{trip.login}",
        "revision": len(answers) + len(marks),
        "state": "final",
        "today": occasion.today,
        "started_at": at(0),
        "finished_at": at(_last_second(account, times) + 40),
        "answers": answers,
        "marks": marks,
        "evidence": [
            {
                "sha256": shot.sha256,
                "bytes": shot.size_bytes,
                "type": "image/jpeg",
                "item": shot.item_id,
                "taken_at": at(times.get(shot.item_id, AT_THE_DOOR)),
                "source": "camera",
                "position": here,
            }
            for shot in shots
        ],
        "clock_offset_ms": chance.randint(-4000, 4000),
        "positions": [{**here, "at": at(5)}],
        "app": "demo",
        "outcome": occasion.course.outcome,
    }


def _last_second(account: Account, times: Mapping[str, float]) -> float:
    return max([AT_THE_DOOR, *times.values(), *account.marks.values()])


def wire_time(instant: datetime) -> str:
    """Return an instant as it is written on the wire."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _written(
    occasion: Occasion,
    item_id: str,
    account: Account,
    trip: Trip,
    seconds: float,
    chance: random.Random,
) -> dict[str, Any]:
    """Return an answer with the note that a failed item needs."""
    item = next(each for each in occasion.form["items"] if each["id"] == item_id)
    answer = dict(account.answers[item_id])
    local = (trip.started_at + timedelta(seconds=seconds)).astimezone(HALL_TIME)
    if item["kind"] == "text":
        answer["value"] = f"{answer['value']}（{local.month}月{local.day}日）"
    elif item["note"] == "always" or (
        item["note"] != "none" and _is_failed(occasion, item, account)
    ):
        words = (
            note_for(item_id, occasion.course, chance)
            if _is_failed(occasion, item, account)
            else occasion.course.notes.get(item_id, GOOD_NOTE)
        )
        when = f"{local.month}月{local.day}日{local:%H:%M}"
        answer.setdefault("note", f"{words}（{when}）")
    return answer


def _is_failed(occasion: Occasion, item: Mapping[str, Any], account: Account) -> bool:
    score = item_score(item, account.answers.get(item["id"]), occasion.today)
    return score is not None and score < occasion.form["pass_mark"]


def _times(
    occasion: Occasion, account: Account, chance: random.Random
) -> dict[str, float]:
    """Return the second at which each item was answered, by where it is answered."""
    marks, times = account.marks, {}
    if not marks:  # the door was shut
        return {}
    spans = {
        "outside": (6.0, marks["enter"] - 8),
        "inside": (marks["enter"] + 10, marks["leave"] - 10),
    }
    for place, (first, last) in spans.items():
        items = _answered(occasion, account, place)
        for index, item_id in enumerate(items):
            share = (index + chance.uniform(0.2, 0.8)) / len(items)
            times[item_id] = first + (last - first) * share
    at = marks["leave"] + chance.uniform(60, 300)
    for item_id in _answered(occasion, account, "after"):
        at += chance.uniform(*ANSWER_SECONDS)
        times[item_id] = at
    return times


def _answered(occasion: Occasion, account: Account, place: str) -> list[str]:
    return [
        item["id"]
        for item in occasion.form["items"]
        if item["answer_at"] == place and item["id"] in account.answers
    ]


def _position(trip: Trip, chance: random.Random) -> dict[str, Any]:
    north, east = chance.uniform(-45, 45), chance.uniform(-45, 45)
    return {
        "lat": round(trip.latitude + north / METRES_PER_DEGREE, 6),
        "lon": round(trip.longitude + east / METRES_PER_DEGREE, 6),
        "accuracy_m": chance.randint(8, 45),
    }
