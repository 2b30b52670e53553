"""What customers care about, how items fare, and what that suggests."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Role
from auditapp.domain.errors import ConflictError, InvalidError, NotFoundError
from auditapp.domain.month import month_of
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.appeal_rates import count_appealed
from auditapp.reads.hall_requests import count_votes, list_of_checklist
from auditapp.reads.relevance import (
    item_health,
    item_history,
    list_effects,
    list_proposals,
)
from auditapp.reads.standards import VersionContent, get_version_asked
from auditapp.services.item_proposals import accept_proposal, decline_proposal
from auditapp.web import relevance_page as parts
from auditapp.web import standard_words as words
from auditapp.web.addresses import plain
from auditapp.web.errors import fault_of, status_of
from auditapp.web.item_trend import draw_shares
from auditapp.web.security import current_actor, requires
from auditapp.web.standards import READERS
from auditapp.web.texts import text as _

bp = Blueprint("relevance", __name__, url_prefix="/standards/<checklist_id>")


@bp.get("/relevance")
@requires(*READERS)
def show(checklist_id: str) -> str:
    """Show proposals, effects and the record of every item."""
    return page(checklist_id)


def page(checklist_id: str, refused: Text | None = None) -> str:
    """Render the page, with what stood against the last decision."""
    with reading() as database:
        content = _in_force(database, checklist_id)
        own = content.document["id"]
        effects = list_effects(database, own)
        proposals = list_proposals(database, own)
        records = item_health(database, own)
        votes = count_votes(database, own)
        appealed = count_appealed(database)
    wanted = parts.EffectFilter(
        plain(request.args.get("tier")) or "", plain(request.args.get("trait")) or ""
    )
    shown = wanted.chosen(effects)
    return render_template(
        "standards/relevance.html",
        checklist_id=own,
        document=content.document,
        proposals=[parts.proposal_part(each, content, votes) for each in proposals],
        asking=sum(votes.values()),
        effects=[parts.effect_part(each, content) for each in shown],
        dots=parts.scatter(shown, content),
        wanted=wanted,
        options=parts.place_options(effects, content),
        records=parts.record_parts(records, appealed, content),
        refused=refused,
        may_write=current_actor().acts_for_headquarters,
    )


@bp.get("/items/<item_id>")
@requires(*READERS)
def item(checklist_id: str, item_id: str) -> str:
    """Show how one item fared, month by month and tier by tier."""
    with reading() as database:
        content = _in_force(database, checklist_id)
        own = content.document["id"]
        history = item_history(database, own, plain(item_id) or "")
        effects = [e for e in list_effects(database, own) if e.item_id == item_id]
        requests = list_of_checklist(database, own, item_id)
        appealed = count_appealed(database, item_id)
    name = parts.item_names(content).get(item_id)
    if name is None:
        raise NotFoundError
    months = parts.months_of(history)
    return render_template(
        "standards/item.html",
        checklist_id=own,
        document=content.document,
        name=name,
        months=parts.month_parts(months, appealed),
        trend=draw_shares(months),
        tiers=parts.tier_parts(history, appealed, content),
        effects=[parts.effect_part(each, content) for each in effects],
        requests=requests,
        say=words,
    )


@bp.post("/proposals/<uuid:proposal_id>/accept")
@requires(Role.HEADQUARTERS)
def accept(checklist_id: str, proposal_id: UUID) -> ResponseReturnValue:
    """Begin a draft that does what is proposed."""
    title = (request.form.get("title") or "").strip()
    try:
        with unit_of_work() as database:
            made = accept_proposal(
                database, current_actor(), proposal_id, title, now=datetime.now(UTC)
            )
    except ConflictError as error:
        return page(checklist_id, error.text), status_of(error)
    draft_id = made.draft_id
    if made.item_to_write:
        flash(_("A draft is begun. Say more clearly what is asked and what passes."))
        item = made.item_to_write
        return redirect(
            url_for("draft_items.show", draft_id=draft_id, item_id=item), 303
        )
    flash(_("A draft does what is proposed. Try it on past months, then submit it."))
    return redirect(url_for("what_ifs.index", draft_id=draft_id), 303)


@bp.post("/proposals/<uuid:proposal_id>/decline")
@requires(Role.HEADQUARTERS)
def decline(checklist_id: str, proposal_id: UUID) -> ResponseReturnValue:
    """Decline a proposal with a reason."""
    reason = request.form.get("reason") or ""
    try:
        with unit_of_work() as database:
            decline_proposal(
                database, current_actor(), proposal_id, reason, now=datetime.now(UTC)
            )
    except (InvalidError, ConflictError) as error:
        return page(checklist_id, fault_of(error)), status_of(error)
    flash(_("Declined. It may be proposed again in six months."))
    return redirect(url_for(".show", checklist_id=checklist_id), 303)


def _in_force(database: Any, checklist_id: str) -> VersionContent:  # noqa: ANN401
    month = month_of(datetime.now(UTC))
    return get_version_asked(database, plain(checklist_id) or "", month)[1]
