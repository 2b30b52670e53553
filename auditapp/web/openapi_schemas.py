"""The shapes of what goes over the wire, as JSON Schema (OpenAPI 3.1)."""

from typing import Any

from auditapp.domain.audit_document import OUTCOMES
from auditapp.domain.audit_parts import (
    LARGEST_PICTURE_BYTES,
    MOST_EVIDENCE,
    PICTURE_TYPES,
)
from auditapp.domain.month_life import MonthState
from auditapp.domain.visit import AuditState, VisitState

Schema = dict[str, Any]


def reference(name: str) -> Schema:
    """Point to a schema of this document."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: Schema, **limits: Any) -> Schema:  # noqa: ANN401
    """Describe an array."""
    return {"type": "array", "items": items, **limits}


def record(required: str, optional: str = "", **members: Schema) -> Schema:
    """Describe an object; a name without a schema of its own is a string."""
    names = [*required.split(), *optional.split()]
    return {
        "type": "object",
        "required": required.split(),
        "properties": {name: members.get(name, TEXT) for name in names},
    }


def or_null(schema: Schema) -> Schema:
    """Allow null too."""
    if "$ref" in schema:
        return {"oneOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
UUID: Schema = {"type": "string", "format": "uuid"}
INSTANT: Schema = {
    "type": "string",
    "format": "date-time",
    "description": "RFC 3339, UTC, milliseconds",
}
HASH: Schema = {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$",
    "description": "SHA-256, lower-case hexadecimal",
}
FORM: Schema = {
    "type": "string",
    "pattern": "^sha256:[0-9a-f]{64}$",
    "description": "SHA-256 of the form's canonical JSON (RFC 8785)",
}
MONTH: Schema = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}
REVISION: Schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
AUDIT_STATE: Schema = {"type": "string", "enum": [state.value for state in AuditState]}
VISIT_STATE: Schema = {"type": "string", "enum": [state.value for state in VisitState]}
POSITION: Schema = {
    **record(
        "lat lon",
        "accuracy_m at",
        lat=NUMBER,
        lon=NUMBER,
        accuracy_m=NUMBER,
        at=INSTANT,
    ),
    "additionalProperties": True,
}
ONE_VALUE: Schema = {"type": ["string", "number", "boolean"]}

SCHEMAS: dict[str, Schema] = {
    "HallMonth": record(
        "state ledger digest document",
        state={"type": "string", "enum": [state.value for state in MonthState]},
        ledger={**or_null(WHOLE), "description": "null while the month is not closed"},
        digest=or_null(TEXT),
        document={"type": "object", "description": "docs/architecture.md, The month"},
    ),
    "Problem": {
        **record(
            "type title status",
            "detail errors current",
            status=WHOLE,
            errors=listed(reference("ProblemPart")),
            current={
                "description": "409, 422: the audit as the server holds it",
                "anyOf": [reference("Audit"), {"type": "null"}],
            },
        ),
        "description": "RFC 9457 problem details",
    },
    "ProblemPart": record("pointer code detail"),
    "Bundle": record(
        "server_time auditor visits forms settings",
        server_time=INSTANT,
        auditor=record("code", "name", name={"type": "object"}),
        visits=listed(reference("Visit")),
        forms=listed(FORM),
        settings={"type": "object"},
    ),
    "Visit": record(
        "id month kind hall form scenario brief due_on state audit returned",
        "scenario_name",
        scenario_name={"type": "object"},
        id=UUID,
        month=MONTH,
        kind={"type": "string", "enum": ["mystery", "open_inspection"]},
        hall=reference("Hall"),
        form=FORM,
        scenario=or_null(TEXT),
        brief={"type": "object"},
        due_on={"type": "string", "format": "date"},
        state=VISIT_STATE,
        audit={**or_null(UUID), "description": "begun on whatever phone"},
        returned=listed(
            record("item question asked_at due_at", asked_at=INSTANT, due_at=INSTANT)
        ),
    ),
    "Hall": record(
        "id name name_en lat lon radius_m hours",
        lat=NUMBER,
        lon=NUMBER,
        radius_m=NUMBER,
    ),
    "Form": {
        "type": "object",
        "description": "A checklist resolved for one hall; docs/architecture.md",
    },
    "AuditDocument": record(
        "id visit form device revision state",
        "takes_over today started_at finished_at answers marks evidence clock_offset_ms"
        " positions app outcome staff corrections rechecks signature",
        id={**UUID, "description": "UUIDv7, made by the phone"},
        visit=UUID,
        form=FORM,
        device={"type": "string", "minLength": 1, "maxLength": 64},
        takes_over={
            "type": ["string", "boolean", "null"],
            "description": "the device that this one takes over from, or true",
        },
        revision=REVISION,
        state={"type": "string", "enum": ["draft", "final"]},
        today=listed(TEXT),
        started_at=INSTANT,
        finished_at=INSTANT,
        answers={"type": "object", "additionalProperties": reference("Answer")},
        marks=listed(reference("Mark")),
        evidence=listed(reference("EvidenceEntry"), maxItems=MOST_EVIDENCE),
        clock_offset_ms=or_null(NUMBER),
        positions=listed(POSITION),
        app=or_null(TEXT),
        outcome={"enum": [*OUTCOMES, None]},
        staff=listed(TEXT),  # this and the next three: of open inspections alone
        corrections={"type": "object"},
        rechecks={"type": "object"},
        signature={"type": "object"},
    ),
    "Answer": {
        **record(
            "",
            "value at source note reason reply photo_waived seconds",
            value={"anyOf": [ONE_VALUE, listed(ONE_VALUE), {"type": "null"}]},
            at=INSTANT,
            source={"type": "string", "enum": ["clock", "recalled", "ticket"]},
            photo_waived={"type": ["string", "boolean"]},
            seconds=NUMBER,
        ),
        "additionalProperties": True,
    },
    "Mark": {
        **record(
            "event at elapsed_ms",
            "source",
            at=INSTANT,
            elapsed_ms={"type": "number", "minimum": 0},
            source={"type": "string", "enum": ["tapped", "recalled"]},
        ),
        "additionalProperties": True,
    },
    "EvidenceEntry": {
        **record(
            "sha256 bytes type",
            "item taken_at source position",
            sha256=HASH,
            bytes={"type": "integer", "minimum": 1, "maximum": LARGEST_PICTURE_BYTES},
            type={"type": "string", "enum": list(PICTURE_TYPES)},
            taken_at=INSTANT,
            source={"type": "string", "enum": ["camera", "album"]},
            position=POSITION,
        ),
        "additionalProperties": True,
    },
    "Audit": record(
        "id revision state device evidence receipt",
        id=UUID,
        revision=REVISION,
        state=AUDIT_STATE,
        evidence=record(
            "received missing unreadable",
            received=listed(HASH),
            missing=listed(HASH),
            unreadable=listed(HASH),
        ),
        receipt={**or_null(TEXT), "description": "compact JWS, once complete"},
    ),
    "AuditWithDocument": {
        "allOf": [
            reference("Audit"),
            record("document", document=reference("AuditDocument")),
        ]
    },
    "StoredPhoto": record(
        "sha256 bytes type",
        sha256=HASH,
        bytes=WHOLE,
        type={"type": "string", "enum": list(PICTURE_TYPES)},
    ),
    "Rescued": {
        "allOf": [
            reference("Audit"),
            record(
                "photos",
                "errors conflict",
                photos=record(
                    "taken_in refused", taken_in=listed(HASH), refused=listed(HASH)
                ),
                errors=listed(reference("ProblemPart")),
            ),
        ]
    },
    "AuditLine": record(
        "id visit month kind hall region auditor form revision state document_sha256"
        " received_at completed_at score",
        id=UUID,
        visit=UUID,
        month=MONTH,
        form=FORM,
        revision=REVISION,
        state=AUDIT_STATE,
        document_sha256=HASH,
        received_at=INSTANT,
        completed_at=or_null(INSTANT),
        score=or_null(reference("Score")),
    ),
    "Score": record(
        "score_milli coverage_pct has_critical_failure",
        score_milli={**or_null(WHOLE), "description": "thousandths of a point"},
        coverage_pct=WHOLE,
        has_critical_failure={"type": "boolean"},
    ),
    "AuditPage": record(
        "audits next",
        audits=listed(reference("AuditLine"), maxItems=200),
        next={**or_null(TEXT), "description": "address of the next page"},
    ),
    "StoredAudit": {
        "allOf": [
            reference("AuditLine"),
            record(
                "receipt evidence document",
                receipt=or_null(TEXT),
                evidence=listed(reference("StoredEvidence")),
                document=reference("AuditDocument"),
            ),
        ]
    },
    "Job": record(
        "id kind state done total requested_at finished_at result",
        id=UUID,
        state={"type": "string", "enum": ["queued", "running", "done", "failed"]},
        done=WHOLE,
        total=WHOLE,
        requested_at=INSTANT,
        finished_at=or_null(INSTANT),
        result={**or_null(TEXT), "description": "address of what was made"},
    ),
    "StoredEvidence": record(
        "sha256 item source taken_at bytes type condition",
        sha256=HASH,
        item=or_null(TEXT),
        source=or_null(TEXT),
        taken_at=or_null(INSTANT),
        bytes=or_null(WHOLE),
        type=or_null(TEXT),
        condition={
            "type": "string",
            "enum": ["missing", "unchecked", "readable", "unreadable"],
        },
    ),
}
