"""What each request of the interface does, as OpenAPI 3.1 says it."""

from typing import Any

from auditapp.domain.audit_parts import PICTURE_TYPES
from auditapp.web.openapi_schemas import (
    AUDIT_STATE,
    HASH,
    MONTH,
    TEXT,
    UUID,
    Schema,
    reference,
)

PROBLEMS = {
    "400": "The body is not sound JSON, or the CSRF token is missing or old.",
    "401": "Nobody is signed in, or the token was revoked.",
    "403": "The person's role does not do this.",
    "404": "There is no such thing, or not for this person.",
    "409": "Another revision, another phone or a closed audit stands against it.",
    "411": "The request does not say how long it is.",
    "413": "Too large.",
    "415": "Not of an accepted kind, by its type or its first bytes.",
    "422": "Something needs correcting; errors names every place.",
    "503": "The database or the storage is busy or away; nothing is lost.",
    "507": "The server's disk is full.",
}
RETRY_AFTER = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
}
READING = ("401", "403", "404", "503")
WRITING = ("400", "401", "403", "404", "411", "413", "415", "422", "503", "507")


def parameter(place: str, name: str, schema: Schema, description: str) -> Schema:
    """Describe a part of the address, the query or the headers."""
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": description,
        "schema": schema,
    }


def answer(description: str, content: Schema | None = None, **headers: str) -> Schema:
    """Describe an answer; headers as name=description with _ for -."""
    described: Schema = {"description": description}
    if content is not None:
        described["content"] = content
    if headers:
        described["headers"] = {
            name.replace("_", "-"): {"description": text, "schema": TEXT}
            for name, text in headers.items()
        }
    return described


def json_of(name: str) -> Schema:
    """Describe JSON content of a named shape."""
    return {"application/json": {"schema": reference(name)}}


def operation(
    name: str,
    summary: str,
    answers: Schema,
    refusals: tuple[str, ...],
    **more: Any,  # noqa: ANN401
) -> Schema:
    """Describe what one request does; refusals are problem details."""
    refused = {
        status: {
            "description": PROBLEMS[status],
            "content": {"application/problem+json": {"schema": reference("Problem")}},
            **({"headers": RETRY_AFTER} if status == "503" else {}),
        }
        for status in refusals
    }
    return {
        "operationId": name,
        "summary": summary,
        "responses": {**answers, **refused},
        **more,
    }


SHA256 = parameter("path", "sha256_hex", HASH, "The photo's name.")
AUDIT_ID = parameter("path", "audit_id", UUID, "The audit's id, made by the phone.")
CSRF = parameter(
    "header", "X-CSRFToken", TEXT, "Needed with the session cookie, not with a token."
)
IF_NONE_MATCH = parameter("header", "If-None-Match", TEXT, "The ETag of a kept copy.")
PICTURE = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in PICTURE_TYPES
}
FIELD, READ_BACK = ["The phone"], ["Reading back"]

