"""One item of a draft: its fields, checked as they are typed; added, moved, removed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.draft_edits import with_item_moved, with_new_item, without_item
from auditapp.domain.errors import ConflictError, NotFoundError
from auditapp.domain.text import Text
from auditapp.domain.tier_matrix import item_of, with_item
from auditapp.domain.vocabulary import Vocabulary
from auditapp.extensions import reading, unit_of_work
from auditapp.services.draft_steps import problems_in
from auditapp.services.drafts import (
    Draft,
    DraftConflictError,
    Save,
    get_draft,
    get_revision,
    save_draft,
)
from auditapp.services.standard_versions import CHECKLIST
from auditapp.web import item_form
from auditapp.web.addresses import plain
from auditapp.web.drafts import read_head
from auditapp.web.errors import status_of
from auditapp.web.frame import in_language
from auditapp.web.security import current_actor, requires
from auditapp.web.standards import READERS
from auditapp.web.texts import text as _

bp = Blueprint(
    "draft_items", __name__, url_prefix="/standards/drafts/<uuid:draft_id>/items"
)

LONGEST_REASON = 500
STEPS = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True)
class Written:
    """A form as it was sent: what to save, faults by field, others, both versions."""

    save: Save
    faults: Mapping[str, list[str]]
    others: list[str]
    conflicts: list[dict[str, str]]

    @property
    def is_wrong(self) -> bool:
        """Whether something has to be put right first."""
        return bool(self.faults or self.others)


@bp.get("/<item_id>")
@requires(*READERS)
def show(draft_id: UUID, item_id: str) -> str:
    """Show an item's fields, to be changed while the draft is open."""
    with reading() as database:
        draft = _checklist_draft(database, draft_id)
    return page(draft, item_id)


@bp.post("/<item_id>")
@requires(Role.HEADQUARTERS)
def save(draft_id: UUID, item_id: str) -> ResponseReturnValue:
    """Save an item; what cannot be read or breaks a rule stays beside its field."""
    with reading() as database:
        draft = _checklist_draft(database, draft_id)
        written = _written(database, draft, item_id)
    if written.is_wrong:
        return page(draft, item_id, written), 422
    try:
        with unit_of_work() as database:
            save_draft(
                database, current_actor(), draft_id, written.save, now=datetime.now(UTC)
            )
    except DraftConflictError as error:
        words = Vocabulary.from_document(draft.vocabulary)
        lines = item_form.conflict_lines(error.conflicts, words)
        told = replace(written, others=[in_language(error.text)], conflicts=lines)
        return page(draft, item_id, told), status_of(error)
    except ConflictError as error:
        told = replace(written, others=[in_language(error.text)])
        return page(draft, item_id, told), status_of(error)
    flash(_("Saved in the draft."))
    return redirect(url_for(".show", draft_id=draft_id, item_id=item_id), 303)


@bp.post("/<item_id>/check")
@requires(Role.HEADQUARTERS)
def check(draft_id: UUID, item_id: str) -> dict[str, Any]:
    """Answer with the rules' sentences by field, for a form that is being typed."""
    with reading() as database:
        draft = _checklist_draft(database, draft_id)
        words = Vocabulary.from_document(draft.vocabulary)
        held = _item(draft.document, item_id)
        item, faults = item_form.read_item(held, request.form, words)
        document = with_item(draft.document, item)
        problems = problems_in(database, document, draft.vocabulary)
    by_field, others = item_form.faults_by_field(problems, document, item_id)
    return {"fields": {**by_field, **faults}, "others": others}


@bp.post("")
@requires(Role.HEADQUARTERS)
def add(draft_id: UUID) -> ResponseReturnValue:
    """Put a new item at the end of a section; its fields are filled in next."""
    item_id, section = (plain(request.form.get(n)) or "" for n in ("item", "into"))
    with reading() as database:
        draft = _checklist_draft(database, draft_id)
    if not item_id or item_of(draft.document, item_id):
        flash(_("Choose another id: this one is empty or used in the draft."))
        return redirect(url_for("matrix.draft", draft_id=draft_id), 303)
    item = {"id": item_id, "zh": item_id, "en": item_id, **_NEW}
    _keep(draft, with_new_item(draft.document, section, item), _("New item"))
    return redirect(url_for(".show", draft_id=draft_id, item_id=item_id), 303)


