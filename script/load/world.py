"""A company to send audits for: auditors, halls, visits, and sound documents."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from auditapp.domain.applicability import Place
from auditapp.domain.audit_document import check_document
from auditapp.domain.canonical import canonical_json, digest
from auditapp.domain.completeness import check_final
from auditapp.domain.form import build_form
from auditapp.gateways.checklist_files import load_checklist, load_vocabulary
from auditapp.reads.people import key_hash
from auditapp.store.checklists import FormRow
from auditapp.store.contention import table_of
from auditapp.store.organisation import CityRow, HallRow, RegionRow
from auditapp.store.people import AccessTokenRow, PersonRow
from auditapp.store.visits import VisitRow

ANSWERS = 60
BEGAN = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)


class World:
    """One hall and its form, one auditor and token per client, visits without end."""

    def __init__(self, clients: int) -> None:
        vocabulary = load_vocabulary()
        checklist = load_checklist("telecom_hall_mystery")
        place = Place("flagship", frozenset({"rainy", "tourist"}), "complaint")
        self.form = build_form(checklist, vocabulary, "LOAD", place)
        self.digest = digest(self.form)
        self.answers = sound_answers(self.form)
        self.auditors = [uuid4() for _ in range(clients)]
        self.tokens = [f"load_{token_bytes(16).hex()}" for _ in range(clients)]

    def settle(self, session: Session) -> None:
        """Write everything but the visits."""
        names = {"name_zh": "压测", "name_en": "Load"}
        traits: dict[str, Any] = {"traits_add": [], "traits_remove": []}
        session.add(RegionRow(region_id="LR", traits=[], **names))
        session.flush()
        session.add(CityRow(city_id="LC", region_id="LR", **traits, **names))
        session.flush()
        session.add(
            HallRow(
                hall_id="LOAD",
                city_id="LC",
                tier="flagship",
                latitude=23.1,
                longitude=113.3,
                radius_metres=120,
                hours="08:30-18:00",
                counters=4,
                area_m2=200,
                staff=8,
                customers_per_day=300,
                **traits,
                **names,
            )
        )
        session.flush()
        session.add(
            FormRow(
                digest=self.digest,
                hall_id="LOAD",
                checklist_id=self.form["checklist"],
                version=self.form["version"],
                scenario=None,
                document=canonical_json(self.form),
                created_at=BEGAN,
            )
        )
        for number, (auditor, token) in enumerate(
            zip(self.auditors, self.tokens, strict=True)
        ):
            session.add(
                PersonRow(
                    person_id=auditor,
                    login=f"load{number}",
                    role="auditor",
                    code=f"L{number}",
                    region_ids=["LR"],
                    **names,
                )
            )
            session.flush()
            session.add(
                AccessTokenRow(
                    token_hash=key_hash(token),
                    person_id=auditor,
                    name="load",
                    created_at=BEGAN,
                )
            )
        session.flush()

    def make_visits(self, session: Session, client: int, count: int) -> list[UUID]:
        """Assign so many more visits to one client."""
        visits = [uuid4() for _ in range(count)]
        session.execute(
            insert(table_of(VisitRow)),
            [
                {
                    "visit_id": visit,
                    "month": "2026-11",
                    "kind": "mystery",
                    "hall_id": "LOAD",
                    "region_id": "LR",
                    "auditor_id": self.auditors[client],
                    "form_digest": self.digest,
                    "brief": {},
                    "due_on": date(2026, 11, 30),
                    "state": "assigned",
                    "assigned_at": BEGAN,
                }
                for visit in visits
            ],
        )
        return visits

    def document(self, visit: UUID, photos: list[tuple[str, int]]) -> dict[str, Any]:
        """Return a final document that the server will find sound."""
        return {
            "id": str(uuid4()),
            "visit": str(visit),
            "form": f"sha256:{self.digest}",
            "device": "load",
            "revision": 1,
            "state": "final",
            "today": [],
            "started_at": "2026-11-17T02:00:00.000Z",
            "finished_at": "2026-11-17T02:40:00.000Z",
            "answers": self.answers,
            "marks": [],
            "evidence": [
                {
                    "sha256": name,
                    "bytes": size,
                    "type": "image/jpeg",
                    "source": "camera",
                    "taken_at": "2026-11-17T02:10:00.000Z",
                    "position": {"lat": 23.1, "lon": 113.3, "accuracy_m": 18},
                }
                for name, size in photos
            ],
            "clock_offset_ms": -310,
            "positions": [],
            "app": "load",
        }


def sound_answers(form: dict[str, Any]) -> dict[str, Any]:
    """Answer every item of a form so that nothing is missing, at least 60 of them."""
    answers = {}
    for number, item in enumerate(form["items"]):
        at = (BEGAN + timedelta(seconds=20 * number)).isoformat()
        value = _value(item)
        answers[item["id"]] = {
            "value": [value] * item["sample"] if "sample" in item else value,
            "at": at.replace("+00:00", ".000Z"),
            "note": "现场情况与检查表一致。",
            "photo_waived": "人多，不便拍照",
        }
        if item["kind"] == "timing_seconds":
            answers[item["id"]]["source"] = "recalled"
    document = {"answers": answers}
    faults = [*check_document(document, form), *check_final(form, document)]
    if faults or len(answers) < ANSWERS:
        message = f"{len(answers)} answers, {faults}"
        raise ValueError(message)
    return answers


def _value(item: dict[str, Any]) -> Any:  # noqa: ANN401
    match item["kind"]:
        case "yes_no":
            return "yes"
        case "scale":
            return 5
        case "choice":
            scored = [o for o in item["options"] if o["score"] != "skip"]
            return max(scored, key=lambda option: option["score"])["id"]
        case "number":
            return item.get("min", 1)
        case "timing_seconds":
            return 10
        case _:
            return "很好"


def photos_without_end(size: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield head and tail of photos of this size, each different from all others."""
    head = b"\xff\xd8\xff\xe0" + token_bytes(size - 4 - 32)
    while True:
        yield head, token_bytes(32)


def as_json(document: dict[str, Any]) -> bytes:
    """Write a document as the phone does."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
