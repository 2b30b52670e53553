"""“This does not suit us because …”: a hall asks, headquarters answers."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError
from auditapp.domain.month import month_of
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.hall_requests import list_of_checklist, list_of_hall
from auditapp.reads.standards import get_version_asked
from auditapp.services import hall_requests
from auditapp.web.addresses import plain
from auditapp.web.errors import fault_of, status_of
from auditapp.web.security import current_actor, requires
from auditapp.web.standard_words import word_name
from auditapp.web.standards import READERS
from auditapp.web.texts import text as _

bp = Blueprint("hall_requests", __name__)


@bp.get("/requests")
@requires(Role.HALL_MANAGER)
def mine() -> str:
    """List what the own hall asked and what was answered."""
    with reading() as database:
        lines = list_of_hall(database, current_actor().hall_id or "")
        names = get_catalogue(database).names
    return render_template("hall_requests/mine.html", lines=lines, names=names)


@bp.get("/requests/new/<item_id>")
@requires(Role.HALL_MANAGER)
def ask(item_id: str) -> str:
    """Ask for the reason."""
    return ask_page(item_id)


def ask_page(item_id: str, reason: str = "", fault: Text | None = None) -> str:
    """Render the form with what was written and what stands against it.

    Raises:
        NotFoundError: There is no such item.
    """
    with reading() as database:
        name = get_catalogue(database).names.get(plain(item_id) or "")
    if name is None:
        raise NotFoundError
    return render_template(
        "hall_requests/ask.html",
        item_id=item_id,
        name=name,
        reason=reason,
        fault=fault,
        longest=hall_requests.LONGEST_WORDS,
    )


@bp.post("/requests/new/<item_id>")
@requires(Role.HALL_MANAGER)
def send(item_id: str) -> ResponseReturnValue:
    """Keep the hall's reason for headquarters."""
    reason = request.form.get("reason") or ""
    try:
        with unit_of_work() as database:
            hall_requests.request_change(
                database,
                current_actor(),
                plain(item_id) or "",
                reason,
                now=datetime.now(UTC),
            )
    except (ConflictError, InvalidError) as error:
        return ask_page(item_id, reason, fault_of(error)), status_of(error)
    flash(_("Sent to headquarters. The item stays as it is until they answer."))
    return redirect(url_for(".mine"), 303)


@bp.get("/standards/<checklist_id>/requests")
@requires(*READERS)
def of_standard(checklist_id: str) -> str:
    """List what halls ask about a checklist."""
    return standard_page(checklist_id)


def standard_page(
    checklist_id: str,
    *,
    wrong: UUID | None = None,
    answer: str = "",
    fault: Text | None = None,
) -> str:
    """Render the list; ``wrong`` is the request whose answer was not taken."""
    month = month_of(datetime.now(UTC))
    with reading() as database:
        content = get_version_asked(database, plain(checklist_id) or "", month)[1]
        lines = list_of_checklist(database, content.document["id"])
        names = get_catalogue(database).names
    return render_template(
        "hall_requests/of_standard.html",
        checklist_id=content.document["id"],
        document=content.document,
        lines=lines,
        names=names,
        tier_name=lambda tier: word_name(content.words.tiers, tier),
        wrong=wrong,
        answer=answer,
        fault=fault,
        longest=hall_requests.LONGEST_WORDS,
        may_write=current_actor().acts_for_headquarters,
    )


@bp.post("/standards/<checklist_id>/requests/<uuid:request_id>")
@requires(Role.HEADQUARTERS)
def reply(checklist_id: str, request_id: UUID) -> ResponseReturnValue:
    """Answer a hall."""
    answer = request.form.get("answer") or ""
    try:
        with unit_of_work() as database:
            hall_requests.answer_request(
                database, current_actor(), request_id, answer, now=datetime.now(UTC)
            )
    except (ConflictError, InvalidError) as error:
        page = standard_page(
            checklist_id, wrong=request_id, answer=answer, fault=fault_of(error)
        )
        return page, status_of(error)
    flash(_("Answered. The hall reads it on its first page."))
    return redirect(url_for(".of_standard", checklist_id=checklist_id), 303)
