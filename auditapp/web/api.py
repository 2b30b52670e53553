"""Reading back: what headquarters' and regions' programs may fetch."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for

from auditapp.domain.actor import Role
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.intake import is_hash
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.storage import Storage, StorageMissingError, photo_key
from auditapp.reads.audits_readback import (
    PAGE_ROWS,
    AuditFilter,
    AuditLine,
    StoredEvidence,
    get_photo_type,
    get_stored_audit,
    list_audits,
)
from auditapp.reads.redactions import find_covered
from auditapp.services.redactions import note_original_seen
from auditapp.web.field_json import with_document, written
from auditapp.web.security import current_actor, requires

bp = Blueprint("api", __name__, url_prefix="/api/v1")

readers = requires(Role.HEADQUARTERS, Role.ADMIN, Role.REGION_MANAGER)
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}


@bp.get("/audits")
@readers
def index() -> dict[str, Any]:
    """Answer with a page of audits and the address of the next one."""
    wanted = read_filter()
    with reading() as session:
        lines = list_audits(session, current_actor(), wanted)
    following = None
    if len(lines) == PAGE_ROWS:
        arguments = request.args.to_dict() | {"after": str(lines[-1].audit_id)}
        following = f"{url_for('api.index')}?{urlencode(arguments)}"
    return {"audits": [line_json(line) for line in lines], "next": following}


@bp.get("/audits/<uuid:audit_id>")
@readers
def show(audit_id: UUID) -> Response:
    """Answer with one audit, its document exactly as stored."""
    with reading() as session:
        audit = get_stored_audit(session, current_actor(), audit_id)
    members = line_json(audit.line) | {
        "receipt": audit.receipt,
        "evidence": [evidence_json(photo) for photo in audit.evidence],
    }
    return with_document(members, audit.document)


@bp.get("/evidence/<sha256_hex>")
@readers
def photo(sha256_hex: str) -> Response:
    """Answer with a photo's original bytes, to be saved and never shown inline.

    Where parts of it are covered for others, that somebody fetched it is an event.
    """
    actor = current_actor()
    if not is_hash(sha256_hex):
        raise NotFoundError
    with reading() as session:
        media_type = get_photo_type(session, actor, sha256_hex)
        covered_in = find_covered(session, actor, sha256_hex)
    if covered_in is not None:
        with unit_of_work() as session:
            note_original_seen(
                session, actor, covered_in, sha256_hex, datetime.now(UTC)
            )
    storage: Storage = current_app.extensions["storage"]
    try:
        chunks = storage.chunks(photo_key(sha256_hex))
    except StorageMissingError as error:
        raise NotFoundError from error
    response = Response(chunks, mimetype=media_type)
    response.set_etag(sha256_hex)
    name = f"{sha256_hex}.{ENDINGS[media_type]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def read_filter() -> AuditFilter:
    """Read the query; 422 names every part that cannot be understood."""
    problems = []
    month, state, after = (
        request.args.get(name) for name in ("month", "state", "after")
    )
    if month and not MONTH.fullmatch(month):
        problems.append(
            bad_parameter(
                "month", Text("月份写成2026-11。", "Write a month as 2026-11.")
            )
        )
    if state and state not in {known.value for known in AuditState}:
        states = "、".join(known.value for known in AuditState)
        english = ", ".join(known.value for known in AuditState)
        problems.append(
            bad_parameter("state", Text(f"状态是{states}之一。", f"One of {english}."))
        )
    if after and not is_uuid(after):
        problems.append(
            bad_parameter(
                "after",
                Text("请用上一页给出的 next。", "Use the next of the page before."),
            )
        )
    if problems:
        raise InvalidError(problems)
    return AuditFilter(
        month or None,
        AuditState(state) if state else None,
        UUID(after) if after else None,
    )


def bad_parameter(name: str, text: Text) -> Problem:
    """Return what is wrong with one part of the query."""
    return Problem(f"/{name}", "bad-parameter", text)


def is_uuid(text: str) -> bool:
    """Tell whether a text names an audit."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def line_json(line: AuditLine) -> dict[str, Any]:
    """Return one audit as the wire writes it, without its document."""
    score = None
    if line.coverage_pct is not None:
        score = {
            "score_milli": line.score_milli,
            "coverage_pct": line.coverage_pct,
            "has_critical_failure": line.has_critical_failure,
        }
    return {
        "id": str(line.audit_id),
        "visit": str(line.visit_id),
        "month": line.month,
        "kind": line.kind,
        "hall": line.hall_id,
        "region": line.region_id,
        "auditor": line.auditor_code,
        "form": f"sha256:{line.form_digest}",
        "revision": line.revision,
        "state": line.state,
        "document_sha256": line.document_sha256,
        "received_at": written(line.received_at),
        "completed_at": written(line.completed_at) if line.completed_at else None,
        "score": score,
    }


def evidence_json(photo: StoredEvidence) -> dict[str, Any]:
    """Return one line of a manifest with what is stored of it."""
    return {
        "sha256": photo.sha256,
        "item": photo.item_id,
        "source": photo.source,
        "taken_at": written(photo.taken_at) if photo.taken_at else None,
        "bytes": photo.size_bytes,
        "type": photo.media_type,
        "condition": photo.condition,
    }
