"""A draft begun from a file, once it was looked at."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import ConflictError, InvalidError, Problem
from auditapp.domain.month import later, month_of
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.standard_files.files import KINDS, POLICY_KINDS, open_file
from auditapp.gateways.standard_files.model import ReadStandard
from auditapp.gateways.standard_files.xlsform_kept import not_kept
from auditapp.reads.standards import Standard, get_standard
from auditapp.services.drafts import NewDraft
from auditapp.services.import_targets import Target, base_document, standard_target
from auditapp.services.standard_imports import (
    ComparedFile,
    begin_with,
    compare,
    complete_items,
    examine,
)
from auditapp.services.standard_versions import CHECKLIST
from auditapp.web import standard_words as words
from auditapp.web.addresses import plain
from auditapp.web.errors import status_of
from auditapp.web.file_preview import preview_parts
from auditapp.web.import_payload import unpacked
from auditapp.web.security import current_actor, requires
from auditapp.web.standard_files import NO_REASON, choices_made, uploaded_standard
from auditapp.web.standards import READERS
from auditapp.web.texts import text as _

bp = Blueprint("draft_from_file", __name__, url_prefix="/standards")
MONTHS_AHEAD = 6


@bp.get("/<subject>/import")
@requires(*READERS)
def show(subject: str) -> str:
    """Offer every version as files, and take one to begin a draft from."""
    return _page(subject)


@bp.post("/<subject>/import")
@requires(Role.HEADQUARTERS)
def look(subject: str) -> ResponseReturnValue:
    """Show what a file would change in the newest version."""
    try:
        content = uploaded_standard()
        with reading() as database:
            standard = _standard(database, subject)
            target = standard_target(database, standard.kind, standard.subject)
            found = examine(database, target, open_file(content))
            page = _preview(database, standard, target, found)
    except InvalidError as error:
        return _page(subject, error.problems), status_of(error)
    return page, 422 if found.hinders else 200


@bp.post("/<subject>/import/begin")
@requires(Role.HEADQUARTERS)
def begin(subject: str) -> ResponseReturnValue:
    """Begin a draft with what a file changes."""
    try:
        read, choices = unpacked(request.form.get("payload", "")), choices_made()
        if not choices.reason:
            return _again(subject, read, NO_REASON), 422
        with unit_of_work() as database:
            standard = _standard(database, subject)
            wanted = NewDraft(
                standard.kind,
                standard.subject,
                title=(request.form.get("title") or "").strip(),
                effective_month=plain(request.form.get("month")),
            )
            draft_id = begin_with(
                database,
                current_actor(),
                wanted,
                read,
                choices,
                now=datetime.now(UTC),
            )
    except InvalidError as error:
        return _page(subject, error.problems), status_of(error)
    except ConflictError as error:
        return _again(subject, read, error.text), status_of(error)
    flash(_("The draft is begun. Nothing changes until a second person approves it."))
    return redirect(url_for("drafts.changes", draft_id=draft_id), 303)


def _standard(database: Any, subject: str) -> Standard:  # noqa: ANN401
    month = month_of(datetime.now(UTC))
    return get_standard(database, plain(subject) or "", month)


def _page(subject: str, problems: list[Problem] | None = None) -> str:
    with reading() as database:
        standard = _standard(database, subject)
        target = standard_target(database, standard.kind, standard.subject)
    is_checklist = standard.kind == CHECKLIST
    return render_template(
        "standards/files.html",
        standard=standard,
        problems=problems or [],
        may_write=current_actor().acts_for_headquarters,
        kinds=KINDS if is_checklist else POLICY_KINDS,
        kept=not_kept(complete_items(target.current)) if is_checklist else [],
        say=words,
    )


def _preview(
    database: Any,  # noqa: ANN401
    standard: Standard,
    target: Target,
    found: ComparedFile,
    refused: Text | None = None,
) -> str:
    month = month_of(datetime.now(UTC))
    return render_template(
        "standards/import_new.html",
        standard=standard,
        refused=refused,
        reason=request.form.get("reason", ""),
        title=request.form.get("title", ""),
        chosen=request.form.get("month", ""),
        months=[later(month, count) for count in range(1, MONTHS_AHEAD + 1)],
        can_write=current_actor().acts_for_headquarters,
        say=words,
        **preview_parts(database, target, found),
    )


def _again(subject: str, read: ReadStandard, refused: Text) -> str:
    """Show the preview once more, of what the page carries."""
    with reading() as database:
        standard = _standard(database, subject)
        target = standard_target(database, standard.kind, standard.subject)
        base = base_document(database, target, read.origin)
        found = compare(database, target, read, base)
        return _preview(database, standard, target, found, refused)