PATHS: Schema = {
    "/field/bundle": {
        "get": operation(
            "getBundle",
            "All that this auditor needs offline.",
            {
                "200": answer(
                    "The bundle.",
                    json_of("Bundle"),
                    ETag="Changes with anything but the server's time.",
                    X_CSRFToken="To be sent with every change made with the cookie.",
                ),
                "304": answer("Nothing has changed."),
            },
            ("401", "403", "503"),
            tags=FIELD,
            parameters=[IF_NONE_MATCH],
        )
    },
    "/field/forms/{digest}": {
        "get": operation(
            "getForm",
            "One resolved form; it never changes.",
            {
                "200": answer(
                    "The canonical JSON.",
                    json_of("Form"),
                    ETag="The digest.",
                    Cache_Control="immutable",
                ),
                "304": answer("It never changes."),
            },
            READING,
            tags=FIELD,
            parameters=[
                parameter("path", "digest", TEXT, "With or without sha256: before it."),
                IF_NONE_MATCH,
            ],
        )
    },
    "/field/evidence/{sha256_hex}": {
        "head": operation(
            "hasEvidence",
            "Whether this auditor has sent a photo.",
            {"200": answer("Yes.")},
            READING,
            tags=FIELD,
            parameters=[SHA256],
        ),
        "put": operation(
            "putEvidence",
            "Store a photo under its hash; durable once answered. At most 12 MiB.",
            {
                "201": answer("Stored.", json_of("StoredPhoto")),
                "200": answer(
                    "This auditor had sent it already.", json_of("StoredPhoto")
                ),
            },
            WRITING,
            tags=FIELD,
            parameters=[SHA256, CSRF],
            requestBody={"required": True, "content": PICTURE},
        ),
    },
    "/field/audits/{audit_id}": {
        "put": operation(
            "putAudit",
            "Mirror a draft or hand in a final audit. A final one with gaps is answered"
            " 422 and kept as a draft all the same.",
            {
                "201": answer("Taken in, the first document of it.", json_of("Audit")),
                "200": answer("Taken in, or known already.", json_of("Audit")),
            },
            (*WRITING, "409"),
            tags=FIELD,
            parameters=[AUDIT_ID, CSRF],
            requestBody={"required": True, "content": json_of("AuditDocument")},
        ),
        "get": operation(
            "getAudit",
            "The server's copy, for a new phone.",
            {"200": answer("The latest document held.", json_of("AuditWithDocument"))},
            READING,
            tags=FIELD,
            parameters=[AUDIT_ID],
        ),
    },
    "/field/rescue": {
        "post": operation(
            "postRescue",
            "Take in a rescue file: a zip of audit.json and evidence/<sha256>.jpg.",
            {"200": answer("What was taken in.", json_of("Rescued"))},
            ("400", "401", "403", "404", "409", "411", "413", "422", "503", "507"),
            tags=FIELD,
            parameters=[CSRF],
            requestBody={
                "required": True,
                "content": {
                    "application/zip": {
                        "schema": {"type": "string", "format": "binary"}
                    }
                },
            },
        )
    },
    "/audits": {
        "get": operation(
            "listAudits",
            "Pages of 200 audits in the order of their ids.",
            {"200": answer("One page.", json_of("AuditPage"))},
            ("401", "403", "422", "503"),
            tags=READ_BACK,
            parameters=[
                parameter("query", "month", MONTH, "Only visits of this month."),
                parameter("query", "state", AUDIT_STATE, "Only audits in this state."),
                parameter("query", "after", UUID, "Start behind this audit."),
            ],
        )
    },
    "/audits/{audit_id}": {
        "get": operation(
            "getStoredAudit",
            "One audit, its document byte for byte as the phone sent it.",
            {"200": answer("The audit.", json_of("StoredAudit"))},
            READING,
            tags=READ_BACK,
            parameters=[AUDIT_ID],
        )
    },
    "/evidence/{sha256_hex}": {
        "get": operation(
            "getEvidence",
            "A photo's original bytes, as an attachment; they may be anything.",
            {
                "200": answer(
                    "The bytes.",
                    PICTURE,
                    ETag="The hash.",
                    Content_Disposition="attachment",
                    Content_Security_Policy="sandbox",
                )
            },
            READING,
            tags=READ_BACK,
            parameters=[SHA256],
        )
    },
    "/months/{month}/halls/{hall_id}": {
        "get": operation(
            "getHallMonth",
            "A hall's month as its ledger document: every input, weight and point lost."
            " official.milli and the lines' lost_milli are 100,000 together.",
            {"200": answer("The document.", json_of("HallMonth"))},
            READING,
            tags=READ_BACK,
            parameters=[
                parameter("path", "month", MONTH, "The month."),
                parameter("path", "hall_id", TEXT, "The hall's number."),
            ],
        )
    },
    "/jobs/{job_id}": {
        "get": operation(
            "getJob",
            "How far a job is that this person asked for.",
            {"200": answer("The job.", json_of("Job"))},
            READING,
            tags=READ_BACK,
            parameters=[parameter("path", "job_id", UUID, "The job's id.")],
        )
    },
    "/openapi.json": {
        "get": operation(
            "getOpenApi",
            "This description.",
            {
                "200": answer(
                    "OpenAPI 3.1.", {"application/json": {"schema": {"type": "object"}}}
                )
            },
            (),
            tags=["About"],
            security=[],
        )
    },
    "/docs": {
        "get": operation(
            "getDocs",
            "This description as a page.",
            {"200": answer("A page.", {"text/html": {"schema": TEXT}})},
            (),
            tags=["About"],
            security=[],
        )
    },
}