@bp.post("/<item_id>/remove")
@requires(Role.HEADQUARTERS)
def remove(draft_id: UUID, item_id: str) -> ResponseReturnValue:
    """Take an item out of the draft; its id stays its own for ever."""
    with reading() as database:
        draft = _checklist_draft(database, draft_id)
    _item(draft.document, item_id)
    _keep(draft, without_item(draft.document, item_id), _reason() or _("Removed"))
    flash(_("Removed from the draft. Versions that hold it keep it."))
    return redirect(url_for("matrix.draft", draft_id=draft_id), 303)


@bp.post("/<item_id>/move")
@requires(Role.HEADQUARTERS)
def move(draft_id: UUID, item_id: str) -> ResponseReturnValue:
    """Move an item one place up or down within its section."""
    by = STEPS.get(request.form.get("to", ""), 0)
    with reading() as database:
        draft = _checklist_draft(database, draft_id)
    _item(draft.document, item_id)
    _keep(draft, with_item_moved(draft.document, item_id, by), _("Moved"))
    return redirect(url_for(".show", draft_id=draft_id, item_id=item_id), 303)


def page(draft: Draft, item_id: str, written: Written | None = None) -> str:
    """Render an item's form with what was typed and what stood against it."""
    found = item_of(draft.document, item_id)
    if found is None:
        raise NotFoundError
    item, section = found
    head = read_head(draft)
    typed = request.form if written else None
    fields = item_form.fields_of(
        item,
        (section, draft.document),
        Vocabulary.from_document(draft.vocabulary),
        typed,
        written.faults if written else None,
    )
    return render_template(
        "standards/draft_item.html",
        **head,
        can_edit=head["may_write"] and head["is_open"],
        item=item,
        section=section,
        fields=fields,
        others=written.others if written else [],
        conflicts=written.conflicts if written else [],
        revision=request.form.get("revision") or draft.revision,
        reason=request.form.get("reason", ""),
    )


def _written(database: Any, draft: Draft, item_id: str) -> Written:  # noqa: ANN401
    """Return what the form says, to be saved, and what is wrong with it."""
    revision, start = _revision(draft), draft.document
    if revision != draft.revision:
        start = get_revision(database, draft.draft_id, revision)
    words = Vocabulary.from_document(draft.vocabulary)
    held = _item(start, item_id)
    item, faults = item_form.read_item(held, request.form, words)
    document = with_item(start, item)
    problems = problems_in(database, document, draft.vocabulary)
    by_field, others = item_form.faults_by_field(problems, document, item_id)
    if not _reason():
        others.append(in_language(_NO_REASON))
    keep, places = request.form.get("keep"), _places(item_id, {*item, *held})
    wanted = Save(
        document,
        revision,
        _reason(),
        keep_mine=places if keep == "mine" else (),
        keep_theirs=places if keep == "theirs" else (),
    )
    return Written(wanted, {**by_field, **faults}, others, [])


def _places(item_id: str, keys: set[str]) -> list[tuple[str, ...]]:
    return [("items", item_id, key) for key in keys]


_NEW = {
    "weight": 1,
    "quality": "hard",
    "rater": "tangibles",
    "cause": "support",
    "owner": "hall",
}


def _keep(draft: Draft, document: dict[str, Any], reason: str) -> None:
    save = Save(document, draft.revision, reason)
    with unit_of_work() as database:
        save_draft(
            database, current_actor(), draft.draft_id, save, now=datetime.now(UTC)
        )


def _item(document: Mapping[str, Any], item_id: str) -> dict[str, Any]:
    found = item_of(document, item_id)
    if found is None:
        raise NotFoundError
    return dict(found[0])


def _checklist_draft(database: Any, draft_id: UUID) -> Draft:  # noqa: ANN401
    draft = get_draft(database, draft_id)
    if draft.kind != CHECKLIST:
        raise NotFoundError
    return draft


def _revision(draft: Draft) -> int:
    written = request.form.get("revision", "")
    return int(written) if written.isdecimal() else draft.revision


def _reason() -> str:
    return (request.form.get("reason") or "").strip()[:LONGEST_REASON]


_NO_REASON = Text(
    "请写一句理由，以后的人会看到。",
    "Give a reason in a sentence; others will read it.",
)
