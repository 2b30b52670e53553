"""How visits and audits are written on the wire. Contract: design/field.md."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, json

from auditapp.domain.actor import Actor, Role
from auditapp.domain.audit_parts import MOST_EVIDENCE, PICTURE_TYPES
from auditapp.domain.inspection import KIND
from auditapp.domain.intake import AuditCopy
from auditapp.domain.text import Text
from auditapp.reads.field import FieldVisit
from auditapp.web.bodies import LARGEST_DOCUMENT_BYTES, LARGEST_PHOTO_BYTES

SETTINGS = {
    "photo_types": PICTURE_TYPES,
    "photo_bytes": LARGEST_PHOTO_BYTES,
    "photo_long_side": 1600,
    "photo_quality": 0.8,
    "photos": MOST_EVIDENCE,
    "document_bytes": LARGEST_DOCUMENT_BYTES,
}

INSPECTION = Text("明检", "Open inspection").as_dict()


def written(instant: datetime) -> str:
    """Write an instant as the wire does: RFC 3339, UTC, milliseconds."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def bundle_json(actor: Actor, visits: list[FieldVisit]) -> dict[str, Any]:
    """Return all that a phone needs offline, but for the server's time."""
    # an inspector comes openly; of an auditor the phone knows no name
    badge = {"name": actor.name.as_dict()} if actor.role is Role.INSPECTOR else {}
    return {
        "auditor": {"code": actor.code, **badge},
        "visits": [visit_json(visit) for visit in visits],
        "forms": sorted({f"sha256:{visit.form_digest}" for visit in visits}),
        "settings": SETTINGS,
    }


def visit_json(visit: FieldVisit) -> dict[str, Any]:
    """Return one assignment."""
    hall = visit.hall
    name = {"scenario_name": INSPECTION} if visit.kind == KIND else {}
    return {
        "id": str(visit.visit_id),
        "month": visit.month,
        "kind": visit.kind,
        "hall": {
            "id": hall.hall_id,
            "name": hall.name_zh,
            "name_en": hall.name_en,
            "lat": hall.latitude,
            "lon": hall.longitude,
            "radius_m": hall.radius_metres,
            "hours": hall.hours,
        },
        "form": f"sha256:{visit.form_digest}",
        "scenario": visit.scenario,
        **name,
        "brief": visit.brief,
        "due_on": visit.due_on.isoformat(),
        "state": visit.state,
        "audit": str(visit.audit_id) if visit.audit_id else None,
        "returned": [
            {
                "item": asked.item,
                "question": asked.question,
                "asked_at": written(asked.asked_at),
                "due_at": written(asked.due_at),
            }
            for asked in visit.questions
        ],
    }


def copy_members(copy: AuditCopy) -> dict[str, Any]:
    """Return what is said of an audit, without its document."""
    return {
        "id": str(copy.audit_id),
        "revision": copy.revision,
        "state": copy.state.value,
        "device": copy.device,
        "evidence": {
            "received": copy.evidence.received,
            "missing": copy.evidence.missing,
            "unreadable": copy.evidence.unreadable,
        },
        "receipt": copy.receipt,
    }


def with_document(members: dict[str, Any], document: bytes) -> Response:
    """Answer with a stored document as the last member, byte for byte as it came."""
    head = json.dumps(members).encode()
    return Response(
        head[:-1] + b', "document": ' + document + b"}", mimetype="application/json"
    )
