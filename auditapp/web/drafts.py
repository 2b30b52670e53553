"""A draft on its way: what it changes, sent to a second person, approved or not."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.draft_life import DraftState
from auditapp.domain.errors import ConflictError, InvalidError, Problem
from auditapp.domain.month import later, month_of
from auditapp.domain.text import Text
from auditapp.domain.version_difference import version_difference
from auditapp.domain.vocabulary import Vocabulary
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.draft_history import RevisionLine, find_latest_save, list_revisions
from auditapp.reads.hall_sets import get_hall_sets, region_names
from auditapp.reads.standards import get_standard, person_names
from auditapp.reads.what_ifs import list_what_ifs
from auditapp.services.draft_bases import changes_of, take_in_newest
from auditapp.services.draft_steps import (
    approve_draft,
    authors_of,
    discard_draft,
    problems_of,
    send_back,
    set_effective_month,
    submit_draft,
)
from auditapp.services.drafts import Draft, get_draft
from auditapp.services.standard_versions import (
    POLICY,
    newest_version,
    version_document,
)
from auditapp.web import standard_words as words
from auditapp.web.addresses import plain
from auditapp.web.difference_page import advice_of, halls_asked_otherwise
from auditapp.web.errors import status_of
from auditapp.web.frame import month_name
from auditapp.web.security import current_actor, requires
from auditapp.web.standards import READERS
from auditapp.web.texts import text as _

SHOWN_WHAT_IFS = 3
BESIDE = timedelta(minutes=15)  # who saved since then is probably still at it

bp = Blueprint("drafts", __name__, url_prefix="/standards/drafts/<uuid:draft_id>")


@bp.get("/changes")
@requires(*READERS)
def changes(draft_id: UUID) -> str:
    """Show what a draft changes, who saved what and why, and what can be done."""
    return page(draft_id)


def page(
    draft_id: UUID,
    refused: Text | None = None,
    problems: list[Problem] | None = None,
    note: str = "",
) -> str:
    """Render the page, with what stood against the last step."""
    actor, now = current_actor(), datetime.now(UTC)
    with reading() as database:
        draft = get_draft(database, draft_id)
        standard = get_standard(database, draft.subject, month_of(now))
        base = version_document(database, draft.kind, draft.subject, draft.based_on)
        is_behind = newest_version(database, draft.kind, draft.subject)
        own = problems_of(database, draft)
        facts = _facts(database, draft, base, own)
        if problems is None and draft.state is DraftState.OPEN:
            problems = own
        revisions = list_revisions(database, draft_id)
        names = person_names(database, [draft.submitted_by, draft.decided_by])
        authors = authors_of(database, draft_id)
        what_ifs = list_what_ifs(database, draft_id)[:SHOWN_WHAT_IFS]
    return render_template(
        "standards/changes.html",
        **head_of(draft, revisions[0] if revisions else None),
        standard=standard,
        problems=problems or [],
        refused=refused,
        note=note,
        revisions=revisions,
        what_ifs=what_ifs,
        names=names,
        is_behind=draft.state is DraftState.OPEN and is_behind != draft.based_on,
        is_author=actor.person_id in authors,
        months=[later(month_of(now), count) for count in range(1, 7)],
        has_begun=draft.effective_month <= month_of(now),
        **facts,
    )


def head_of(draft: Draft, latest: RevisionLine | None) -> dict[str, Any]:
    """Return what the head of every page of a draft needs; ``latest`` is its save."""
    is_open, actor = draft.state is DraftState.OPEN, current_actor()
    since = datetime.now(UTC) - BESIDE
    is_beside = (
        is_open
        and latest is not None
        and latest.changed_by_id != actor.person_id
        and latest.changed_at >= since
    )
    return {
        "draft": draft,
        "other": latest if is_beside else None,
        "state": draft.state.value,
        "may_write": actor.acts_for_headquarters,
        "is_open": is_open,
        "is_policy": draft.kind == POLICY,
        "say": words,
    }


def read_head(draft: Draft) -> dict[str, Any]:
    """Return the head of a page that does not list the saves itself."""
    with reading() as database:
        latest = find_latest_save(database, draft.draft_id)
    return head_of(draft, latest)


@bp.post("/submit")
@requires(Role.HEADQUARTERS)
def submit(draft_id: UUID) -> ResponseReturnValue:
    """Hand the draft to a second person."""
    try:
        with unit_of_work() as database:
            submit_draft(database, current_actor(), draft_id, now=datetime.now(UTC))
    except InvalidError as error:
        return page(draft_id, error.text, error.problems), status_of(error)
    except ConflictError as error:
        return page(draft_id, error.text), status_of(error)
    flash(_("Submitted. Somebody else of headquarters decides now."))
    return _back(draft_id)


@bp.post("/approve")
@requires(Role.HEADQUARTERS)
def approve(draft_id: UUID) -> ResponseReturnValue:
    """Publish the draft for its month."""
    try:
        with unit_of_work() as database:
            version = approve_draft(
                database, current_actor(), draft_id, now=datetime.now(UTC)
            )
            draft = get_draft(database, draft_id)
    except (ConflictError, InvalidError) as error:
        return page(draft_id, error.text), status_of(error)
    month = month_name(draft.effective_month)
    told = _(
        "Version %(version)s holds from %(month)s on.", version=version, month=month
    )
    flash(told)
    return _back(draft_id)


@bp.post("/send-back")
@requires(Role.HEADQUARTERS)
def return_it(draft_id: UUID) -> ResponseReturnValue:
    """Give the draft back with a question."""
    note = (request.form.get("note") or "").strip()
    if not note:
        return page(draft_id, _NO_NOTE), 422
    try:
        with unit_of_work() as database:
            send_back(database, current_actor(), draft_id, note, now=datetime.now(UTC))
    except ConflictError as error:
        return page(draft_id, error.text, note=note), status_of(error)
    flash(_("Sent back with your question."))
    return _back(draft_id)


@bp.post("/discard")
@requires(Role.HEADQUARTERS)
def discard(draft_id: UUID) -> ResponseReturnValue:
    """Give the draft up; it stays readable."""
    try:
        with unit_of_work() as database:
            discard_draft(database, current_actor(), draft_id, now=datetime.now(UTC))
    except ConflictError as error:
        return page(draft_id, error.text), status_of(error)
    flash(_("Discarded. It stays readable here."))
    return _back(draft_id)


@bp.post("/month")
@requires(Role.HEADQUARTERS)
def set_month(draft_id: UUID) -> ResponseReturnValue:
    """Let the draft take effect in another month."""
    month = plain(request.form.get("month")) or ""
    try:
        with unit_of_work() as database:
            set_effective_month(
                database, current_actor(), draft_id, month, now=datetime.now(UTC)
            )
    except ConflictError as error:
        return page(draft_id, error.text), status_of(error)
    return _back(draft_id)


@bp.post("/take-in")
@requires(Role.HEADQUARTERS)
def take_in(draft_id: UUID) -> ResponseReturnValue:
    """Merge the version that was published meanwhile into the draft."""
    try:
        with unit_of_work() as database:
            take_in_newest(database, current_actor(), draft_id, now=datetime.now(UTC))
    except ConflictError as error:
        return page(draft_id, error.text), status_of(error)
    flash(_("The newer version is in the draft. Look at the changes once more."))
    return _back(draft_id)


_NO_NOTE = Text(
    "请写一句要对方改什么、为什么。",
    "Say in a sentence what should be changed and why.",
)


def _facts(
    database: Any,  # noqa: ANN401
    draft: Draft,
    base: dict[str, Any],
    problems: list[Problem],
) -> dict[str, Any]:
    """Return the difference to the version the draft is based on, and advice."""
    if draft.kind == POLICY:
        found = changes_of(database, draft)
        return {
            "policy_changes": [words.change_part(change) for change in found],
            "advice": [],
            "difference": None,
            "halls": None,
        }
    vocabulary = Vocabulary.from_document(draft.vocabulary)
    tiers, traits = tuple(vocabulary.tiers), tuple(vocabulary.traits)
    found_difference = version_difference(base, draft.document, tiers, traits)
    sets, regions = get_hall_sets(database), region_names(database)
    return {
        "advice": advice_of(draft, vocabulary, sets, problems),
        "difference": words.difference_parts(found_difference, vocabulary),
        "halls": halls_asked_otherwise(base, draft.document, sets, regions, vocabulary),
    }


def _back(draft_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("drafts.changes", draft_id=draft_id), 303)
