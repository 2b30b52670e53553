"""The standard as files: taken along, and looked at before they count again."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.draft_life import DraftState
from auditapp.domain.errors import ConflictError, InvalidError, Problem
from auditapp.domain.month import month_of
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.standard_files.files import (
    ENDINGS,
    KINDS,
    MEDIA_TYPES,
    POLICY_KINDS,
    open_file,
    write_file,
)
from auditapp.gateways.standard_files.model import Origin, ReadStandard
from auditapp.gateways.standard_files.worker import LARGEST_FILE_BYTES
from auditapp.gateways.standard_files.xlsform_kept import not_kept
from auditapp.reads.standards import get_standard
from auditapp.services.drafts import get_draft
from auditapp.services.import_targets import Target, base_document, draft_target
from auditapp.services.standard_imports import (
    Choices,
    ComparedFile,
    compare,
    complete_items,
    examine,
    take_in,
)
from auditapp.services.standard_versions import POLICY, stored_version
from auditapp.web.addresses import plain
from auditapp.web.drafts import read_head
from auditapp.web.errors import status_of
from auditapp.web.file_preview import BETWEEN, preview_parts
from auditapp.web.import_payload import unpacked
from auditapp.web.language import choose_language
from auditapp.web.security import current_actor, requires
from auditapp.web.standards import READERS
from auditapp.web.texts import text as _
from auditapp.web.uploads import uploaded

bp = Blueprint("standard_files", __name__, url_prefix="/standards")

MOST_CONFLICTS = 500
NO_REASON = Text("请写一句理由。", "Say in a sentence why.")
_TOO_LARGE = Text(
    f"文件超过{LARGEST_FILE_BYTES // 2**20}MB，不像检查表。",
    f"The file is larger than {LARGEST_FILE_BYTES // 2**20} MB: no checklist is.",
)


@bp.get("/<subject>/versions/<version>.<any(xlsx, yaml, xlsform):kind>")
@requires(*READERS)
def version(subject: str, version: str, kind: str) -> Response:
    """Hand over a published version as a file."""
    with reading() as database:
        month = month_of(datetime.now(UTC))
        standard = get_standard(database, plain(subject) or "", month)
        found = stored_version(
            database, standard.kind, standard.subject, plain(version) or ""
        )
    vocabulary = json.loads(found[2]) if found[2] else {}
    origin = Origin(standard.subject, found[0])
    content = json.loads(found[1]), vocabulary
    return file_answer(kind, content, origin, f"{standard.subject}-{found[0]}")


@bp.get("/drafts/<uuid:draft_id>/file.<any(xlsx, yaml, xlsform):kind>")
@requires(*READERS)
def draft(draft_id: UUID, kind: str) -> Response:
    """Hand over a draft as a file that knows its revision."""
    with reading() as database:
        held = get_draft(database, draft_id)
    origin = Origin(held.subject, held.based_on, str(draft_id), held.revision)
    name = f"{held.subject}-{held.effective_month}-draft-{held.revision}"
    return file_answer(kind, (held.document, held.vocabulary), origin, name)


@bp.get("/drafts/<uuid:draft_id>/file")
@bp.get("/drafts/<uuid:draft_id>/import")  # a preview's address, which holds no file
@requires(*READERS)
def show(draft_id: UUID) -> str:
    """Offer a draft's files, and take one back."""
    return _draft_page(draft_id)


@bp.post("/drafts/<uuid:draft_id>/import")
@requires(Role.HEADQUARTERS)
def look(draft_id: UUID) -> ResponseReturnValue:
    """Show what a file would change in a draft, and what is wrong with it."""
    try:
        content = uploaded_standard()
        with reading() as database:
            target = draft_target(database, draft_id)
            found = examine(database, target, open_file(content))
            return _preview(
                database, draft_id, target, found
            ), 422 if found.hinders else 200
    except InvalidError as error:
        return _draft_page(draft_id, error.problems), status_of(error)


@bp.post("/drafts/<uuid:draft_id>/import/apply")
@requires(Role.HEADQUARTERS)
def apply(draft_id: UUID) -> ResponseReturnValue:
    """Take a file that was looked at into the draft."""
    try:
        read, choices = unpacked(request.form.get("payload", "")), choices_made()
        if not choices.reason:
            return _again(draft_id, read, NO_REASON), 422
        with unit_of_work() as database:
            take_in(
                database,
                current_actor(),
                draft_id,
                read,
                choices,
                now=datetime.now(UTC),
            )
    except InvalidError as error:
        return _draft_page(draft_id, error.problems), status_of(error)
    except ConflictError as error:
        return _again(draft_id, read, error.text), status_of(error)
    flash(_("Taken into the draft. Look at the changes once more."))
    return redirect(url_for("drafts.changes", draft_id=draft_id), 303)


def file_answer(
    kind: str,
    content: tuple[dict[str, Any], dict[str, Any]],
    origin: Origin,
    name: str,
) -> Response:
    """Return a document as a file to keep."""
    document, vocabulary = content
    if not vocabulary and kind not in POLICY_KINDS:
        abort(404)
    written, _kept = write_file(kind, document, vocabulary, origin, choose_language())
    response = Response(written, content_type=MEDIA_TYPES[kind])
    disposition = f'attachment; filename="{name}{ENDINGS[kind]}"'
    response.headers["Content-Disposition"] = disposition
    return response


def uploaded_standard() -> bytes:
    """Return the file that was sent.

    Raises:
        InvalidError: There is none, or it is too large.
    """
    return uploaded(LARGEST_FILE_BYTES, _TOO_LARGE)


def choices_made() -> Choices:
    """Return the reason that was typed and how conflicts were settled."""
    keep: dict[str, list[tuple[str, ...]]] = {"mine": [], "theirs": []}
    for index in range(MOST_CONFLICTS):
        written = request.form.get(f"place_{index}")
        if written is None:
            break
        chosen = keep.get(request.form.get(f"keep_{index}", ""))
        if chosen is not None:
            chosen.append(tuple(written.split(BETWEEN)))
    reason = (request.form.get("reason") or "").strip()
    return Choices(reason, tuple(keep["mine"]), tuple(keep["theirs"]))


def _draft_page(draft_id: UUID, problems: list[Problem] | None = None) -> str:
    with reading() as database:
        held = get_draft(database, draft_id)
    head = read_head(held)
    can_write = head["may_write"] and held.state is DraftState.OPEN
    is_policy = held.kind == POLICY
    return render_template(
        "standards/file.html",
        **head,
        problems=problems or [],
        can_write=can_write,
        kinds=POLICY_KINDS if is_policy else KINDS,
        kept=[] if is_policy else not_kept(complete_items(held.document)),
    )


def _preview(
    database: Any,  # noqa: ANN401 (a session; views know no more)
    draft_id: UUID,
    target: Target,
    found: ComparedFile,
    refused: Text | None = None,
) -> str:
    held = get_draft(database, draft_id)
    head = read_head(held)
    return render_template(
        "standards/import.html",
        **head,
        refused=refused,
        reason=request.form.get("reason", ""),
        can_write=head["may_write"] and held.state is DraftState.OPEN,
        **preview_parts(database, target, found),
    )


def _again(draft_id: UUID, read: ReadStandard, refused: Text) -> str:
    """Show the preview once more, of what the page carries."""
    with reading() as database:
        target = draft_target(database, draft_id)
        base = base_document(database, target, read.origin)
        found = compare(database, target, read, base)
        return _preview(database, draft_id, target, found, refused)
