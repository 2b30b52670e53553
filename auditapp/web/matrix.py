"""The tier matrix: what is asked where, looked at and changed cell by cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import ConflictError, NotFoundError
from auditapp.domain.item_signs import ItemHealth
from auditapp.domain.month import month_of
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.draft_history import list_item_history
from auditapp.reads.hall_sets import get_hall_sets, hall_names
from auditapp.reads.relevance import item_health
from auditapp.reads.standards import get_version_asked
from auditapp.services.drafts import (
    Draft,
    DraftConflictError,
    Save,
    get_draft,
    get_revision,
    save_draft,
)
from auditapp.services.standard_versions import CHECKLIST, version_document
from auditapp.web import standard_words as words
from auditapp.web.addresses import plain
from auditapp.web.cell_panel import CellChoice, cell_panel, read_choice
from auditapp.web.drafts import read_head
from auditapp.web.errors import status_of
from auditapp.web.matrix_page import MatrixFilter, matrix_part, split_part
from auditapp.web.security import current_actor, requires
from auditapp.web.standards import READERS
from auditapp.web.texts import text as _

bp = Blueprint("matrix", __name__, url_prefix="/standards")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: a document, what it is compared with, the words in use."""

    subject: str
    document: Mapping[str, Any]
    base: Mapping[str, Any]
    words: Vocabulary
    draft_id: UUID | None
    health: Mapping[str, ItemHealth]


@bp.get("/<checklist_id>/matrix")
@requires(*READERS)
def show(checklist_id: str) -> str:
    """Show the matrix of a published version, the one in force unless asked."""
    month = month_of(datetime.now(UTC))
    with reading() as database:
        standard, content = get_version_asked(
            database,
            plain(checklist_id) or "",
            month,
            plain(request.args.get("version")),
        )
        shown = Shown(
            standard.subject,
            content.document,
            content.document,
            content.words,
            None,
            item_health(database, standard.subject),
        )
        panel = _panel(database, shown)
    facts = {
        "standard": standard,
        "version": content,
        "address": url_for(".show", checklist_id=standard.subject),
        "form_address": url_for(
            "hall_forms.of_version",
            checklist_id=standard.subject,
            version=content.version,
        ),
        "query": {"version": content.version},
    }
    return _page("standards/matrix.html", shown, panel, facts)


@bp.get("/drafts/<uuid:draft_id>")
@requires(*READERS)
def draft(draft_id: UUID) -> str:
    """Show a draft's matrix, changed cells marked."""
    return draft_page(draft_id)


@bp.post("/drafts/<uuid:draft_id>/cell")
@requires(Role.HEADQUARTERS)
def set_cell(draft_id: UUID) -> ResponseReturnValue:
    """Change one cell, with the reason."""
    actor, choice = current_actor(), read_choice(request.form)
    with reading() as database:
        held = get_draft(database, draft_id)
    vocabulary = Vocabulary.from_document(held.vocabulary)
    if choice.fault:
        return draft_page(draft_id, choice, choice.fault), 422
    revision = int(choice.revision) if choice.revision.isdecimal() else held.revision
    try:
        with unit_of_work() as database:
            start = _document_at(database, held, revision)
            document = choice.applied(start, tuple(vocabulary.tiers))
            place = [("items", choice.item_id, key) for key in ("applies", "overrides")]
            save = Save(
                document,
                revision,
                choice.reason,
                keep_mine=place if choice.keep == "mine" else (),
                keep_theirs=place if choice.keep == "theirs" else (),
            )
            saved = save_draft(database, actor, draft_id, save, now=datetime.now(UTC))
    except DraftConflictError as error:
        choice = choice.against(error, words.change_part)
        return draft_page(draft_id, choice, error.text), status_of(error)
    except ConflictError as error:
        return draft_page(draft_id, choice, error.text), status_of(error)
    if saved.is_merged:
        flash(_("Saved together with what somebody else changed meanwhile."))
    else:
        flash(_("Saved in the draft."))
    address = url_for(
        "matrix.draft",
        draft_id=draft_id,
        item=choice.item_id,
        at=choice.at,
        _anchor="panel",
    )
    return redirect(address, 303)


def draft_page(
    draft_id: UUID, choice: CellChoice | None = None, refused: Text | None = None
) -> str:
    """Render a draft's matrix, with what was typed and what stood against it."""
    with reading() as database:
        held = get_draft(database, draft_id)
        if held.kind != CHECKLIST:
            raise NotFoundError
        base = version_document(database, held.kind, held.subject, held.based_on)
        vocabulary = Vocabulary.from_document(held.vocabulary)
        health = item_health(database, held.subject)
        shown = Shown(held.subject, held.document, base, vocabulary, draft_id, health)
        panel = _panel(database, shown, choice)
    head = read_head(held)
    facts = {
        **head,
        "can_edit": head["may_write"] and head["is_open"],
        "choice": choice,
        "refused": refused,
        "address": url_for("matrix.draft", draft_id=draft_id),
        "form_address": url_for("hall_forms.of_draft", draft_id=draft_id),
        "query": {},
    }
    return _page("standards/matrix_draft.html", shown, panel, facts)


def _page(
    template: str, shown: Shown, panel: Mapping[str, Any] | None, facts: dict[str, Any]
) -> str:
    wanted = MatrixFilter.from_request(request.args)
    # the panel alone, for a page that has the matrix already
    if request.args.get("part") == "panel":
        template = "standards/_panel.html"
    return render_template(
        template,
        **{"can_edit": False, "choice": None, "refused": None, "say": words, **facts},
        matrix=matrix_part(
            shown.document, shown.base, shown.words, wanted, shown.health
        ),
        split=split_part(shown.document, shown.words),
        panel=panel,
        wanted=wanted,
        vocabulary=shown.words,
        shown=shown,
    )


def _panel(
    database: Any,  # noqa: ANN401
    shown: Shown,
    choice: CellChoice | None = None,
) -> dict[str, Any] | None:
    """Return the panel of the cell that is asked for; None when there is none."""
    item_id = choice.item_id if choice else plain(request.args.get("item"))
    at = choice.at if choice else plain(request.args.get("at"))
    if not item_id or not at:
        return None
    sets = get_hall_sets(database)
    panel = cell_panel(shown.document, shown.base, shown.words, (item_id, at), sets)
    if panel is None:
        return None
    names = hall_names(database, panel["hall_ids"])
    history = list_item_history(database, shown.subject, item_id, shown.draft_id)
    return {**panel, "names": names, "history": history}


def _document_at(database: Any, held: Draft, revision: int) -> dict[str, Any]:  # noqa: ANN401
    """Return the draft as the person saw it, so that merging starts from there."""
    if revision == held.revision:
        return held.document
    return get_revision(database, held.draft_id, revision)
