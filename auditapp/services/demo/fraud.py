"""The visit that took six minutes, with photos and words from somewhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from auditapp.domain.instants import parse_instant
from auditapp.gateways.demo_scenes import Subject
from auditapp.services.demo.documents import wire_time
from auditapp.services.demo.stories import Course
from auditapp.services.demo.studio import Photo
from auditapp.services.demo.trips import Told

HALL, AUDITOR = "BD02", "a12"
REASON = "全程约六分钟，照片和文字与另一家营业厅雷同，不采用，另派人补访。"
COPIED = "等候时引导员来问过一次，叫号正常，座位够坐，没有等太久"
COPIED_NOTE_OF = "wai_order"
ANSWER_SECONDS = 1.6
HURRIED = {"ent_greet_time": 6, "wai_time": 40, "act_time": 235, "res_ack_time": 20}
BEST = {"yes_no": "yes", "scale": 5, "text": "没有"}


def hurried_course(form: Mapping[str, Any]) -> Course:
    """Return the course of a visit in which all is well, at a glance."""
    forced: dict[str, Any] = {}
    for item in form["items"]:
        if item["kind"] == "choice":
            forced[item["id"]] = item["options"][0]["id"]
        elif item["kind"] in BEST and item["id"] != "ovr_delight":
            forced[item["id"]] = BEST[item["kind"]]
    return Course(1.0, 1.0, forced=forced | HURRIED, shows=frozenset(), least_stay=0.0)


def with_remark(honest: Told) -> Told:
    """Return an honest visit with the remark that is going to be copied."""
    answers = dict(honest.document["answers"])
    answers[COPIED_NOTE_OF] = answers[COPIED_NOTE_OF] | {"note": COPIED}
    return replace(honest, document=honest.document | {"answers": answers})


def copied_subjects(honest: Told, form: Mapping[str, Any]) -> list[tuple[str, Subject]]:
    """Return the honest visit's photos that also fit the other hall's form."""
    items = {item["id"] for item in form["items"]}
    return [
        (item_id, subject) for item_id, subject in honest.subjects if item_id in items
    ]


def forged(hurried: Told, photos: Sequence[tuple[str, Photo]]) -> Told:
    """Return a hurried visit with photos, words and a pace that give it away."""
    document = hurried.document
    began_at = parse_instant(document["started_at"]) or hurried.visitor.began_at

    def at(seconds: float) -> str:
        return wire_time(began_at + timedelta(seconds=seconds))

    first = document["marks"][0]["elapsed_ms"] / 1000
    answers = {
        item_id: answer | {"at": at(first + index * ANSWER_SECONDS)}
        for index, (item_id, answer) in enumerate(document["answers"].items())
    }
    answers[COPIED_NOTE_OF]["note"] = COPIED
    evidence = [
        {
            "sha256": photo.sha256,
            "bytes": photo.size_bytes,
            "type": "image/jpeg",
            "item": item_id,
            "taken_at": at(first),
            "source": "album",
        }
        for item_id, photo in photos
    ]
    told = document | {"answers": answers, "evidence": evidence}
    return replace(hurried, document=told, photos=[photo for _, photo in photos])
