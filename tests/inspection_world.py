"""The small company with its inspectors and an inspection that was sent."""

import json
from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

from sqlalchemy import select

from auditapp.services.checklists import publish_checklist
from auditapp.services.form_shelf import find_form
from auditapp.services.inspections import InspectionOrder, assign_inspection
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoHolderRow, PhotoRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow
from desk_world import (
    NOW,
    PASSWORD,
    audit_document,
    cheap_hash,
    checklist_document,
    make_world,
)

SIGNED_AT = "2026-11-18T02:00:00.000Z"
INSPECTORS = {"insp_north": "north", "insp_east": "east"}


def make_inspection_world(session):
    """Write the company, its inspectors and the checklist of open inspections."""
    world = make_world(session)
    for login, region in INSPECTORS.items():
        person = PersonRow(
            login=login,
            role="inspector",
            name_zh=f"{region}明检员",
            name_en=f"Inspector of the {region}",
            code=login,
            region_ids=[region],
            password_hash=cheap_hash(PASSWORD),
        )
        session.add(person)
        session.flush()
        world.people[login] = person.person_id
    publish_checklist(
        session,
        checklist_document("telecom_hall_open_inspection"),
        checklist_document("_vocabulary"),
        effective_month="2026-01",
        now=NOW,
    )
    session.commit()
    return world


def inspection_document(form, visit, audit_id):
    """Return a sound final document of an inspection, signed."""
    document = audit_document(form, audit_id, visit.visit_id, NOW, photos=0)
    for item in form["items"]:
        answer = document["answers"][item["id"]]
        if "sample" in item:
            answer["value"] = [answer["value"]] * item["sample"]
        if item["note"] == "always":
            answer["note"] = "处理得稳当"
    signature = sha256(f"signature {audit_id}".encode()).hexdigest()
    return document | {
        "form": f"sha256:{visit.form_digest}",
        "marks": [],
        "staff": ["counter", "duty_manager"],
        "rechecks": {
            finding["id"]: {"result": "fixed", "at": SIGNED_AT}
            for finding in form["findings"]
        },
        "signature": {
            "state": "signed",
            "sha256": signature,
            "position": "值班经理",
            "at": SIGNED_AT,
        },
        "evidence": [photo(signature, "signature.hall", "image/png")],
    }


def photo(name, place, media_type="image/jpeg"):
    """Return how a manifest names a photo of a place of the form."""
    return {
        "sha256": name,
        "bytes": 1000,
        "type": media_type,
        "item": place,
        "taken_at": SIGNED_AT,
    }


def make_inspection(
    session, *, unanswered=(), failed=None, unreadable=False, **changes
):
    """Write an inspection that arrived whole, and return its audit's id."""
    wanted = InspectionOrder(
        "BD01", "insp_north", "2026-11", date(2026, 11, 30), is_extra=True, seed="s"
    )
    visit_id = assign_inspection(session, wanted, now=NOW - timedelta(days=5))
    visit, audit_id = session.get_one(VisitRow, visit_id), uuid4()
    form = find_form(session, visit.form_digest)
    document = inspection_document(form, visit, audit_id) | changes
    for item in unanswered:
        document["answers"].pop(item)
    for item, note in (failed or {}).items():
        document["answers"][item] |= {"value": "no", "note": note}
    content = json.dumps(document, ensure_ascii=False).encode()
    visit.state, visit.sent_at = "in_review", NOW
    session.add(
        AuditRow(
            audit_id=audit_id,
            visit_id=visit_id,
            auditor_id=visit.auditor_id,
            form_digest=visit.form_digest,
            device="phone",
            revision=document["revision"],
            state="complete",
            document=content,
            document_sha256=sha256(content).hexdigest(),
            received_at=NOW,
            finished_at=NOW,
            completed_at=NOW,
        )
    )
    session.flush()
    _write_evidence(session, audit_id, visit.auditor_id, document, unreadable)
    session.commit()
    return audit_id


def inspection_places(session, audit_id):
    """Return an audit's photos by what they show."""
    rows = session.scalars(select(EvidenceRow).where(EvidenceRow.audit_id == audit_id))
    return {row.item_id: row.sha256 for row in rows}


def _write_evidence(session, audit_id, person_id, document, unreadable):
    for position, entry in enumerate(document["evidence"]):
        session.add(
            PhotoRow(
                sha256=entry["sha256"],
                size_bytes=entry["bytes"],
                media_type=entry["type"],
                stored_at=NOW,
                condition="unreadable" if unreadable else "readable",
                width=600,
                height=240,
            )
        )
        session.flush()
        session.add(PhotoHolderRow(sha256=entry["sha256"], person_id=person_id))
        session.add(
            EvidenceRow(
                audit_id=audit_id,
                sha256=entry["sha256"],
                position=position,
                item_id=entry["item"],
                taken_at=NOW,
            )
        )
    session.flush()
